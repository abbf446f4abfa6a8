import { encodeErrorResult } from 'viem';
import { registryErrorsAbi } from '../../chains/abi/errors';
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

describe('a send that the source has mined and refused', () => {
  const limit = encodeErrorResult({
    abi: registryErrorsAbi,
    errorName: 'LimitExceeded',
    args: [chainHashOf(HOME), 1n, 0n],
  });
  /** What is written of a dispatch, and what is queued, when its transaction reverts with this. */
  async function afterRevert(revertData: `0x${string}`) {
    const asked = { ...unsent, state: 'SUBMITTED' } as const;
    const written: object[] = [];
    const queued: unknown[] = [];
    // CAST: the queries that following a transaction makes.
    const stores = {
      dispatches: {
        findByIds: async () => [asked],
        update: async (_: TenantTx, __: unknown, change: object) => void written.push(change),
        updateAll: async (_: TenantTx, changes: ReadonlyMap<unknown, object>) =>
          void written.push(...changes.values()),
      },
      outbox: { add: async (_: TenantTx, job: { name: string }) => void queued.push(job.name) },
    } as unknown as TrackerStores;
    // CAST: as above.
    const tx = { manager: { query: async () => [] } } as unknown as TenantTx;
    // CAST: of a transaction, what says that it failed.
    const mined = {
      ...broadcast,
      state: 'mined',
      inclusion: { succeeded: false },
      revertData,
    } as ChainTransaction;
    await new DispatchTracker(stores).followTransaction(tx, asked.id, mined);
    return { written, queued };
  }

  test('for want of room is sent anew, which waits for room', async () => {
    expect(await afterRevert(limit)).toEqual({
      written: [
        expect.objectContaining({
          state: 'REQUESTED',
          attempt: 2,
          waitingFor: expect.stringContaining('room in the lane'),
        }),
      ],
      queued: ['submit-dispatch'],
    });
  });

  test('for anything else has failed, until somebody retries it', async () => {
    const { written, queued } = await afterRevert('0x');
    expect(written).toEqual([expect.objectContaining({ state: 'FAILED' })]);
    expect(queued).toEqual([]);
  });
});
