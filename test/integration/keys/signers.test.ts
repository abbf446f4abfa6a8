import { type Hex, parseTransaction, recoverTransactionAddress, verifyMessage, verifyTypedData } from 'viem';
import { generatePrivateKey, privateKeyToAddress, sign } from 'viem/accounts';
import { AwsKms } from '../../../chains/signers/aws-kms';
import { kmsAccount } from '../../../chains/signers/kms-account';
import { kmsAliasArn } from '../../../domain/signing/kms-alias';
import type { SigningKeyId, TenantId } from '../../../schema/ids';
import { KmsStandIn } from '../../support/kms-stand-in';
import { CHAIN_ID, ETHER, TransactionHarness } from '../transactions/harness';

const PLACE = { awsAccountId: '111122223333', region: 'eu-central-1', aliasName: 'minter' } as const;
const TRANSFER = { type: 'eip1559', chainId: 31337, to: `0x${'11'.repeat(20)}`, gas: 21_000n } as const;

let h: TransactionHarness;
let standIn: KmsStandIn;
let kms: AwsKms;

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'for the stand-in only';
  [h, standIn] = await Promise.all([TransactionHarness.start(), KmsStandIn.start()]);
  kms = new AwsKms({ endpoint: standIn.url, timeoutMs: 1_500 });
});
afterAll(() => Promise.all([h.stop(), standIn.stop()]));
afterEach(() => {
  standIn.refusals.clear();
  expect(standIn.faults).toEqual([]);
});

const signers = () => h.signers(kms);
const service = () => h.signingKeys(kms);
const manager = () => h.manager({}, signers());

async function funded(address: Hex): Promise<void> {
  await h.chain.setBalance({ address, value: ETHER });
}

/** Ways in which a tenant brings a key, each with the account that the key has. */
const WAYS = {
  'a private key': async (tenantId: TenantId) => {
    const privateKey = generatePrivateKey();
    const { id } = await service().import(tenantId, { label: 'minter', privateKey });
    return { id, address: privateKeyToAddress(privateKey) };
  },
  'a key in AWS KMS': async (tenantId: TenantId) => {
    const privateKey = generatePrivateKey();
    standIn.put(kmsAliasArn(tenantId, PLACE), privateKey);
    const { id } = await service().useKms(tenantId, { label: 'minter', ...PLACE });
    return { id, address: privateKeyToAddress(privateKey) };
  },
};

const use = (tenantId: TenantId, signingKeyId: SigningKeyId | null) =>
  service().use(tenantId, { signingKeyId, chainIds: null, leaveRoles: false });

