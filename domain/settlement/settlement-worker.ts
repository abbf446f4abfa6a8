import type { Address } from 'viem';
import type { Call } from '../../chains/evm/registry/calls';
import { payeeOf } from '../../chains/evm/registry/payees';
import { payCall, remitCall, settlementKey } from '../../chains/evm/registry/vault-calls';
import { VaultReader } from '../../chains/evm/registry/vault-reads';
import type { Signers } from '../../chains/signers/signers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { revertDataOf } from '../../chains/transactions/revert-data';
import { type ChainTransaction, hasFailed, TransactionState } from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import { evmTokenOf } from '../../schema/caip';
import type { SettlementId, TenantId } from '../../schema/ids';
import type { Lane } from '../../schema/types/chain';
import type { Registry } from '../../schema/types/registry';
import {
  type SettlementCredit,
  type SettlementFailure,
  SettlementRoute,
  type SettlementRule,
  SettlementState,
} from '../../schema/types/settlement';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { ChainLogRepository } from '../chain-state/log-repository';
import { withFeeMargin } from '../dispatch/fee-margin';
import type { LaneService } from '../dispatch/lane-service';
import { describeRevert } from '../dispatch/revert-reason';
import { heldBecause } from '../held-transaction';
import type { RegistryRepository } from '../registry/registry-repository';
import { verdictOf } from './cost-cap';
import { vaultOn } from './credit-collector';
import { findRoute, remittanceOf } from './route-finder';
import type { SettlementCosts } from './settlement-costs';
import type { SettlementDelivery } from './settlement-delivery';
import { approvalLapsed, NOTHING_OWED, noRoute, refusedByChain } from './settlement-failures';
import {
  amountOf,
  type SettlementRecord,
  type SettlementStep,
  settlementIntentKey,
} from './settlement-record';
import type { SettlementChange, SettlementRepository } from './settlement-repository';
import type { SettlementRuleRepository } from './settlement-rule-repository';

/** How soon to look again for what is on its way, in milliseconds. */
const SOON_MS = 1_000;
/** … for what a person or the market has to change: later as it takes longer. */
const LATER_MS = 15_000;
const LATEST_MS = 300_000;
/** For how long a bridge may ask for more than was approved before the approval has lapsed. */
const APPROVAL_HOLDS_MS = 24 * 3_600_000;
/** How often a chain may refuse what was sent (each time costs gas) before a person has to look. */
const MAX_ATTEMPTS = 5;

export interface SettlementWorkerStores {
  readonly settlements: SettlementRepository;
  readonly settlementRules: SettlementRuleRepository;
  readonly registries: RegistryRepository;
  readonly logs: ChainLogRepository;
}

export interface SettlementChains {
  readonly transactions: Pick<TransactionManager, 'find' | 'submit'>;
  readonly accesses: ChainAccesses;
  readonly signers: Signers;
}

/** A settlement with what decides its next step. */
interface Subject {
  readonly settlement: SettlementRecord;
  readonly vault: Address;
  readonly registry: Registry;
  readonly lanes: readonly Lane[];
  readonly rule: SettlementRule | undefined;
  /** Height up to which the source is final. */
  readonly finalBlock: bigint;
}

/** A settlement's one transaction on its source, as it is to be submitted. */
interface Departing {
  readonly step: Extract<SettlementStep, 'pay' | 'remit'>;
  readonly call: Call;
  readonly valueWei: bigint;
}

/**
 * Carries settlements out. What is settled and how is written down before anything is signed, each step is one
 * transaction with an intent of its own, and the vault takes a settlement's name once: so a step that is begun again,
 * after whatever crash, is the same step.
 */
