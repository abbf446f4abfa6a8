import type { Hex } from 'viem';
import type { AccountId, ChainId } from '../../schema/caip';
import type { DispatchId, GuardActionId, RegistryId, WorkId } from '../../schema/ids';
import type { GuardActionFilter } from '../../schema/inputs/guard';
import type { PageRequest } from '../../schema/inputs/page';
import type { TransportKind } from '../../schema/types/chain';
import type { Page } from '../../schema/types/connection';
import type {
  BlockMark,
  GuardAction,
  GuardActionKind,
  GuardActionState,
  LicenceRequest,
  RegistryRole,
  TravelLimit,
} from '../../schema/types/guard-action';
import type { PreparedCall } from '../../schema/types/prepared-call';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readPage } from '../page';

interface GuardActionRow {
  id: GuardActionId;
  registry_id: RegistryId;
  work_id: WorkId | null;
  dispatch_id: DispatchId | null;
  kind: GuardActionKind;
  state: GuardActionState;
  reason: string;
  chain_id: ChainId;
  peer_chain_id: ChainId | null;
  transport: TransportKind | null;
  hold_seconds: number | null;
  owners_root: Hex | null;
  travel_limit: TravelLimit | null;
  role: RegistryRole | null;
  account: AccountId | null;
  licence: LicenceRequest | null;
  consent_nonce: Hex | null;
  prepared_calls: PreparedCall[];
  effect_block: BlockMark | null;
  waiting_for: string | null;
  failure: string | null;
  created_at: Date;
}

const COLUMNS = `id, registry_id, work_id, dispatch_id, kind, state, reason, chain_id, peer_chain_id, transport,
  hold_seconds, owners_root, travel_limit, role, account, licence, consent_nonce, prepared_calls, effect_block, waiting_for, failure,
  created_at`;

/** An action as it is asked for. */
export type NewGuardAction = Omit<
  GuardAction,
  'id' | 'state' | 'ownersRoot' | 'preparedCalls' | 'effectBlock' | 'waitingFor' | 'failure' | 'createdAt'
> & {
  /** What it is done to: equal for equal things. */
  readonly subject: string;
};

export type GuardActionChange = Pick<
  GuardAction,
  'state' | 'waitingFor' | 'failure' | 'preparedCalls' | 'effectBlock'
>;

/** What guardians and owners did and do. Rows are never removed. */
export class GuardActionRepository {
  /** @returns the new action, or the one like it that is under way. */
  async insertOrFind(tx: TenantTx, action: NewGuardAction): Promise<{ action: GuardAction; isNew: boolean }> {
    const inserted: GuardActionRow[] = await tx.manager.query(
      `insert into guard_actions (tenant_id, registry_id, work_id, dispatch_id, kind, reason, chain_id, peer_chain_id,
                                  transport, hold_seconds, subject, travel_limit, role, account, consent_nonce, licence)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
       on conflict (tenant_id, registry_id, kind, subject) where state = 'REQUESTED' do nothing
       returning ${COLUMNS}`,
      [
        tx.tenantId,
        action.registryId,
        action.workId,
        action.dispatchId,
        action.kind,
        action.reason,
        action.chainId,
        action.peerChainId,
        action.transport,
        action.holdSeconds,
        action.subject,
        action.limit && JSON.stringify(action.limit),
        action.role,
        action.account,
        action.consentNonce,
        action.licence && JSON.stringify(action.licence),
      ],
    );
    if (inserted[0] !== undefined) return { action: toAction(inserted[0]), isNew: true };
    const [known] = await this.query(
      tx,
      "registry_id = $2 and kind = $3 and subject = $4 and state = 'REQUESTED'",
      [action.registryId, action.kind, action.subject],
    );
    if (known === undefined) throw new Error('a conflict names a row');
    return { action: known, isNew: false };
  }

  async findByIds(
    tx: TenantTx,
    ids: readonly GuardActionId[],
    lock: 'for update' | '' = '',
  ): Promise<GuardAction[]> {
    return this.query(tx, `id = any($2) order by id ${lock}`, [ids]);
  }

  async page(tx: TenantReads, request: PageRequest, filter: GuardActionFilter): Promise<Page<GuardAction>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: 'guard_actions',
      where: {
        registry_id: filter?.registryId,
        work_id: filter?.workId,
        dispatch_id: filter?.dispatchId,
        kind: filter?.kind,
        state: filter?.state,
      },
      toNode: toAction,
    });
  }

  async update(tx: TenantTx, id: GuardActionId, change: GuardActionChange): Promise<void> {
    await tx.manager.query(
      `update guard_actions set state = $3, waiting_for = $4, failure = $5, prepared_calls = $6, effect_block = $7
        where tenant_id = $1 and id = $2`,
      [
        tx.tenantId,
        id,
        change.state,
        change.waitingFor,
        change.failure,
        JSON.stringify(change.preparedCalls),
        change.effectBlock && JSON.stringify(change.effectBlock),
      ],
    );
  }

  /** The chains that a registry gives up or has given up: nothing is sent there any more. */
  async chainsGivenUp(tx: TenantTx, registryId: RegistryId): Promise<ReadonlySet<ChainId>> {
    const rows: { peer_chain_id: ChainId }[] = await tx.manager.query(
      `select distinct peer_chain_id from guard_actions
        where tenant_id = $1 and registry_id = $2 and kind = 'RETIRE_CHAIN' and state <> 'FAILED'`,
      [tx.tenantId, registryId],
    );
    return new Set(rows.map(({ peer_chain_id }) => peer_chain_id));
  }

  /** Fixes the root of a retirement's tree of last owners. @returns False if it was fixed before; then it stays. */
  async fixOwnersRoot(tx: TenantTx, id: GuardActionId, ownersRoot: Hex): Promise<boolean> {
    const rows: unknown[] = await tx.manager.query(
      `with fixed as (update guard_actions set owners_root = $3
                       where tenant_id = $1 and id = $2 and owners_root is null returning id)
       select id from fixed`,
      [tx.tenantId, id, ownersRoot],
    );
    return rows.length === 1;
  }

  private async query(tx: TenantTx, condition: string, values: readonly unknown[]): Promise<GuardAction[]> {
    const rows: GuardActionRow[] = await tx.manager.query(
      `select ${COLUMNS} from guard_actions where tenant_id = $1 and ${condition}`,
      [tx.tenantId, ...values],
    );
    return rows.map(toAction);
  }
}

function toAction(row: GuardActionRow): GuardAction {
  return {
    id: row.id,
    registryId: row.registry_id,
    workId: row.work_id,
    dispatchId: row.dispatch_id,
    kind: row.kind,
    state: row.state,
    reason: row.reason,
    chainId: row.chain_id,
    peerChainId: row.peer_chain_id,
    transport: row.transport,
    holdSeconds: row.hold_seconds,
    ownersRoot: row.owners_root,
    limit: row.travel_limit,
    role: row.role,
    account: row.account,
    licence: row.licence,
    consentNonce: row.consent_nonce,
    preparedCalls: row.prepared_calls,
    effectBlock: row.effect_block,
    waitingFor: row.waiting_for,
    failure: row.failure,
    createdAt: row.created_at,
  };
}
