import { type Hex, pad, zeroAddress } from 'viem';
import { chainHashOf } from '../../../chains/evm/registry/manifest';
import { payeeOf } from '../../../chains/evm/registry/payees';
import type { RegistryEvent } from '../../../domain/provenance/registry-event';
import { RegistryEventRepository } from '../../../domain/provenance/registry-event-repository';
import { RegistryRepository } from '../../../domain/registry/registry-repository';
import { royaltyPolicyHash } from '../../../domain/royalties/royalty-policy';
import { type ChainId, evmAccountId } from '../../../schema/caip';
import type { ProjectId, RegistryId, TenantId } from '../../../schema/ids';
import type { RoyaltyPolicy } from '../../../schema/inputs/royalty';
import { type OwnedRegistries, openOwnedRegistries } from '../../support/owned-registries';
import { policyServices } from '../../support/policy-services';
import { ADA, BOB, event } from '../../support/travel-events';
import { BASE, HOME, MOONBEAM } from '../../support/travel-steps';

const BORN: Hex = `0x${'1'.repeat(64)}`;
const LICENCE: Hex = `0x${'2'.repeat(64)}`;
const VAULT: Hex = '0x52908400098527886E0F7030069857D2E4169EE7';
const CHAINS = [HOME, BASE, MOONBEAM] as const;
const artist = evmAccountId(HOME, ADA);
const POLICY: RoyaltyPolicy = {
  royaltyBps: 750,
  splits: [{ account: artist, role: 'ARTIST', shareBps: 10_000 }],
  primaryWallet: artist,
  currencies: [],
  enforcement: 'OBSERVE',
  operators: [],
  paymentWindowSeconds: 3_600,
};
const HASH = royaltyPolicyHash(POLICY);

let owned: OwnedRegistries;
let royalties: ReturnType<typeof policyServices>;
let tenantId: TenantId;
let registryId: RegistryId;
let projectId: ProjectId;

beforeAll(async () => {
  owned = await openOwnedRegistries(ADA);
  royalties = policyServices(owned.tenants, owned);
});
afterAll(() => owned.close());
beforeEach(async () => {
  tenantId = await owned.tenant();
  await insertRegistry(ADA);
});

async function insertRegistry(owner: Hex): Promise<void> {
  const contracts = { collection: VAULT, royaltyVault: VAULT };
  registryId = await owned.registry(tenantId, { owner, chainIds: CHAINS, contracts });
  const { rows } = await owned.admin.query('select project_id from registries where id = $1', [registryId]);
  projectId = rows[0].project_id;
}

const set = (expectedRevision = 0, over: Partial<RoyaltyPolicy> = {}, effectiveFrom?: Date) =>
  royalties.policies.set(tenantId, {
    projectId,
    expectedRevision,
    effectiveFrom,
    policy: { ...POLICY, ...over },
  });
const again = (revision: number, hash: string = HASH) =>
  royalties.policies.stateOnChains(tenantId, { registryId, revision, hash, reason: 'once more' });
const rows = async () =>
  (
    await owned.admin.query(
      `select kind, chain_id as "chainId", peer_chain_id as peer, policy->>'revision' as revision from guard_actions
        where tenant_id = $1 order by kind, created_at, chain_id`,
      [tenantId],
    )
  ).rows;
const on = (kind: string, chainIds: readonly ChainId[], revision: string, peer: ChainId | null = null) =>
  chainIds.map((chainId) => ({ kind, chainId, peer, revision }));

const stated = (
  chainId: ChainId,
  revision: number,
  over: Partial<RegistryEvent> & { royaltyBps?: number } = {},
) => {
  const { royaltyBps = 750, ...rest } = over;
  const args = {
    revision: String(revision),
    royaltyBps: String(royaltyBps),
    restrictsTransfers: false,
    royaltyPolicyHash: HASH,
    licenceHash: LICENCE,
    operators: '[]',
  };
  return { ...event('RegistryStated', args, { chainId }), tokenId: null, ...rest };
};

