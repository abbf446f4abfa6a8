import { chainHashOf } from '../../chains/evm/registry/manifest';
import type { ChainTransaction } from '../../chains/transactions/transaction';
import { dispatchIdSchema, registryIdSchema, workIdSchema } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import { event } from '../../test/support/travel-events';
import { BASE, HOME } from '../../test/support/travel-steps';
import { type DispatchRecord, dispatchIntentKey } from './dispatch-record';
import { DispatchTracker, type TrackerStores } from './dispatch-tracker';

const UUID = '6f1d4a52-43c8-4ad2-9f3e-6b2f2f0e1d11';

// CAST: what the tracker reads of a dispatch.
const unsent = {
  id: dispatchIdSchema.parse(UUID),
  registryId: registryIdSchema.parse(UUID),
  workId: workIdSchema.parse(UUID),
  kind: 'WORK',
  origin: 'PLATFORM',
  state: 'VOIDED',
  sourceChainId: BASE,
  destinationChainId: HOME,
  hop: 4,
  attempt: 1,
  digest: null,
  waitingFor: null,
} as unknown as DispatchRecord;
// CAST: of a transaction, its intent and state.
const broadcast = { intentKey: dispatchIntentKey(unsent), state: 'broadcast' } as ChainTransaction;

/** What is written once the dispatch's own transaction changes, if these are the events of its work. */
async function writtenAfter(events: ReturnType<typeof event>[]): Promise<unknown[]> {
  const written: unknown[] = [];
  // CAST: the queries that following a transaction makes.
  const stores = {
    dispatches: {
      findByIds: async () => [unsent],
      updateAll: async (_: TenantTx, changes: ReadonlyMap<unknown, { state?: string }>) =>
        void written.push(...[...changes.values()].map(({ state }) => state)),
    },
    registries: { get: async () => ({ id: unsent.registryId, chainIds: [HOME, BASE] }) },
    works: { tokenIds: async () => new Map([[unsent.workId, '7']]) },
    events: {
      find: async (_: TenantTx, __: unknown, { names }: { names: readonly string[] }) =>
        events.filter(({ name }) => names.includes(name)),
    },
    transactions: {
      findAll: async () => new Map([[broadcast.intentKey, broadcast]]),
      intentKeysOf: async () => new Map(),
    },
  } as unknown as TrackerStores;
  const tx = { manager: { query: async () => [] } } as unknown as TenantTx;
  await new DispatchTracker(stores).followTransaction(tx, unsent.id, broadcast);
  return written;
}

test('a move that a retirement ended stays so, whatever its transaction does on that chain', async () => {
  const reclaim = event('WorkReclaimed', { chainHash: chainHashOf(BASE), hop: '3' });
  expect(await writtenAfter([reclaim])).not.toContain('SUBMITTED');
  // Without the claim, which a reorg may take back, it goes on.
  expect(await writtenAfter([])).toEqual(['SUBMITTED']);
});
