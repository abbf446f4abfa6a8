import type { MemberId, RegistryId, SettlementId, TenantId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type {
  ApproveSettlement,
  CancelSettlement,
  RequestSettlement,
  SetSettlementRule,
  SettlementFilter,
} from '../../schema/inputs/settlement';
import { advanceSettlement, lookIntoReceivers, scheduleSettlements } from '../../schema/jobs';
import type { Page } from '../../schema/types/connection';
import { type Settlement, type SettlementRule, SettlementState } from '../../schema/types/settlement';
import { decideOnce, unjournaled } from '../../tenants/step-journal';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import type { OutboxRepository } from '../outbox/outbox-repository';
import { type Batch, batchesOf } from './batches';
import type { CreditCollector } from './credit-collector';
import type { RouteScout } from './route-scout';
import type { RoyaltyForwarder } from './royalty-forwarder';
import {
  LessThanSettledError,
  NothingToSettleError,
  SettlementApprovedBeforeError,
  SettlementNoRouteError,
  SettlementNotAwaitingApprovalError,
  SettlementNotCancellableError,
} from './settlement-errors';
import { CANCELLED } from './settlement-failures';
import { amountOf, type SettlementRecord } from './settlement-record';
import type { SettlementRepository } from './settlement-repository';
import type { SettlementRuleRepository } from './settlement-rule-repository';

/** How many different people approve what needs approval. */
export const APPROVALS_NEEDED = 2;

/** Nothing is signed of these yet. */
const CANCELLABLE: ReadonlySet<SettlementState> = new Set([
  SettlementState.REQUESTED,
  SettlementState.AWAITING_APPROVAL,
  SettlementState.APPROVED,
]);

export interface SettlementStores {
  readonly settlements: SettlementRepository;
  readonly settlementRules: SettlementRuleRepository;
  readonly outbox: OutboxRepository;
}

/** Accepts settlements and approvals; workers carry them out. */
export class SettlementService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: SettlementStores,
    private readonly collector: CreditCollector,
    private readonly forwarder: Pick<RoyaltyForwarder, 'ask'>,
    private readonly routes: RouteScout,
  ) {}

  /**
   * Asks for all to be settled that is owed and final: one settlement for each asset and chain of payees. Asking again
   * for what is under way answers the first settlement. What is less than the asset's rule lets settle is left out, and so
   * is what no bridge carries: it stays credited where it is. What lies in receivers is forwarded, and can be settled once
   * that is final.
   *
   * @throws {@link NotFoundError}, {@link NothingToSettleError}, {@link LessThanSettledError}, {@link SettlementNoRouteError}
   */
  async request(tenantId: TenantId, input: RequestSettlement): Promise<Settlement[]> {
    return decideOnce('settlements', () => this.accept(tenantId, input));
  }

  /**
   * Approves a settlement as one of {@link APPROVALS_NEEDED} people; with the last of them it goes on.
   *
   * @throws {@link NotFoundError}, {@link SettlementApprovedBeforeError}, {@link SettlementNotAwaitingApprovalError}
   */
  async approve(tenantId: TenantId, memberId: MemberId, input: ApproveSettlement): Promise<Settlement> {
    const { settlementId, amount } = input;
    return this.database.transaction(tenantId, async (tx) => {
      const known = await this.lock(tx, settlementId);
      if (known.state !== SettlementState.AWAITING_APPROVAL)
        throw new SettlementNotAwaitingApprovalError(`it is ${known.state}`);
      if (known.amount !== amount)
        throw new SettlementNotAwaitingApprovalError(`its amount is ${known.amount}`);
      // Approvals that were read with the lock may be older than it: the table's key and a new look tell.
      if (!(await this.stores.settlements.approve(tx, settlementId, memberId)))
        throw new SettlementApprovedBeforeError();
      const approved = await this.lock(tx, settlementId);
      if (approved.approvals.length < APPROVALS_NEEDED) {
        await this.stores.settlements.update(tx, approved, { waitingFor: 'the approval of another person' });
        return this.lock(tx, settlementId);
      }
      await this.stores.settlements.update(tx, approved, {
        state: SettlementState.APPROVED,
        waitingFor: null,
      });
      await this.wake(tx, settlementId);
      return this.lock(tx, settlementId);
    });
  }

  /**
   * Takes back what was asked for and has not been submitted: the money is where it was, and can be settled anew.
   *
   * @throws {@link NotFoundError}, {@link SettlementNotCancellableError}
   */
  async cancel(tenantId: TenantId, { settlementId }: CancelSettlement): Promise<Settlement> {
    return this.database.transaction(tenantId, async (tx) => {
      const known = await this.lock(tx, settlementId);
      if (!CANCELLABLE.has(known.state)) throw new SettlementNotCancellableError(known.state);
      // Whoever is carrying it out meanwhile writes nothing any more: the state is another.
      await this.stores.settlements.update(tx, known, {
        state: SettlementState.FAILED,
        failure: CANCELLED,
        waitingFor: null,
      });
      return this.lock(tx, settlementId);
    });
  }

  /** Replaces the rule of an asset. What waits for approval or a price is held to it from its next look on. */
  async setRule(tenantId: TenantId, rule: SetSettlementRule): Promise<SettlementRule> {
    await this.database.transaction(tenantId, async (tx) => {
      await this.stores.settlementRules.set(tx, rule);
      await this.stores.outbox.add(tx, lookIntoReceivers, { tenantId });
      const notBefore = await this.stores.settlementRules.nextDue(tx);
      if (notBefore !== undefined)
        await this.stores.outbox.add(tx, scheduleSettlements, { tenantId }, { notBefore });
    });
    return rule;
  }

  async rules(tenantId: TenantId): Promise<SettlementRule[]> {
    return this.database.read(tenantId, (tx) => this.stores.settlementRules.all(tx));
  }

  /** @throws {@link NotFoundError} if the tenant has no such settlement. */
  async get(tenantId: TenantId, id: SettlementId): Promise<Settlement> {
    const [found] = await this.findByIds(tenantId, [id]);
    if (found === undefined) throw new NotFoundError('Settlement', id);
    return found;
  }

  async findByIds(tenantId: TenantId, ids: readonly SettlementId[]): Promise<Settlement[]> {
    return this.database.read(tenantId, (tx) => this.stores.settlements.findByIds(tx, ids));
  }

  async page(tenantId: TenantId, request: PageRequest, filter: SettlementFilter): Promise<Page<Settlement>> {
    return this.database.read(tenantId, (tx) => this.stores.settlements.page(tx, request, filter));
  }

  private async accept(tenantId: TenantId, input: RequestSettlement): Promise<Settlement[]> {
    const { registryId, lane, ...query } = input;
    // No part of the decision: what is being forwarded is not forwarded twice.
    const forwards = await unjournaled(() => this.forwarder.ask(tenantId, { registryId, ...query }, true));
    const owed = batchesOf(await this.collector.owed(tenantId, registryId, query));
    if (owed.length === 0) throw new NothingToSettleError(forwards.length > 0);
    const least = new Map((await this.rules(tenantId)).map(({ asset, minAmount }) => [asset, minAmount]));
    const batches = owed.filter(({ asset, credits }) => amountOf(credits) >= BigInt(least.get(asset) ?? 0));
    if (batches.length === 0) throw new LessThanSettledError();
    const { going, stranded } = await this.routes.scout(tenantId, registryId, batches, lane);
    if (going.length === 0) throw new SettlementNoRouteError(stranded);
    return this.database.transaction(tenantId, async (tx) => {
      const settlements: Settlement[] = [];
      for (const batch of going) settlements.push(await this.begin(tx, registryId, batch, lane));
      return settlements;
    });
  }

  private async begin(
    tx: TenantTx,
    registryId: RegistryId,
    batch: Batch,
    laneChoice: SettlementRecord['laneChoice'],
  ): Promise<Settlement> {
    const amount = String(amountOf(batch.credits));
    const { settlement, isNew } = await this.stores.settlements.insertOrFind(tx, {
      ...batch,
      registryId,
      laneChoice,
      amount,
    });
    if (isNew) await this.wake(tx, settlement.id);
    return settlement;
  }

  private async wake(tx: TenantTx, settlementId: SettlementId): Promise<void> {
    const payload = { tenantId: tx.tenantId, settlementId };
    await this.stores.outbox.add(tx, advanceSettlement, payload);
  }

  private async lock(tx: TenantTx, id: SettlementId): Promise<SettlementRecord> {
    const [found] = await this.stores.settlements.findByIds(tx, [id], 'for update');
    if (found === undefined) throw new NotFoundError('Settlement', id);
    return found;
  }
}
