import timelockArtifact from '@openzeppelin/contracts/build/contracts/TimelockController.json';
import {
  type Abi,
  createPublicClient,
  createWalletClient,
  getAddress,
  type Hex,
  http,
  type TypedDataDefinition,
  zeroAddress,
} from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { verifyTypedData } from 'viem/utils';
import type { ChainAccess } from '../../../chains/transactions/chain-access';
import { AuditRepository } from '../../../domain/audit/audit-repository';
import { AuditTrail } from '../../../domain/audit/audit-trail';
import type { GuardService } from '../../../domain/guard/guard-service';
import { OwnerConsentService } from '../../../domain/ownership/owner-consent-service';
import { OwnerWatch } from '../../../domain/ownership/owner-watch';
import { RegistryEventRepository } from '../../../domain/provenance/registry-event-repository';
import { RegistryRepository } from '../../../domain/registry/registry-repository';
import { type ChainId, evmAccountId, evmChainId } from '../../../schema/caip';
import type { RegistryId, TenantId } from '../../../schema/ids';
import type { OwnerConsent } from '../../../schema/inputs/owner-consent';
import type { SetRegistryRole } from '../../../schema/inputs/registry-role';
import { accountAt } from '../../devnet/accounts';
import { rpc } from '../../devnet/json-rpc';
import { type OwnedRegistries, openOwnedRegistries } from '../../support/owned-registries';
import { startBareAnvil } from '../transactions/bare-anvil';

const HOME = evmChainId(11155111);
const COLLECTION: Hex = '0x52908400098527886E0F7030069857D2E4169EE7';
const ELSEWHERE: Hex = '0x8617E340B3D01FA5F11F306F4090FD50E238070D';
const SELF: Hex = '0xde709f2102306220921060314715629080e2fb77';
const owner = privateKeyToAccount(generatePrivateKey());
const stranger = privateKeyToAccount(generatePrivateKey());

let owned: OwnedRegistries;
let admin: OwnedRegistries['admin'];
let tenants: OwnedRegistries['tenants'];
let consents: OwnerConsentService;
let guard: GuardService;
let audit: AuditTrail;
let tenantId: TenantId;
let registryId: RegistryId;
let now: Date;

beforeAll(async () => {
  owned = await openOwnedRegistries(SELF, () => now);
  ({ admin, tenants, consents, guard } = owned);
  audit = new AuditTrail(tenants, new AuditRepository());
});
afterAll(() => owned.close());
beforeEach(async () => {
  now = new Date();
  tenantId = await owned.tenant();
  registryId = await registryOf(owner.address);
});

async function registryOf(address: Hex, collection: Hex = COLLECTION): Promise<RegistryId> {
  const contracts = { collection, gateway: SELF, lanes: SELF, delayedQueue: SELF };
  return owned.registry(tenantId, { owner: address, chainIds: [HOME], contracts });
}

const change = (over: Partial<SetRegistryRole> = {}): SetRegistryRole => ({
  registryId,
  role: 'GUARDIAN',
  account: evmAccountId(HOME, stranger.address),
  reason: 'a council',
  ...over,
});

/** A consent to a change, signed by `signer` after `alter` has changed what it signs. */
async function signed(
  to: SetRegistryRole = change(),
  signer = owner,
  alter: (typedData: TypedDataDefinition) => unknown = (typedData) => typedData,
): Promise<OwnerConsent> {
  const prepared = await consents.prepare(tenantId, {
    operation: 'setRegistryRole',
    change: to,
    validForSeconds: 3_600,
  });
  // CAST: what was serialized as typed data.
  const typedData = alter(JSON.parse(prepared.typedData)) as TypedDataDefinition;
  const signature = await signer.signTypedData(typedData);
  return { nonce: prepared.nonce as Hex, deadline: BigInt(prepared.deadline), signature };
}

const ask = (consent: OwnerConsent, over: Partial<SetRegistryRole> = {}) =>
  guard.setRegistryRole(tenantId, { ...change(over), consent });
const actions = async () =>
  (await admin.query('select * from guard_actions where tenant_id = $1', [tenantId])).rows;