/** Makes these the registry's events, and has the listener see those that were touched. */
async function project(present: readonly RegistryEvent[], touched = present): Promise<void> {
  await owned.tenants.transaction(tenantId, async (tx) => {
    const heights = CHAINS.map((chainId) => ({ chainId, blockNumber: 0 }));
    await new RegistryEventRepository().replaceAbove(tx, registryId, heights, present);
    const registry = await new RegistryRepository({ stateChanged: async () => undefined }).get(
      tx,
      registryId,
    );
    await royalties.statements.projected(tx, { registry, touched, fallen: [], works: [] });
  });
}

test('a policy is asked for at home and at every vault, in the transaction that keeps it', async () => {
  const { policy, actions } = await set();
  expect(policy).toMatchObject({ revision: 1, hash: HASH });
  expect(actions).toHaveLength(4);
  expect(actions[0]).toMatchObject({ kind: 'STATE_POLICY', reason: 'Revision 1 of the royalty policy.' });
  expect(new Set(await rows())).toEqual(
    new Set([...on('STATE_POLICY', [HOME], '1'), ...on('STATE_SPLIT', CHAINS, '1')]),
  );
  const queued = await owned.admin.query(
    "select count(*)::int as count from outbox where tenant_id = $1 and job = 'advance-guard-action'",
    [tenantId],
  );
  expect(queued.rows[0].count).toBe(4);
  await expect(set()).rejects.toMatchObject({ code: 'ROYALTY_POLICY_SUPERSEDED' });
  expect(await rows()).toHaveLength(4);
});

test('what holds by our clock is told at once, and what holds later from its time on', async () => {
  const { actions } = await set();
  expect(actions.map(({ policy }) => policy?.from)).toEqual([0, 0, 0, 0]);
  const later = new Date(Date.now() + 3_600_500);
  const { actions: next } = await set(1, { royaltyBps: 800 }, later);
  expect(new Set(next.map(({ policy }) => policy?.from))).toEqual(
    new Set([Math.ceil(later.getTime() / 1_000)]),
  );
});

test('nothing is asked for before the registry is active; then the policy that holds is', async () => {
  const setState = (state: string) =>
    owned.admin.query('update registries set state = $2 where id = $1', [registryId, state]);
  await setState('DEPLOYING');
  expect((await set()).actions).toEqual([]);
  await set(1, { royaltyBps: 800 }, new Date(Date.now() + 3_600_000));
  await expect(again(1)).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' });
  await setState('ACTIVE');
  await owned.tenants.transaction(tenantId, async (tx) => {
    const registry = await new RegistryRepository({ stateChanged: async () => undefined }).get(
      tx,
      registryId,
    );
    await royalties.statements.catchUp(tx, registry);
  });
  expect(new Set((await rows()).map(({ revision }) => revision))).toEqual(new Set(['1']));
});

test('a policy that is set while the registry becomes active is not lost between the two', async () => {
  const registries = new RegistryRepository({ stateChanged: async () => undefined });
  await owned.admin.query("update registries set state = 'DEPLOYING' where id = $1", [registryId]);
  let late: Promise<unknown> = Promise.resolve();
  await owned.tenants.transaction(tenantId, async (tx) => {
    await registries.setState(tx, registryId, 'ACTIVE', null);
    await royalties.statements.catchUp(tx, await registries.get(tx, registryId));
    late = set();
    await untilSomebodyWaits();
  });
  await late;
  expect(await rows()).toHaveLength(4);
});

async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows: waiting } = await owned.admin.query(
      "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    if (waiting.length > 0) return;
  }
}

test('vaults alone are told where the works are an adopted collection’s, and no chain that is given up', async () => {
  await owned.admin.query(
    `update registries set manifest = manifest || jsonb_build_object('adopted', $2::text) where id = $1`,
    [registryId, VAULT],
  );
  await owned.admin.query(
    `insert into guard_actions (tenant_id, registry_id, kind, reason, chain_id, peer_chain_id, subject)
     values ($1, $2, 'RETIRE_CHAIN', 'dead', $3, $4, $4)`,
    [tenantId, registryId, HOME, MOONBEAM],
  );
  const { actions } = await set();
  expect(actions.map(({ kind, chainId }) => [kind, chainId])).toEqual([
    ['STATE_SPLIT', HOME],
    ['STATE_SPLIT', BASE],
  ]);
});