// The contract of every signer: the same tests for each.
describe.each(Object.entries(WAYS))('%s', (_, bring) => {
  test('signs transactions, messages and typed data that recover to its address, with s in the lower half', async () => {
    const { tenantId } = await h.tenant();
    const { id, address } = await bring(tenantId);
    await use(tenantId, id);
    const account = await signers().accountFor(tenantId, CHAIN_ID);
    expect(account.address).toBe(address);

    for (let nonce = 0; nonce < 6; nonce += 1) {
      const serializedTransaction = await account.signTransaction({ ...TRANSFER, nonce });
      expect(
        await recoverTransactionAddress({ serializedTransaction: serializedTransaction as `0x02${string}` }),
      ).toBe(address);
      expect(BigInt(parseTransaction(serializedTransaction).s ?? 0)).toBeLessThan(2n ** 255n);
    }
    const signature = await account.signMessage({ message: 'hello' });
    expect(await verifyMessage({ address, message: 'hello', signature })).toBe(true);
    const typed = {
      domain: { name: 'test', chainId: 1 },
      types: { Note: [{ name: 'text', type: 'string' }] },
      primaryType: 'Note',
      message: { text: 'hello' },
    } as const;
    expect(await verifyTypedData({ address, ...typed, signature: await account.signTypedData(typed) })).toBe(
      true,
    );
  });

  test('sends transactions that the chain takes, each once', async () => {
    const { tenantId } = await h.tenant();
    const { id, address } = await bring(tenantId);
    await use(tenantId, id);
    await funded(address);
    const before = await h.paid();
    const keys = Array.from({ length: 4 }, (_, index) => `by a brought key ${index}`);
    const sent = await Promise.all(keys.map((key) => manager().submit(h.payment(tenantId, key))));
    expect(sent.map(({ from }) => from)).toEqual(keys.map(() => address));
    await h.settle(manager());
    expect(await h.paid()).toBe(before + keys.length);
    expect(await h.chain.getTransactionCount({ address })).toBe(keys.length);
  });

  test('takes over what is new, and the account before it finishes what it has begun', async () => {
    const { tenantId, account: first } = await h.tenant();
    const before = await h.paid();
    const elsewhere = privateKeyToAddress(generatePrivateKey());
    const begun = await manager().submit(h.payment(tenantId, 'begun'));
    const held = await manager().submit({
      ...h.payment(tenantId, 'held'),
      to: elsewhere,
      valueWei: 11n * ETHER,
    });
    expect([begun, held].map(({ from, state }) => [from, state])).toEqual([
      [first, 'broadcast'],
      [first, 'held'],
    ]);

    const { id, address } = await bring(tenantId);
    await use(tenantId, id);
    await funded(address);
    const other = manager();
    expect(await other.submit(h.payment(tenantId, 'begun'))).toMatchObject({ from: first });
    expect(await other.submit(h.payment(tenantId, 'new'))).toMatchObject({ from: address, nonce: 0 });
    await h.chain.setBalance({ address: first, value: 12n * ETHER });
    await h.settle(other);

    const ended = await Promise.all(['begun', 'held', 'new'].map((key) => other.find(tenantId, key)));
    expect(ended.map((transaction) => [transaction?.from, transaction?.state])).toEqual([
      [first, 'final'],
      [first, 'final'],
      [address, 'final'],
    ]);
    expect(await h.paid()).toBe(before + 2);
    expect(await h.chain.getBalance({ address: elsewhere })).toBe(11n * ETHER);

    await use(tenantId, null);
    expect((await signers().accountFor(tenantId, CHAIN_ID)).address).toBe(first);
  });
});

describe('a change of keys', () => {
  test('counts at once in processes that have opened the account before it', async () => {
    const { tenantId, account: first } = await h.tenant();
    const running = signers();
    expect((await running.accountFor(tenantId, CHAIN_ID)).address).toBe(first);
    const { id, address } = await WAYS['a private key'](tenantId);
    await use(tenantId, id);
    expect((await running.accountFor(tenantId, CHAIN_ID)).address).toBe(address);
    expect((await running.accountOf(tenantId, first)).address).toBe(first);
    await expect(running.accountOf(tenantId, `0x${'22'.repeat(20)}`)).rejects.toThrow('no key');
  });

  test('amid sending sends each intent once, by one account or the other', async () => {
    const { tenantId } = await h.tenant();
    const { id, address } = await WAYS['a private key'](tenantId);
    await funded(address);
    const before = await h.paid();
    const keys = Array.from({ length: 10 }, (_, index) => `amid ${index}`);
    const [sender, again] = [manager(), manager()];
    const submit = (by: typeof sender, key: string) => by.submit(h.payment(tenantId, key));
    // Both processes are given every intent; one of two that store it under different accounts is turned away.
    await Promise.allSettled([
      ...keys.map((key) => submit(sender, key)),
      use(tenantId, id),
      ...keys.map((key) => submit(again, key)),
    ]);
    const settled = await Promise.all(keys.map((key) => submit(again, key)));
    await h.settle(again);
    expect(settled.every(({ from }) => from !== undefined)).toBe(true);
    expect(await h.paid()).toBe(before + keys.length);
  });

  test('is refused while registries name the account for their roles, unless the tenant says that it knows', async () => {
    const { tenantId, account } = await h.tenant();
    const { id } = await WAYS['a private key'](tenantId);
    await h.registryOwnedBy(tenantId, account);
    await expect(use(tenantId, id)).rejects.toMatchObject({ code: 'ACCOUNT_HOLDS_ROLES' });
    expect((await signers().accountFor(tenantId, CHAIN_ID)).address).toBe(account);
    await service().use(tenantId, { signingKeyId: id, chainIds: [CHAIN_ID], leaveRoles: true });
    expect((await signers().accountFor(tenantId, CHAIN_ID)).address).not.toBe(account);
  });
});