test('the owner’s consent lets a change through once, and is kept in the audit log under its hash', async () => {
  const consent = await signed();
  const entry = {
    tenantId,
    operation: 'setRegistryRole',
    actor: 'key',
    scopes: [],
    requestId: 'r',
    args: {},
  };
  const action = await audit.within(entry, () => ask(consent));
  expect(action).toMatchObject({ kind: 'SET_ROLE', consentNonce: consent.nonce, role: 'GUARDIAN' });

  const page = await audit.page(tenantId, { first: 10, after: undefined }, null);
  const evidence = page.edges[0]?.node.evidence as { ownerConsent: Record<string, string> };
  const { typedData = '', signature, owner: signer } = evidence.ownerConsent;
  expect(signer).toBe(evmAccountId(HOME, owner.address));
  expect(await verifyTypedData({ address: owner.address, signature, ...JSON.parse(typedData) })).toBe(true);

  await expect(ask(consent)).rejects.toMatchObject({ code: 'OWNER_CONSENT_USED' });
  expect(await actions()).toHaveLength(1);
});

test('of two uses of one consent at the same time one is refused', async () => {
  const consent = await signed();
  const results = await Promise.allSettled([ask(consent), ask(consent)]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await actions()).toHaveLength(1);
});

test.each([
  ['a stranger', stranger, (data: TypedDataDefinition) => data],
  [
    'another chain',
    owner,
    (data: TypedDataDefinition) => ({ ...data, domain: { ...data.domain, chainId: 1n } }),
  ],
  [
    'another registry',
    owner,
    (data: TypedDataDefinition) => ({ ...data, domain: { ...data.domain, verifyingContract: ELSEWHERE } }),
  ],
  [
    'another application',
    owner,
    (data: TypedDataDefinition) => ({ ...data, domain: { ...data.domain, name: 'Colophon Collection' } }),
  ],
  [
    'another operation',
    owner,
    (data: TypedDataDefinition) => ({ ...data, message: { ...data.message, operation: 'retireChain' } }),
  ],
  [
    'another deadline',
    owner,
    (data: TypedDataDefinition) => ({ ...data, message: { ...data.message, deadline: '4102444800' } }),
  ],
])('what was signed by or for %s is no consent, and nothing is kept', async (_whose, signer, alter) => {
  await expect(ask(await signed(change(), signer, alter))).rejects.toMatchObject({
    code: 'OWNER_CONSENT_INVALID',
  });
  expect(await actions()).toEqual([]);
});

test('a consent is good for no other change, nonce, registry or tenant than its own', async () => {
  const consent = await signed();
  const code = 'OWNER_CONSENT_INVALID';
  await expect(ask(consent, { account: evmAccountId(HOME, ELSEWHERE) })).rejects.toMatchObject({ code });
  await expect(ask({ ...consent, nonce: `0x${'1'.repeat(64)}` })).rejects.toMatchObject({ code });
  const second = await registryOf(owner.address, ELSEWHERE);
  await expect(ask(consent, { registryId: second })).rejects.toMatchObject({ code });
  const { rows } = await admin.query("insert into tenants (name) values ('u') returning tenant_id");
  await expect(guard.setRegistryRole(rows[0].tenant_id, { ...change(), consent })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await actions()).toEqual([]);
  await ask(consent);
});

test('a consent is over at its deadline, and none is taken that is good for longer than thirty days', async () => {
  const consent = await signed();
  now = new Date(Number(consent.deadline) * 1_000);
  await expect(ask(consent)).rejects.toMatchObject({ code: 'OWNER_CONSENT_EXPIRED' });
  now = new Date(Number(consent.deadline) * 1_000 - 30 * 86_400_000 - 1_000);
  await expect(ask(consent)).rejects.toMatchObject({ code: 'OWNER_CONSENT_EXPIRED' });
});

test('the consent of an owner who has given the registry away meanwhile is refused', async () => {
  const consent = await signed();
  await admin.query('update registries set owner = $2 where tenant_id = $1', [
    tenantId,
    evmAccountId(HOME, stranger.address),
  ]);
  await expect(ask(consent)).rejects.toMatchObject({ code: 'OWNER_CONSENT_INVALID' });
});