export class SettlementWorker {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: SettlementWorkerStores,
    private readonly chains: SettlementChains,
    private readonly lanes: Pick<LaneService, 'lanesOf'>,
    private readonly delivery: SettlementDelivery,
    private readonly costs: SettlementCosts,
  ) {}

  /** @returns undefined when nothing is left to do for now; else how long to wait before asking again, in milliseconds. */
  async advance(tenantId: TenantId, settlementId: SettlementId): Promise<number | undefined> {
    const subject = await this.load(tenantId, settlementId);
    const { settlement } = subject;
    const unpaid = await this.costs.post(tenantId, settlement, subject.registry);
    switch (settlement.state) {
      case SettlementState.REQUESTED:
      case SettlementState.APPROVED:
        return this.prepare(tenantId, subject);
      case SettlementState.SUBMITTED:
        return this.submit(tenantId, subject);
      case SettlementState.SENT: {
        const { waitingFor, lookAgainMs } = await this.delivery.moveOn(
          tenantId,
          settlement,
          subject.registry,
        );
        await this.record(tenantId, settlement, { waitingFor });
        return lookAgainMs;
      }
      default:
        return unpaid ? SOON_MS : undefined;
    }
  }

  /** Decides what is settled and how, and writes that down. */
  private async prepare(tenantId: TenantId, subject: Subject): Promise<number | undefined> {
    const { settlement, rule } = subject;
    const vault = await this.look(subject);
    const credits = await this.collect(subject, vault);
    if (credits.length === 0) return this.fail(tenantId, settlement, NOTHING_OWED);
    const isLocal = settlement.sourceChainId === settlement.destinationChainId;
    const found = isLocal ? undefined : await this.route(tenantId, subject, vault, credits);
    if (found?.kind === 'none')
      return this.fail(tenantId, settlement, noRoute(settlement.sourceChainId, found.reason));
    if (found?.kind === 'wait') return this.wait(tenantId, settlement, found.waitingFor);
    const route = found?.offer.transport ?? SettlementRoute.LOCAL;
    const feeWei = found?.offer.feeWei ?? 0n;
    const settled = found?.offer.credits ?? credits;
    const amount = amountOf(settled);
    const plan = { route, credits: [...settled], amount: String(amount), feeWei: String(feeWei) };
    if (settlement.state === SettlementState.APPROVED) {
      const isDearer = feeWei > withFeeMargin(BigInt(settlement.feeWei ?? 0));
      if (isDearer && ageOf(settlement) > APPROVAL_HOLDS_MS)
        return this.fail(tenantId, settlement, approvalLapsed(feeWei));
      if (isDearer)
        return this.wait(
          tenantId,
          settlement,
          `the bridge to ask no more than was approved (now ${feeWei} wei)`,
        );
    } else {
      const verdict = verdictOf({ route, amount, feeWei }, rule);
      if (verdict.kind === 'wait')
        return this.wait(tenantId, settlement, `a lower price: ${route} asks ${feeWei} wei`, plan);
      if (verdict.kind === 'ask') {
        await this.record(tenantId, settlement, {
          ...plan,
          state: SettlementState.AWAITING_APPROVAL,
          approvalReason: verdict.reason,
          waitingFor: 'the approval of two people',
        });
        return undefined;
      }
    }
    await this.record(tenantId, settlement, { ...plan, state: SettlementState.SUBMITTED, waitingFor: null });
    return 0;
  }

  /** What is owed by a final block and is still there; of what was approved no more than that. */
  private async collect(
    { settlement, vault: address, finalBlock }: Subject,
    latest: VaultReader,
  ): Promise<SettlementCredit[]> {
    const { asset, credits, state, sourceChainId } = settlement;
    const token = evmTokenOf(asset);
    const final = VaultReader.at(this.chains.accesses.get(sourceChainId).public, address, finalBlock);
    const owed = await Promise.all(
      credits.map(async (credit) => {
        const payee = payeeOf(credit.payee, credit.claimant);
        const amounts = await Promise.all([final.creditOf(token, payee), latest.creditOf(token, payee)]);
        if (state === SettlementState.APPROVED) amounts.push(BigInt(credit.amount));
        return { ...credit, amount: String(amounts.reduce((one, other) => (one < other ? one : other))) };
      }),
    );
    return owed.filter(({ amount }) => amount !== '0');
  }

  private async route(
    tenantId: TenantId,
    { settlement, lanes }: Subject,
    vault: VaultReader,
    credits: readonly SettlementCredit[],
  ) {
    const { address: settler } = await this.chains.signers.accountFor(tenantId, settlement.sourceChainId);
    return findRoute({ settlement, vault, settler, lanes }, credits);
  }

  /** Sends what was written down, or follows it. */
  private async submit(tenantId: TenantId, subject: Subject): Promise<number | undefined> {
    const { settlement } = subject;
    const step = settlement.route === SettlementRoute.LOCAL ? 'pay' : 'remit';
    const intentKey = settlementIntentKey(settlement.id, step, settlement.attempt);
    const known = await this.chains.transactions.find(tenantId, intentKey);
    if (known !== undefined) return this.follow(tenantId, subject, step, known);
    const vault = await this.look(subject);
    // An earlier transaction of this settlement was mined after all: its event says the rest.
    if (step === 'remit' && (await vault.isRemitted(settlementKey(settlement.id)))) return SOON_MS;
    if (isShut(subject)) return this.again(tenantId, settlement, 'its lane is paused', settlement.attempt);
    try {
      const { call, valueWei } = await this.departing(tenantId, subject, vault);
      const { sourceChainId: chainId } = settlement;
      await this.chains.transactions.submit({ tenantId, chainId, intentKey, valueWei, ...call });
      await this.record(tenantId, settlement, { waitingFor: `${step} to be final` });
      return SOON_MS;
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      return this.again(tenantId, settlement, describeRevert(error.revertData), settlement.attempt);
    }
  }

  private async departing(
    tenantId: TenantId,
    { settlement, vault }: Subject,
    reader: VaultReader,
  ): Promise<Departing> {
    const { route, credits, asset } = settlement;
    const [first] = credits;
    if (route === null || first === undefined) throw new Error('what is submitted has a route and credits');
    if (route === SettlementRoute.LOCAL)
      return { step: 'pay', call: payCall(vault, evmTokenOf(asset), first.payee), valueWei: 0n };
    const { address: settler } = await this.chains.signers.accountFor(tenantId, settlement.sourceChainId);
    const remittance = remittanceOf(settlement, route, credits);
    const feeWei = await priced(reader, remittance, settler);
    return { step: 'remit', call: remitCall(vault, remittance), valueWei: withFeeMargin(feeWei) };
  }

  /** A transaction that is under way, or has ended without showing its effect. */
  private async follow(
    tenantId: TenantId,
    subject: Subject,
    step: SettlementStep,
    transaction: ChainTransaction,
  ): Promise<number | undefined> {
    const { settlement } = subject;
    const isOver =
      transaction.state === TransactionState.Dropped || transaction.state === TransactionState.Final;
    if (!isOver) {
      const isHeld = transaction.state === TransactionState.Held;
      const waitingFor = isHeld ? heldBecause(transaction).reason : `${step} to be final`;
      await this.record(tenantId, settlement, { waitingFor });
      return SOON_MS;
    }
    if (hasFailed(transaction)) {
      const reason = describeRevert(transaction.revertData);
      return this.again(tenantId, settlement, reason, settlement.attempt + 1);
    }
    // The record shows it in a moment; but a payment that its payee refuses, or that found nothing, shows nothing.
    const ending =
      step === 'pay' ? await this.delivery.endOfPayout(settlement, subject.vault, transaction) : undefined;
    if (ending !== undefined) return this.fail(tenantId, settlement, ending);
    return SOON_MS;
  }

  /** Decides anew, with the amounts and prices of then; under the same name on chain, so that it cannot go twice. */
  private async again(
    tenantId: TenantId,
    settlement: SettlementRecord,
    reason: string,
    attempt: number,
  ): Promise<number | undefined> {
    if (attempt > MAX_ATTEMPTS) return this.fail(tenantId, settlement, refusedByChain(reason, MAX_ATTEMPTS));
    const state = settlement.approvalReason === null ? SettlementState.REQUESTED : SettlementState.APPROVED;
    const waitingFor = `the chain to take it: ${reason}`;
    await this.record(tenantId, settlement, { state, attempt, waitingFor });
    return laterMs(settlement);
  }

  private async wait(
    tenantId: TenantId,
    settlement: SettlementRecord,
    waitingFor: string,
    plan: SettlementChange = {},
  ): Promise<number> {
    await this.record(tenantId, settlement, { ...plan, waitingFor });
    return laterMs(settlement);
  }

  private async fail(
    tenantId: TenantId,
    settlement: SettlementRecord,
    failure: SettlementFailure,
  ): Promise<undefined> {
    await this.record(tenantId, settlement, { state: SettlementState.FAILED, failure, waitingFor: null });
  }

  /** Leaves out what was decided on an older state: the record has moved the settlement on meanwhile. */
  private async record(
    tenantId: TenantId,
    settlement: SettlementRecord,
    change: SettlementChange,
  ): Promise<void> {
    await this.database.transaction(tenantId, (tx) => this.stores.settlements.update(tx, settlement, change));
  }

  private look({ settlement, vault }: Subject): Promise<VaultReader> {
    return VaultReader.atLatest(this.chains.accesses.get(settlement.sourceChainId).public, vault);
  }

  private async load(tenantId: TenantId, settlementId: SettlementId): Promise<Subject> {
    return this.database.transaction(tenantId, async (tx) => {
      const [settlement] = await this.stores.settlements.findByIds(tx, [settlementId]);
      if (settlement === undefined) throw new Error(`job of an unknown settlement ${settlementId}`);
      const { sourceChainId, asset } = settlement;
      const registry = await this.stores.registries.get(tx, settlement.registryId);
      const vault = vaultOn(registry, sourceChainId);
      const cursor = (await this.stores.logs.cursors(tx, [sourceChainId])).get(sourceChainId);
      if (vault === null || cursor === undefined)
        throw new Error('a settlement is of a vault that is followed');
      return {
        settlement,
        vault,
        registry,
        lanes: await this.lanes.lanesOf(tx, registry),
        rule: await this.stores.settlementRules.find(tx, asset),
        finalBlock: BigInt(cursor.final.number),
      };
    });
  }
}

/** @throws {@link ExecutionRevertedError} if the vault or the bridge would refuse it now. */
async function priced(
  reader: VaultReader,
  remittance: Parameters<VaultReader['priceOf']>[0],
  settler: Address,
): Promise<bigint> {
  try {
    return await reader.priceOf(remittance, settler);
  } catch (error) {
    const data = revertDataOf(error);
    if (data === undefined) throw error;
    throw new ExecutionRevertedError(data, { cause: error });
  }
}

function ageOf({ stateSince }: SettlementRecord): number {
  return Date.now() - stateSince.getTime();
}

function laterMs(settlement: SettlementRecord): number {
  return Math.min(LATEST_MS, Math.max(LATER_MS, ageOf(settlement) / 8));
}

/** Whether the guardian has paused the lane since the route was chosen. */
function isShut({ settlement, lanes }: Subject): boolean {
  return lanes.some(
    ({ sourceChainId, destinationChainId, transport, paused }) =>
      paused &&
      transport === settlement.route &&
      sourceChainId === settlement.sourceChainId &&
      destinationChainId === settlement.destinationChainId,
  );
}