test('mirrors are told once of what home has stated for good, and only those that have not heard', async () => {
  await project([stated(HOME, 1, { final: false })]);
  expect(await rows()).toEqual([]);
  await project([stated(HOME, 1), stated(MOONBEAM, 1, { final: false })]);
  const [told] = on('TELL_POLICY', [BASE], '1', HOME);
  expect(await rows()).toEqual([told]);
  await project([stated(HOME, 1), stated(BASE, 1), stated(MOONBEAM, 1)]);
  expect(await rows()).toEqual([told]);
  await project([stated(HOME, 1), stated(HOME, 2), stated(BASE, 1), stated(MOONBEAM, 1)]);
  expect(await rows()).toHaveLength(3);
});

test('a failed statement can be asked for anew, by whoever names the policy that holds', async () => {
  await set();
  await owned.admin.query("update guard_actions set state = 'FAILED' where tenant_id = $1", [tenantId]);
  await expect(again(2)).rejects.toMatchObject({ code: 'ROYALTY_POLICY_SUPERSEDED' });
  await expect(again(1, BORN)).rejects.toMatchObject({ code: 'ROYALTY_POLICY_SUPERSEDED' });
  await project([stated(HOME, 1), stated(MOONBEAM, 1)], []);
  const actions = await again(1);
  expect(actions.map(({ kind, chainId }) => `${kind}@${chainId}`).sort()).toEqual(
    [
      `STATE_POLICY@${HOME}`,
      ...CHAINS.map((chainId) => `STATE_SPLIT@${chainId}`),
      `TELL_POLICY@${BASE}`,
    ].sort(),
  );
  expect((await again(1)).map(({ id }) => id).sort()).toEqual(actions.map(({ id }) => id).sort());
});

test('in a registry that somebody else owns a policy is stated anew with the owner’s consent only', async () => {
  await insertRegistry(BOB);
  await set();
  await expect(again(1)).rejects.toMatchObject({ code: 'OWNER_CONSENT_MISSING' });
});

test('what each chain holds is read off its events: provisional first, and gone with a reorg', async () => {
  await owned.admin.query('update registries set manifest = manifest || $2 where id = $1', [
    registryId,
    manifest(),
  ]);
  const shares = JSON.stringify([{ payee: payeeOf(artist), bps: 10_000 }]);
  const split = { ...event('SplitStated', { revision: '2', shares }, { chainId: BASE }), tokenId: null };
  const terms = () => royalties.royaltyTerms.onChains(tenantId, registryId);
  await set();
  await project([stated(HOME, 1, { final: false }), split]);
  const atBirth = {
    revision: 0,
    royaltyBps: 500,
    policyHash: BORN,
    policyRevision: null,
    provisional: false,
  };
  expect(await terms()).toMatchObject([
    { chainId: HOME, revision: 1, policyRevision: 1, royaltyBps: 750, provisional: true },
    { chainId: BASE, ...atBirth, splitRevision: 2, splitPolicyRevision: 1, splitProvisional: false },
    { chainId: MOONBEAM, ...atBirth, splitRevision: 0, splitPolicyRevision: null },
  ]);
  expect((await terms())[2]?.waitingFor).toBe('STATE_SPLIT: a worker');
  await project([stated(HOME, 1), stated(HOME, 2, { royaltyBps: 1 })]);
  expect((await terms())[0]).toMatchObject({ revision: 2, policyRevision: null, provisional: false });
  await project([]);
  expect((await terms())[0]).toMatchObject(atBirth);
});

function manifest() {
  const address = zeroAddress;
  const limit = { capacity: 1, perDay: 1 };
  return {
    owner: address,
    salt: pad('0x1'),
    name: 'n',
    symbol: 's',
    contractURI: '',
    editionCap: '1',
    royaltyBps: '500',
    royaltyReceiver: address,
    royaltyPolicyHash: BORN,
    licenceHash: LICENCE,
    minter: address,
    policy: address,
    operator: address,
    guardian: address,
    seedSource: address,
    adapterCodeHash: pad('0x0'),
    outboundLimit: limit,
    inboundLimit: limit,
    homeChainHash: chainHashOf(HOME),
    chains: [],
    codeHashes: [],
  };
}
