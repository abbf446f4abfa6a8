import type { Hex } from 'viem';
import type { ChainId, MoneyId } from '../../schema/caip';
import type { GuardActionId, RegistryId } from '../../schema/ids';
import type { GuardActionFilter } from '../../schema/inputs/guard';
import type { PageRequest } from '../../schema/inputs/page';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import type { GuardAction } from '../../schema/types/guard-action';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { guardActionChanges } from '../metrics';
import { nodeSelection, readPage } from '../page';
import { GUARD_ACTIONS } from './guard-action-rows';

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
    const inserted: object[] = await tx.manager.query(
      `insert into guard_actions (tenant_id, registry_id, work_id, dispatch_id, kind, reason, chain_id, peer_chain_id,
                                  transport, hold_seconds, subject, travel_limit, role, account, consent_nonce, licence, policy,
                                  asset, amount)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
       on conflict (tenant_id, registry_id, kind, subject) where state = 'REQUESTED' do nothing
       returning ${GUARD_ACTIONS.columns}`,
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
        action.policy && JSON.stringify(action.policy),
        action.asset,
        action.amount,
      ],
    );
    const [added] = GUARD_ACTIONS.nodes(inserted);
    if (added !== undefined) {
      guardActionChanges.inc({ kind: added.kind, state: added.state });
      return { action: added, isNew: true };
    }
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

  async page(
    tx: TenantReads,
    request: PageRequest,
    filter: GuardActionFilter,
    selection?: Selection,
  ): Promise<Page<GuardAction>> {
    return readPage(tx, request, {
      ...GUARD_ACTIONS.select(nodeSelection(selection)),
      selection,
      where: {
        registry_id: filter?.registryId,
        work_id: filter?.workId,
        dispatch_id: filter?.dispatchId,
        kind: filter?.kind,
        state: filter?.state,
      },
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
    return (await this.chainsGivenUpOf(tx, [registryId])).get(registryId) ?? new Set();
  }

  /** As {@link chainsGivenUp}, of several registries; those that give up none are not in it. */
  async chainsGivenUpOf(
    tx: TenantTx,
    registryIds: readonly RegistryId[],
  ): Promise<ReadonlyMap<RegistryId, ReadonlySet<ChainId>>> {
    const rows: { registry_id: RegistryId; chains: ChainId[] }[] = await tx.manager.query(
      `select registry_id, array_agg(distinct peer_chain_id) as chains from guard_actions
        where tenant_id = $1 and registry_id = any($2) and kind = 'RETIRE_CHAIN' and state <> 'FAILED'
        group by registry_id`,
      [tx.tenantId, registryIds],
    );
    return new Map(rows.map(({ registry_id, chains }) => [registry_id, new Set(chains)]));
  }

  /** What is under way to have a royalty policy known on chains. */
  async statingPolicies(tx: TenantTx, registryId: RegistryId): Promise<GuardAction[]> {
    return this.query(tx, "registry_id = $2 and policy is not null and state = 'REQUESTED' order by id", [
      registryId,
    ]);
  }

  /** The last forward of each asset out of the receivers of each of these registries. */
  async lastForwards(tx: TenantTx, registryIds: readonly RegistryId[]): Promise<GuardAction[]> {
    return this.query(
      tx,
      `id in (select distinct on (registry_id, asset) id from guard_actions
               where tenant_id = $1 and registry_id = any($2) and kind = 'FORWARD_ROYALTIES'
               order by registry_id, asset, created_at desc)`,
      [registryIds],
    );
  }

  /** Whether a forward of an asset is under way in any registry. */
  async isForwarding(tx: TenantTx, asset: MoneyId): Promise<boolean> {
    const condition = "kind = 'FORWARD_ROYALTIES' and asset = $2 and state = 'REQUESTED' limit 1";
    return (await this.query(tx, condition, [asset])).length > 0;
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
    const rows: object[] = await tx.manager.query(
      `select ${GUARD_ACTIONS.columns} from guard_actions where tenant_id = $1 and ${condition}`,
      [tx.tenantId, ...values],
    );
    return GUARD_ACTIONS.nodes(rows);
  }
}
