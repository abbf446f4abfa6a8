import type { Hex } from 'viem';
import type { ChainId, MoneyId } from '../../schema/caip';
import type { MemberId, RegistryId, SettlementId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { SettlementFilter } from '../../schema/inputs/settlement';
import type { Page } from '../../schema/types/connection';
import type { LaneChoice } from '../../schema/types/dispatch';
import type {
  ApprovalReason,
  SettlementCredit,
  SettlementFailure,
  SettlementRoute,
  SettlementState,
} from '../../schema/types/settlement';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { notifyAllChanged } from '../events/change-notifier';
import { readPage } from '../page';
import type { SettlementRecord } from './settlement-record';

interface SettlementRow {
  id: SettlementId;
  registry_id: RegistryId;
  state: SettlementState;
  provisional: boolean;
  source_chain_id: ChainId;
  destination_chain_id: ChainId;
  asset: MoneyId;
  lane_choice: LaneChoice;
  route: SettlementRoute | null;
  credits: SettlementCredit[];
  amount: string;
  fee_wei: string | null;
  approval_reason: ApprovalReason | null;
  approvals: { memberId: MemberId; approvedAt: string }[];
  attempt: number;
  digest: Hex | null;
  message_id: Hex | null;
  source_transaction_hash: Hex | null;
  destination_transaction_hash: Hex | null;
  failure: SettlementFailure | null;
  waiting_for: string | null;
  created_at: Date;
  state_since: Date;
}

const STORED = `id, registry_id, state, provisional, source_chain_id, destination_chain_id, asset, lane_choice, route,
  credits, amount::text as amount, fee_wei::text as fee_wei, approval_reason, attempt, digest, message_id,
  source_transaction_hash, destination_transaction_hash, failure, waiting_for, created_at, state_since`;
const COLUMNS = `${STORED}, coalesce((
  select jsonb_agg(jsonb_build_object('memberId', a.member_id, 'approvedAt', a.approved_at) order by a.approved_at, a.member_id)
    from settlement_approvals a where a.tenant_id = settlements.tenant_id and a.settlement_id = settlements.id), '[]')
  as approvals`;

/** A settlement as it is asked for. */
export type NewSettlement = Pick<
  SettlementRecord,
  'registryId' | 'sourceChainId' | 'destinationChainId' | 'asset' | 'laneChoice' | 'credits' | 'amount'
> & {
  /** What is settled: equal for equal things. */
  readonly subject: string;
};

/** What became of a settlement; absent fields stay as they are. */
export type SettlementChange = Partial<
  Pick<
    SettlementRecord,
    | 'state'
    | 'provisional'
    | 'route'
    | 'credits'
    | 'amount'
    | 'feeWei'
    | 'approvalReason'
    | 'attempt'
    | 'digest'
    | 'messageId'
    | 'sourceTransactionHash'
    | 'destinationTransactionHash'
    | 'failure'
    | 'waitingFor'
  >
>;

const CHANGE_COLUMNS: { readonly [Field in keyof Required<SettlementChange>]: string } = {
  state: 'state',
  provisional: 'provisional',
  route: 'route',
  credits: 'credits',
  amount: 'amount',
  feeWei: 'fee_wei',
  approvalReason: 'approval_reason',
  attempt: 'attempt',
  digest: 'digest',
  messageId: 'message_id',
  sourceTransactionHash: 'source_transaction_hash',
  destinationTransactionHash: 'destination_transaction_hash',
  failure: 'failure',
  waitingFor: 'waiting_for',
};
const JSON_FIELDS = ['credits', 'failure'];

/** Whoever must know where settlements stand. */
export interface SettlementListener {
  /**
   * Runs in the transaction in which a settlement was made or entered another state, or its state became final.
   *
   * @param before - The state that it was in; undefined if it was made.
   */
  stateChanged(
    tx: TenantTx,
    settlement: SettlementRecord,
    before: SettlementState | undefined,
  ): Promise<void>;
}

/** The settlements of tenants. Rows are never removed. */
export class SettlementRepository {
  constructor(private readonly listener: SettlementListener) {}

  /** @returns the new settlement, or the one like it that is under way. */
  async insertOrFind(
    tx: TenantTx,
    asked: NewSettlement,
  ): Promise<{ settlement: SettlementRecord; isNew: boolean }> {
    const inserted: { id: SettlementId }[] = await tx.manager.query(
      `insert into settlements (tenant_id, registry_id, source_chain_id, destination_chain_id, asset, lane_choice, subject,
                                credits, amount)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (tenant_id, registry_id, source_chain_id, asset, subject) where state not in ('CREDITED', 'FAILED')
       do nothing returning id`,
      [
        tx.tenantId,
        asked.registryId,
        asked.sourceChainId,
        asked.destinationChainId,
        asked.asset,
        asked.laneChoice,
        asked.subject,
        JSON.stringify(asked.credits),
        asked.amount,
      ],
    );
    const [found] = await this.query(
      tx,
      `(id = $2 or $2 is null and registry_id = $3 and source_chain_id = $4 and asset = $5 and subject = $6
        and state not in ('CREDITED', 'FAILED'))`,
      [inserted[0]?.id ?? null, asked.registryId, asked.sourceChainId, asked.asset, asked.subject],
    );
    if (found === undefined) throw new Error('a conflict names a row');
    const isNew = inserted.length === 1;
    if (isNew) await this.announce(tx, found, undefined);
    return { settlement: found, isNew };
  }

  async findByIds(
    tx: TenantTx,
    ids: readonly SettlementId[],
    lock: 'for update' | '' = '',
  ): Promise<SettlementRecord[]> {
    if (ids.length === 0) return [];
    return this.query(tx, `id = any($2) order by id ${lock}`, [ids]);
  }

  async page(
    tx: TenantReads,
    request: PageRequest,
    filter: SettlementFilter,
  ): Promise<Page<SettlementRecord>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: 'settlements',
      where: {
        registry_id: filter?.registryId,
        state: filter?.state,
        source_chain_id: filter?.sourceChainId,
        destination_chain_id: filter?.destinationChainId,
      },
      toNode: toSettlement,
    });
  }

  /**
   * Writes what became of a settlement that is locked, or is still as `known` says.
   *
   * @returns False if it has moved on since `known` was read: then nothing is written.
   */
  async update(tx: TenantTx, known: SettlementRecord, change: SettlementChange): Promise<boolean> {
    const fields = Object.entries(change).filter(([field, value]) => {
      // CAST: a change has the record's own fields.
      return JSON.stringify(known[field as keyof SettlementChange]) !== JSON.stringify(value);
    });
    if (fields.length === 0) return true;
    const sets = fields.map(
      // CAST: as above.
      ([field], index) => `${CHANGE_COLUMNS[field as keyof SettlementChange]} = $${index + 5}`,
    );
    const entered = change.state !== undefined && change.state !== known.state;
    if (entered) sets.push('state_since = now()');
    const rows: unknown[] = await tx.manager.query(
      `with changed as (update settlements set ${sets.join(', ')}
                         where tenant_id = $1 and id = $2 and state = $3 and attempt = $4 returning id)
       select id from changed`,
      [
        tx.tenantId,
        known.id,
        known.state,
        known.attempt,
        ...fields.map(([field, value]) =>
          JSON_FIELDS.includes(field) && value !== null ? JSON.stringify(value) : value,
        ),
      ],
    );
    if (rows.length === 0) return false;
    const isTold = entered || change.provisional !== undefined;
    if (isTold) await this.announce(tx, { ...known, ...change }, known.state);
    else await notifyAllChanged(tx, 'Settlement', [known.id]);
    return true;
  }

  /** Adds a person's approval. @returns False if it was there. */
  async approve(tx: TenantTx, id: SettlementId, memberId: MemberId): Promise<boolean> {
    const rows: unknown[] = await tx.manager.query(
      `insert into settlement_approvals (tenant_id, settlement_id, member_id) values ($1, $2, $3)
       on conflict on constraint settlement_approvals_pkey do nothing returning member_id`,
      [tx.tenantId, id, memberId],
    );
    return rows.length === 1;
  }

  private async announce(
    tx: TenantTx,
    settlement: SettlementRecord,
    before: SettlementState | undefined,
  ): Promise<void> {
    await this.listener.stateChanged(tx, settlement, before);
    await notifyAllChanged(tx, 'Settlement', [settlement.id]);
  }

  private async query(
    tx: TenantTx,
    condition: string,
    values: readonly unknown[],
  ): Promise<SettlementRecord[]> {
    const rows: SettlementRow[] = await tx.manager.query(
      `select ${COLUMNS} from settlements where tenant_id = $1 and ${condition}`,
      [tx.tenantId, ...values],
    );
    return rows.map(toSettlement);
  }
}

function toSettlement(row: SettlementRow): SettlementRecord {
  return {
    id: row.id,
    registryId: row.registry_id,
    state: row.state,
    provisional: row.provisional,
    sourceChainId: row.source_chain_id,
    destinationChainId: row.destination_chain_id,
    asset: row.asset,
    laneChoice: row.lane_choice,
    route: row.route,
    credits: row.credits,
    amount: row.amount,
    feeWei: row.fee_wei,
    approvalReason: row.approval_reason,
    approvals: row.approvals.map(({ memberId, approvedAt }) => ({
      memberId,
      approvedAt: new Date(approvedAt),
    })),
    attempt: row.attempt,
    digest: row.digest,
    messageId: row.message_id,
    sourceTransactionHash: row.source_transaction_hash,
    destinationTransactionHash: row.destination_transaction_hash,
    failure: row.failure,
    waitingFor: row.waiting_for,
    createdAt: row.created_at,
    stateSince: row.state_since,
  };
}