test('where the tenant’s own account owns the registry, and for other roles, no consent is looked at', async () => {
  const consent = await signed();
  await expect(ask(consent, { role: 'MINTER' })).rejects.toMatchObject({ code: 'CONFLICT' });
  registryId = await registryOf(SELF);
  await expect(ask(consent)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await guard.setRegistryRole(tenantId, change())).toMatchObject({ consentNonce: null });
});

test('the record takes a new owner from final blocks of the home chain, and from nowhere else', async () => {
  const events = new RegistryEventRepository();
  const registries = new RegistryRepository({ stateChanged: async () => undefined });
  const watch = new OwnerWatch({ events, registries });
  const seen = async (chainId: ChainId, final: boolean) => {
    const transferred = {
      chainId,
      blockNumber: 5,
      logIndex: 0,
      blockHash: '0xb',
      transactionHash: '0xt',
      name: 'OwnershipTransferred',
      tokenId: null,
      digest: null,
      args: { previousOwner: owner.address, newOwner: stranger.address },
      final,
    } as const;
    return tenants.transaction(tenantId, async (tx) => {
      await events.replaceAbove(tx, registryId, [{ chainId, blockNumber: 0 }], [transferred]);
      const registry = await registries.get(tx, registryId);
      await watch.projected(tx, { registry, touched: [transferred], fallen: [], works: [] });
      return (await registries.get(tx, registryId)).owner;
    });
  };
  expect(await seen(evmChainId(1), true)).toBe(evmAccountId(HOME, owner.address));
  expect(await seen(HOME, false)).toBe(evmAccountId(HOME, owner.address));
  expect(await seen(HOME, true)).toBe(evmAccountId(HOME, stranger.address));
});

test('a timelock that cannot sign is told so at once, and nobody waits for its consent', async () => {
  const timelock = await startTimelock();
  const service = new OwnerConsentService(
    tenants,
    owned.stores.registries,
    { get: () => ({ public: timelock.client }) as unknown as ChainAccess },
    owned.signers,
  );
  const asked = () => ({ operation: 'setRegistryRole', change: change(), validForSeconds: 60 }) as const;
  try {
    registryId = await registryOf(timelock.address);
    await expect(service.prepare(tenantId, asked())).rejects.toMatchObject({ code: 'OWNER_CANNOT_SIGN' });
    await expect(service.check(tenantId, asked(), null)).rejects.toMatchObject({ code: 'OWNER_CANNOT_SIGN' });
    // One that has isValidSignature is asked, whatever it says to an empty one.
    registryId = await registryOf(timelock.signing);
    await service.prepare(tenantId, asked());
    registryId = await registryOf(owner.address);
    await service.prepare(tenantId, asked());
  } finally {
    await timelock.stop();
  }
});

/** A TimelockController of OpenZeppelin on a chain of its own, and code there that answers any call with 32 zeros. */
async function startTimelock() {
  const anvil = await startBareAnvil(31_337);
  const client = createPublicClient({ transport: http(anvil.url) });
  const wallet = createWalletClient({ account: accountAt(0), transport: http(anvil.url) });
  const hash = await wallet.deployContract({
    abi: timelockArtifact.abi as Abi,
    bytecode: timelockArtifact.bytecode as Hex,
    args: [86_400n, [accountAt(0).address], [accountAt(0).address], zeroAddress],
    chain: null,
    gas: 5_000_000n,
  });
  await rpc(anvil.url, 'anvil_mine', [1]);
  const { contractAddress } = await client.getTransactionReceipt({ hash });
  if (contractAddress == null) throw new Error('the timelock is not deployed');
  await rpc(anvil.url, 'anvil_setCode', [ELSEWHERE, '0x60206000f3']);
  return { client, address: getAddress(contractAddress), signing: ELSEWHERE, stop: () => anvil.stop() };
}

test('without a consent where one is needed a change is refused', async () => {
  const asked = { operation: 'setRegistryRole', change: change() } as const;
  await expect(consents.check(tenantId, asked, null)).rejects.toMatchObject({
    code: 'OWNER_CONSENT_MISSING',
  });
});
