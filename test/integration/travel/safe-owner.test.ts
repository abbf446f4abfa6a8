import type { Hex } from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { type ChainId, evmAccountId } from '../../../schema/caip';
import type { GuardActionId, RegistryId, TenantId } from '../../../schema/ids';
import type { SetRegistryRole } from '../../../schema/inputs/registry-role';
import type { GuardAction } from '../../../schema/types/guard-action';
import { accountAt } from '../../devnet/accounts';
import { Safe } from '../../support/safe';
import { TravelHarness } from '../../support/travel';
import { requestRegistry } from '../../support/travel-gallery';
import { BASE, chainClient, fund, HOME, sendAs, until } from '../../support/travel-steps';

const DAY_SECONDS = 86_400;
const why = { reason: 'as the owners agreed' };

let harness: TravelHarness;
let safe: Safe;
let tenantId: TenantId;
let self: Hex;
let registryId: RegistryId;

beforeAll(async () => {
  harness = await TravelHarness.start();
  safe = new Safe(harness, [accountAt(7), accountAt(8)]);
  ({ tenantId } = await harness.domain.tenancy.createTenant('Gallery'));
  await fund(harness, tenantId, [HOME, BASE]);
  ({ address: self } = await harness.domain.signers.accountFor(tenantId, HOME));
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

const guard = () => harness.domain.guard;
const registry = () => harness.domain.registries.get(tenantId, registryId);
const asOwner = () => requestRegistry(harness, tenantId, {}, options());
const options = () => ({ mirrorChainIds: [BASE], owner: evmAccountId(HOME, safe.address) });
const give = (role: SetRegistryRole['role'], account: Hex, chainId: ChainId = HOME) =>
  guard().setRegistryRole(tenantId, { registryId, role, account: evmAccountId(chainId, account), ...why });

async function action(id: GuardActionId): Promise<GuardAction> {
  const [found] = await guard().findByIds(tenantId, [id]);
  if (found === undefined) throw new Error('actions stay');
  return found;
}

const prepared = ({ id }: GuardAction) =>
  until(`a call of ${id} is prepared`, async () => {
    const { preparedCalls } = await action(id);
    return preparedCalls[0];
  });

const ended = ({ id }: GuardAction) =>
  until(`action ${id} has ended`, async () => {
    const now = await action(id);
    return now.state !== 'REQUESTED' && now;
  });

async function roleOn(chainId: ChainId, functionName: 'guardian' | 'minter' | 'owner'): Promise<Hex> {
  const address = contractsOn(await registry(), chainId).collection;
  return chainClient(harness, chainId).readContract({ abi: collectionAbi, address, functionName });
}

/** What the tenant's account has sent as one step of an action. */
const sentAs = ({ id }: GuardAction, step: string) =>
  harness.domain.transactions.find(tenantId, `guard:${id}:${step}`);

test('a Safe that is not on every chain owns nothing; one that is has its part of the deployment prepared', async () => {
  await safe.deploy(HOME);
  await expect(asOwner()).rejects.toMatchObject({ code: 'OWNER_NOT_EVERYWHERE' });
  await safe.deploy(BASE);
  ({ id: registryId } = await asOwner());

  const waiting = await until('both splits are prepared', async () => {
    const now = await registry();
    return now.preparedCalls.length === 2 && now;
  });
  expect(waiting).toMatchObject({ state: 'DEPLOYING', owner: evmAccountId(HOME, safe.address) });
  expect(waiting.preparedCalls.map(({ chainId, from }) => [chainId, from])).toEqual(
    [HOME, BASE].map((chainId) => [chainId, evmAccountId(chainId, safe.address)]),
  );
  for (const call of waiting.preparedCalls) await safe.execute(call);
  const active = await until(
    'the registry is active',
    async () => {
      const now = await registry();
      return now.state === 'ACTIVE' && now;
    },
    170_000,
  );
  expect(active.preparedCalls).toEqual([]);
  expect(await Promise.all([roleOn(HOME, 'owner'), roleOn(HOME, 'minter')])).toEqual([safe.address, self]);
}, 240_000);

test('a limit waits for the Safe to announce it, and is carried out by the platform after the delay', async () => {
  const [asked] = await guard().setTravelLimit(tenantId, {
    registryId,
    sourceChainId: HOME,
    destinationChainId: BASE,
    capacity: 3,
    perDay: 5,
    ...why,
  });
  if (asked === undefined) throw new Error('a limit has two ends');
  const call = await prepared(asked);
  expect(call).toMatchObject({ chainId: HOME, from: evmAccountId(HOME, safe.address), valueWei: '0' });
  await safe.execute(call);
  await until('the delay runs', async () => (await action(asked.id)).waitingFor?.startsWith('the delay'));
  expect((await action(asked.id)).preparedCalls).toEqual([]);
  await harness.devnet.rpc(HOME, 'evm_increaseTime', [2 * DAY_SECONDS]);
  expect(await ended(asked)).toMatchObject({ state: 'DONE' });
  expect(await sentAs(asked, 'announce')).toBeUndefined();
  expect(await sentAs(asked, 'execute')).toBeDefined();
}, 120_000);

test('what the Safe sends completes an action once it is final, though the platform sent nothing', async () => {
  const asked = await give('MINTER', accountAt(2).address);
  await safe.execute(await prepared(asked));
  const seen = await until(
    'its effect is seen',
    async () => (await action(asked.id)).effectBlock ?? undefined,
  );
  expect(await ended(asked)).toMatchObject({ state: 'DONE', preparedCalls: [], effectBlock: null });
  const { number } = await chainClient(harness, HOME).getBlock({ blockTag: 'finalized' });
  expect(Number(number)).toBeGreaterThanOrEqual(seen.number);
  expect(await roleOn(HOME, 'minter')).toBe(accountAt(2).address);
  expect(await sentAs(asked, 'setMinter')).toBeUndefined();
}, 120_000);

test('the Safe consents by EIP-1271 to a new guardian, once, and its former signers to nothing', async () => {
  const change = {
    registryId,
    role: 'GUARDIAN',
    account: evmAccountId(HOME, accountAt(3).address),
    ...why,
  } as const;
  const consent = async () => {
    const validForSeconds = 3_600;
    const asked = { operation: 'setRegistryRole', change, validForSeconds } as const;
    const { nonce, deadline, typedData, owner } = await harness.domain.ownerConsents.prepare(tenantId, asked);
    expect(owner).toBe(evmAccountId(HOME, safe.address));
    const signature = await safe.signTypedData(HOME, JSON.parse(typedData));
    return { nonce: nonce as Hex, deadline: BigInt(deadline), signature };
  };
  const former = await consent();
  await safe.replaceSigner(HOME, accountAt(2));
  const ask = (signed: Awaited<ReturnType<typeof consent>>) =>
    guard().setRegistryRole(tenantId, { ...change, consent: signed });
  await expect(ask(former)).rejects.toMatchObject({ code: 'OWNER_CONSENT_INVALID' });

  const good = await consent();
  expect(await ended(await ask(good))).toMatchObject({ state: 'DONE', consentNonce: good.nonce });
  expect(await roleOn(HOME, 'guardian')).toBe(accountAt(3).address);
  await expect(ask(good)).rejects.toMatchObject({ code: 'OWNER_CONSENT_USED' });
}, 120_000);

test('an ownership passes when the old owner has offered it and the new one has taken it', async () => {
  const heir = accountAt(2).address;
  const asked = await give('OWNER', heir);
  await safe.execute(await prepared(asked));
  const taking = await until('the heir is asked', async () => {
    const [call] = (await action(asked.id)).preparedCalls;
    return call?.from === evmAccountId(HOME, heir) && call;
  });
  await sendAs(harness, heir, HOME, { to: taking.to as Hex, data: taking.data as Hex });
  expect(await ended(asked)).toMatchObject({ state: 'DONE' });
  await until('the record has it', async () => (await registry()).owner === evmAccountId(HOME, heir));
  expect(await roleOn(HOME, 'owner')).toBe(heir);
}, 120_000);
