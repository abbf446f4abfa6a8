import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { DispatchId, RegistryId, WorkId } from '../../schema/ids';
import type { DispatchFilter } from '../../schema/inputs/dispatch';
import type { PageRequest } from '../../schema/inputs/page';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import type { DispatchState } from '../../schema/types/dispatch';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { dispatchReached } from '../metrics';
import { nodeSelection, readPage } from '../page';
import type { DispatchRecord } from './dispatch-record';
import { DISPATCHES } from './dispatch-rows';

/** A dispatch as it is asked for. */
export type NewDispatch = Pick<
  DispatchRecord,
  | 'registryId'
  | 'workId'
  | 'kind'
  | 'origin'
  | 'sourceChainId'
  | 'destinationChainId'
  | 'laneChoice'
  | 'transport'
  | 'to'
  | 'hop'
  | 'revision'
  | 'permit'
>;

/** What the world has made of a dispatch since it was last looked at; absent fields stay as they are. */
export type DispatchChange = Partial<
  Pick<
    DispatchRecord,
    | 'state'
    | 'transport'
    | 'feeWei'
    | 'digest'
    | 'messageId'
    | 'messages'
    | 'sourceTransactionHash'
    | 'destinationTransactionHash'
    | 'failure'
    | 'waitingFor'
    | 'alert'
    | 'attempt'
    | 'permit'
    | 'destinationChainId'
    | 'to'
    | 'laneChoice'
    | 'origin'
  >
>;

const CHANGE_COLUMNS: { readonly [Field in keyof Required<DispatchChange>]: string } = {
  state: 'state',
  transport: 'transport',
  feeWei: 'fee_wei',
  digest: 'digest',
  messageId: 'message_id',
  messages: 'messages',
  sourceTransactionHash: 'source_transaction_hash',
  destinationTransactionHash: 'destination_transaction_hash',
  failure: 'failure',
  waitingFor: 'waiting_for',
  alert: 'alert',
  attempt: 'attempt',
  permit: 'permit',
  destinationChainId: 'destination_chain_id',
  to: 'to_account',
  laneChoice: 'lane_choice',
  origin: 'origin',
};

/** What entering a state makes of `sent_at`. After a failure the lane's speed cannot be told any more. */
function sentAt(state: DispatchState): string {
  switch (state) {
    case 'SENT':
      return 'coalesce(sent_at, now())';
    case 'SOURCE_FINAL':
      return "case when state = 'FAILED' then null else coalesce(sent_at, now()) end";
    case 'DELIVERED':
    case 'CONFIRMED':
      return 'sent_at'; // if the departure was not seen before the arrival, nothing was observed
    default:
      return 'null';
  }
}

/** As {@link sentAt}, for `delivered_at`. */
function deliveredAt(state: DispatchState): string {
  return state === 'DELIVERED' || state === 'CONFIRMED' ? 'coalesce(delivered_at, now())' : 'null';
}

/** Whoever must know where dispatches stand. */
export interface DispatchListener {
  /** Runs in the transaction in which the dispatches were made or entered another state. */
  statesChanged(tx: TenantTx, dispatches: readonly DispatchRecord[]): Promise<void>;
}

/** The dispatches of tenants. */
export class DispatchRepository {
  constructor(private readonly listener: DispatchListener) {}

  async insert(tx: TenantTx, dispatch: NewDispatch): Promise<DispatchRecord> {
    const rows: object[] = await tx.manager.query(
      `insert into dispatches (tenant_id, registry_id, work_id, kind, origin, source_chain_id, destination_chain_id,
                               lane_choice, transport, to_account, hop, revision, permit)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning ${DISPATCHES.columns}`,
      [
        tx.tenantId,
        dispatch.registryId,
        dispatch.workId,
        dispatch.kind,
        dispatch.origin,
        dispatch.sourceChainId,
        dispatch.destinationChainId,
        dispatch.laneChoice,
        dispatch.transport,
        dispatch.to,
        dispatch.hop,
        dispatch.revision,
        dispatch.permit && JSON.stringify(dispatch.permit),
      ],
    );
    const [inserted] = DISPATCHES.nodes(rows);
    if (inserted === undefined) throw new Error('an insert returns its row');
    await this.listener.statesChanged(tx, [inserted]);
    return inserted;
  }

  /** The dispatches with these ids; locked for change when asked. */
  async findByIds(
    tx: TenantTx,
    ids: readonly DispatchId[],
    lock: 'for update' | '' = '',
  ): Promise<DispatchRecord[]> {
    return this.query(tx, `id = any($2) order by id ${lock}`, [ids]);
  }

  /**
   * The dispatch of a work's move with this number, if there is one: from a chain if one is given, else the latest, as
   * home counts hops again that it never heard of.
   */
  async findByHop(
    tx: TenantTx,
    workId: WorkId,
    { hop, sourceChainId }: { readonly hop: number; readonly sourceChainId: ChainId | null },
    lock: 'for update' | '' = '',
  ): Promise<DispatchRecord | undefined> {
    const [found] = await this.query(
      tx,
      `work_id = $2 and hop = $3 and ($4::text is null or source_chain_id = $4) order by created_at desc ${lock}`,
      [workId, hop, sourceChainId],
    );
    return found;
  }