describe('AWS KMS', () => {
  async function accountInKms() {
    const { tenantId } = await h.tenant();
    const privateKey = generatePrivateKey();
    const arn = kmsAliasArn(tenantId, PLACE);
    standIn.put(arn, privateKey);
    return { tenantId, arn, privateKey, account: kmsAccount(kms, arn, privateKeyToAddress(privateKey)) };
  }

  test('signs a digest whose signature DER shortens', async () => {
    const { account, privateKey } = await accountInKms();
    let digest: Hex = '0x';
    for (let count = 1; digest === '0x'; count += 1) {
      const hash: Hex = `0x${count.toString(16).padStart(64, '0')}`;
      if ((await sign({ hash, privateKey })).r.startsWith('0x00')) digest = hash;
    }
    const signature = await account.sign?.({ hash: digest });
    expect(signature).toBe(await sign({ hash: digest, privateKey, to: 'hex' }));
  });

  test.each([
    ['is too busy', 'busy'],
    ['closes the connection', 'gone'],
    ['does not answer in time', 'silent'],
  ] as const)('is asked again when it %s, and three times at most', async (_, fault) => {
    const { account } = await accountInKms();
    standIn.faults.push(fault, fault);
    expect(await account.signMessage({ message: 'hello' })).toMatch(/^0x/);
    standIn.faults.push(fault, fault, fault);
    await expect(account.signMessage({ message: 'hello' })).rejects.toMatchObject({
      code: 'KMS_UNAVAILABLE',
      retryable: true,
    });
  });

  test.each(['AccessDeniedException', 'DisabledException', 'KMSInvalidStateException', 'NotFoundException'])(
    'that answers %s is not asked again, and its answer is told',
    async (refusal) => {
      const { account, arn } = await accountInKms();
      standIn.refusals.set(arn, refusal);
      const before = standIn.requests.length;
      const signing = account.signMessage({ message: 'hello' });
      await expect(signing).rejects.toMatchObject({ code: 'KMS_KEY_REFUSED' });
      await expect(signing).rejects.toThrow(refusal);
      expect(standIn.requests).toHaveLength(before + 1);
    },
  );

  test('signs nothing once the alias names another key', async () => {
    const { account, arn } = await accountInKms();
    standIn.put(arn, generatePrivateKey());
    await expect(account.signTransaction({ ...TRANSFER, nonce: 0 })).rejects.toMatchObject({
      code: 'KMS_KEY_CHANGED',
    });
  });

  test("does not give a tenant another tenant's key", async () => {
    const [victim, thief] = [await accountInKms(), await h.tenant()];
    await service().useKms(victim.tenantId, { label: 'mine', ...PLACE });
    await expect(service().useKms(thief.tenantId, { label: 'not mine', ...PLACE })).rejects.toMatchObject({
      code: 'KMS_KEY_REFUSED',
    });
  });

  test('that fails between quote and signature leaves no nonce taken, and the intent goes out later', async () => {
    const { tenantId, arn, account } = await accountInKms();
    const { id } = await service().useKms(tenantId, { label: 'minter', ...PLACE });
    await use(tenantId, id);
    await funded(account.address);
    standIn.refusals.set(arn, 'DisabledException');
    const intent = h.payment(tenantId, 'while disabled');
    await expect(manager().submit(intent)).rejects.toMatchObject({ code: 'KMS_KEY_REFUSED' });
    expect(await manager().find(tenantId, 'while disabled')).toBeUndefined();
    standIn.refusals.clear();
    expect(await manager().submit(intent)).toMatchObject({ state: 'broadcast', nonce: 0 });
    await h.settle(manager());
  });
});