  /** The moves of works that have a dispatch, as `work/hop/chain that it left`. */
  async knownMoves(tx: TenantTx, workIds: readonly WorkId[]): Promise<ReadonlySet<string>> {
    const rows: { move: string }[] = await tx.manager.query(
      `select work_id || '/' || hop || '/' || source_chain_id as move from dispatches
        where tenant_id = $1 and work_id = any($2) and kind = 'WORK'`,
      [tx.tenantId, workIds],
    );
    return new Set(rows.map(({ move }) => move));
  }

  /** The dispatches that state a revision to the mirrors, locked for change. */
  async lockOfRevision(tx: TenantTx, workId: WorkId, revision: number): Promise<DispatchRecord[]> {
    return this.query(tx, 'work_id = $2 and revision = $3 order by id for update', [workId, revision]);
  }

  /** The dispatches of revisions above `stated` that were refused before anything was sent, locked for change. */
  async lockRefusedRevisions(tx: TenantTx, workId: WorkId, stated: number): Promise<DispatchRecord[]> {
    const condition = "work_id = $2 and revision > $3 and state = 'FAILED' and digest is null";
    return this.query(tx, `${condition} order by id for update`, [workId, stated]);
  }

  /**
   * The dispatches that a change of events may concern, locked: unfinished ones of the works, those whose
   * statement is among them, and those whose own transaction caused one.
   */
  async lockTouched(
    tx: TenantTx,
    registryId: RegistryId,
    keys: { workIds: readonly WorkId[]; digests: readonly Hex[]; senders: readonly DispatchId[] },
  ): Promise<DispatchRecord[]> {
    return this.query(
      tx,
      `registry_id = $2 and ((work_id = any($3) and state <> 'CONFIRMED') or digest = any($4) or id = any($5))
       order by id for update`,
      [registryId, keys.workIds, keys.digests, keys.senders],
    );
  }

  async page(
    tx: TenantReads,
    request: PageRequest,
    filter: DispatchFilter,
    selection?: Selection,
  ): Promise<Page<DispatchRecord>> {
    return readPage(tx, request, {
      ...DISPATCHES.select(nodeSelection(selection)),
      selection,
      where: {
        work_id: filter?.workId,
        registry_id: filter?.registryId,
        state: filter?.state,
        kind: filter?.kind,
        origin: filter?.origin,
        transport: filter?.transport,
        source_chain_id: filter?.sourceChainId,
        destination_chain_id: filter?.destinationChainId,
      },
    });
  }

  /** Writes what changed, and tells the listener of another state. `state_since`, `sent_at` and `delivered_at` follow the state, forwards and backwards. */
  async update(tx: TenantTx, dispatchId: DispatchId, change: DispatchChange): Promise<void> {
    await this.updateAll(tx, new Map([[dispatchId, change]]));
  }

  /** As {@link update}, for several dispatches; the listener is told once. */
  async updateAll(tx: TenantTx, changes: ReadonlyMap<DispatchId, DispatchChange>): Promise<void> {
    const entered: DispatchRecord[] = [];
    for (const [dispatchId, change] of changes) {
      entered.push(...(await this.write(tx, dispatchId, change)));
    }
    if (entered.length === 0) return;
    for (const { state, transport, createdAt } of entered) {
      const labels = { state, transport: transport ?? 'none' };
      dispatchReached.observe(labels, (Date.now() - createdAt.getTime()) / 1_000);
    }
    await this.listener.statesChanged(tx, entered);
  }

  /** @returns the dispatch if it entered another state. */
  private async write(
    tx: TenantTx,
    dispatchId: DispatchId,
    change: DispatchChange,
  ): Promise<DispatchRecord[]> {
    const entries = Object.entries(change) as [keyof DispatchChange, unknown][]; // CAST: keys of a typed literal
    if (entries.length === 0) return [];
    const sets = entries.map(([field], index) => `${CHANGE_COLUMNS[field]} = $${index + 3}`);
    if (change.state !== undefined) {
      sets.push('state_since = now()');
      sets.push(`sent_at = ${sentAt(change.state)}`, `delivered_at = ${deliveredAt(change.state)}`);
    }
    const rows: { state_before: DispatchState }[] = await tx.manager.query(
      `with changed as (
         update dispatches set ${sets.join(', ')}
           from (select state as state_before from dispatches
                  where tenant_id = $1 and id = $2 for update) known
          where tenant_id = $1 and id = $2 returning ${DISPATCHES.columns}, state_before
       ) select * from changed`,
      [tx.tenantId, dispatchId, ...entries.map(([, value]) => toColumn(value))],
    );
    return DISPATCHES.nodes(rows).filter(({ state }, index) => state !== rows[index]?.state_before);
  }

  private async query(
    tx: TenantTx,
    condition: string,
    values: readonly unknown[],
  ): Promise<DispatchRecord[]> {
    const rows: object[] = await tx.manager.query(
      `select ${DISPATCHES.columns} from dispatches where tenant_id = $1 and ${condition}`,
      [tx.tenantId, ...values],
    );
    return DISPATCHES.nodes(rows);
  }
}

function toColumn(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
