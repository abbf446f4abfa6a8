import type { Address, Hex } from 'viem';
import { type Call, retryStatementCall, sendStateCall, sendWorkCall } from '../../chains/evm/registry/calls';
import type { Signers } from '../../chains/signers/signers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { hasFailed } from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import { ErrorCode } from '../../schema/error-codes';
import type { DispatchId, TenantId } from '../../schema/ids';
import type { Lane } from '../../schema/types/chain';
import { DispatchKind, DispatchState } from '../../schema/types/dispatch';
import type { Registry } from '../../schema/types/registry';
import type { Work } from '../../schema/types/work';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { notifyChanged } from '../events/change-notifier';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import { addressOn } from '../registry/account-address';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';
import type { WorkRepository } from '../registry/work-repository';
import { failure } from './dispatch-progress';
import { type DispatchRecord, dispatchIntentKey } from './dispatch-record';
import type { DispatchRepository } from './dispatch-repository';
import { missingApproval } from './escrow-approval';
import { withFeeMargin } from './fee-margin';
import { chooseLane, fits, type LaneOffer, lanesNeeded } from './lane-chooser';
import type { Cargo, LaneQuoter } from './lane-quoter';
import type { LaneService } from './lane-service';
import { describeRevert, isLimitReached, roomInTheLane } from './revert-reason';
import { sentStatement } from './sent-statement';

export interface SenderStores {
  readonly registries: RegistryRepository;
  readonly works: WorkRepository;
  readonly dispatches: DispatchRepository;
  readonly events: RegistryEventRepository;
}

export interface SenderChains {
  readonly transactions: TransactionManager;
  readonly quoter: LaneQuoter;
  readonly signers: Signers;
  readonly accesses: ChainAccesses;
}

interface Subject {
  readonly dispatch: DispatchRecord;
  readonly work: Work;
  readonly registry: Registry;
  readonly lanes: readonly Lane[];
}

/** How soon to look again for what is on its way, in milliseconds. */
const SOON_MS = 500;
/** … and for room under a limit that fills up by the day. */
const LIMIT_MS = 5_000;

/** Carries dispatches out: chooses the lane and sends the transaction. Runs at least once; sends at most once. */
export class DispatchSender {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: SenderStores,
    private readonly lanes: LaneService,
    private readonly chains: SenderChains,
  ) {}

  /** @returns undefined when nothing is left to do; else how long to wait before asking again, in milliseconds. */
  async submit(tenantId: TenantId, dispatchId: DispatchId): Promise<number | undefined> {
    const subject = await this.load(tenantId, dispatchId);
    const { dispatch, work } = subject;
    if (dispatch.state === DispatchState.FAILED && dispatch.digest !== null) {
      await this.applyAgain(tenantId, subject, dispatch.digest as Hex);
      return undefined;
    }
    // A transaction is stored together with the state that it brings: a requested dispatch has none yet.
    if (dispatch.state !== DispatchState.REQUESTED) return undefined;
    // A reorg may have taken the mint back, and home may not have stated the revision yet.
    if (work.tokenId === null) return SOON_MS;
    if (dispatch.kind === DispatchKind.STATE && work.revision < (dispatch.revision ?? 0)) return SOON_MS;
    try {
      return await this.send(tenantId, subject);
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      if (isLimitReached(error.revertData)) return this.waitForLimit(tenantId, dispatch, error.revertData);
      // What the chain shows may still change below finality: a refusal counts only on firm ground.
      if (work.provisional) return SOON_MS;
      await this.refuse(tenantId, dispatch, `The source refused it: ${describeRevert(error.revertData)}`);
      return undefined;
    }
  }

  private async send(tenantId: TenantId, subject: Subject): Promise<number | undefined> {
    const { dispatch, registry, lanes } = subject;
    const { gateway } = contractsOn(registry, dispatch.sourceChainId);
    const { address } = await this.chains.signers.accountFor(tenantId, dispatch.sourceChainId);
    if (lanes.length < lanesNeeded(dispatch.laneChoice)) return SOON_MS;
    const cargo = cargoOf(subject, address);
    if (cargo.kind === 'WORK' && dispatch.permit === null) {
      const wait = await this.approveEscrow(tenantId, subject, cargo.sender);
      if (wait !== undefined) return wait;
    }
    const offers = await this.chains.quoter.offers(tenantId, registry, lanes, cargo, dispatch.laneChoice);
    const offer = chooseLane(dispatch.laneChoice, offers);
    if (offer === undefined) return SOON_MS;
    if (!(await this.record(tenantId, dispatch, offer))) return undefined;
    await this.chains.transactions.submit({
      tenantId,
      chainId: dispatch.sourceChainId,
      intentKey: dispatchIntentKey(dispatch),
      valueWei: withFeeMargin(offer.feeWei),
      ...callOf(subject, address, gateway, offer),
    });
    return undefined;
  }

  /**
   * Lets the adapter take an adopted token that the tenant's own account holds.
   *
   * @returns How long to wait for that, in milliseconds; undefined if nothing is missing.
   */
  private async approveEscrow(
    tenantId: TenantId,
    { dispatch, work, registry }: Subject,
    holder: Address,
  ): Promise<number | undefined> {
    const { sourceChainId: chainId } = dispatch;
    const { accesses, transactions } = this.chains;
    const call = await missingApproval(accesses, registry, {
      sourceChainId: chainId,
      holder,
      seed: seedOf(work),
    });
    if (call === undefined) return undefined;
    const intentKey = `escrow:${dispatch.id}:${dispatch.attempt}`;
    const approval = await transactions.submit({ tenantId, chainId, intentKey, valueWei: 0n, ...call });
    if (hasFailed(approval)) {
      await this.refuse(
        tenantId,
        dispatch,
        `The adopted contract refused the approval: ${describeRevert(approval.revertData)}`,
      );
      return undefined;
    }
    await this.showWaiting(tenantId, dispatch, 'the approval of its escrow');
    return SOON_MS;
  }

  /** The lane has let as many works pass as its limit allows for now. Nothing was sent; there will be room again. */
  private async waitForLimit(tenantId: TenantId, dispatch: DispatchRecord, revertData: Hex): Promise<number> {
    await this.showWaiting(tenantId, dispatch, roomInTheLane(revertData));
    return LIMIT_MS;
  }

  private async showWaiting(tenantId: TenantId, dispatch: DispatchRecord, waitingFor: string): Promise<void> {
    if (dispatch.waitingFor === waitingFor) return;
    await this.database.transaction(tenantId, async (tx) => {
      if (!(await this.isUnchanged(tx, dispatch))) return;
      await this.stores.dispatches.update(tx, dispatch.id, { waitingFor });
      await notifyChanged(tx, 'Dispatch', dispatch.id);
    });
  }

  /** Asks the destination to apply a statement again that failed there. Anyone may; no bridge is involved. */
  private async applyAgain(tenantId: TenantId, { dispatch, registry }: Subject, digest: Hex): Promise<void> {
    const [sent] = await this.database.transaction(tenantId, (tx) =>
      this.stores.events.find(tx, registry.id, { digests: [digest], names: ['StatementSent'] }),
    );
    if (sent === undefined)
      throw new Error(`the statement of dispatch ${dispatch.id} was sent, so its event is known`);
    const message = await sentStatement(this.chains.accesses, sent);
    const { gateway } = contractsOn(registry, dispatch.destinationChainId);
    try {
      await this.chains.transactions.submit({
        tenantId,
        chainId: dispatch.destinationChainId,
        intentKey: `apply:${dispatch.id}:${dispatch.attempt}`,
        valueWei: 0n,
        ...retryStatementCall(gateway, message),
      });
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      await this.refuse(
        tenantId,
        dispatch,
        `The destination refused it again: ${describeRevert(error.revertData)}`,
      );
    }
  }

  private async load(tenantId: TenantId, dispatchId: DispatchId): Promise<Subject> {
    return this.database.transaction(tenantId, async (tx) => {
      const [dispatch] = await this.stores.dispatches.findByIds(tx, [dispatchId]);
      if (dispatch === undefined) throw new Error(`job of an unknown dispatch ${dispatchId}`);
      const [work] = await this.stores.works.findByIds(tx, [dispatch.workId]);
      if (work === undefined) throw new Error(`dispatch ${dispatchId} has no work`);
      const registry = await this.stores.registries.get(tx, dispatch.registryId);
      const lanes = (await this.lanes.lanesOf(tx, registry)).filter(
        (lane) =>
          lane.open &&
          !lane.paused &&
          fits(dispatch.laneChoice, lane.transport) &&
          lane.sourceChainId === dispatch.sourceChainId &&
          lane.destinationChainId === dispatch.destinationChainId,
      );
      return { dispatch, work, registry, lanes };
    });
  }

  /** @returns False if the dispatch has gone on without this run: then there is nothing to send. */
  private async record(
    tenantId: TenantId,
    dispatch: DispatchRecord,
    { transport, feeWei }: LaneOffer,
  ): Promise<boolean> {
    return this.database.transaction(tenantId, async (tx) => {
      if (!(await this.isUnchanged(tx, dispatch))) return false;
      await this.stores.dispatches.update(tx, dispatch.id, { transport, feeWei: String(feeWei) });
      return true;
    });
  }

  private async refuse(tenantId: TenantId, dispatch: DispatchRecord, reason: string): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      if (!(await this.isUnchanged(tx, dispatch))) return;
      const nextStep = 'Remove the cause, then call retryDispatch.';
      await this.stores.dispatches.update(tx, dispatch.id, {
        state: DispatchState.FAILED,
        failure: failure(ErrorCode.ExecutionReverted, reason, nextStep),
        waitingFor: null,
      });
      await notifyChanged(tx, 'Dispatch', dispatch.id);
    });
  }

  /** Locks the dispatch. Its holder may have sent the work, or a person retried it, since this run began. */
  private async isUnchanged(tx: TenantTx, { id, state, attempt }: DispatchRecord): Promise<boolean> {
    const [now] = await this.stores.dispatches.findByIds(tx, [id], 'for update');
    return now?.state === state && now.attempt === attempt;
  }
}

function cargoOf({ dispatch, work }: Subject, account: Address): Cargo {
  const tokenId = tokenOf(work);
  const { destinationChainId } = dispatch;
  if (dispatch.kind === DispatchKind.STATE) return { kind: 'STATE', destinationChainId, tokenId };
  return { kind: 'WORK', send: sendOf(dispatch, work, account), sender: dispatch.permit?.holder ?? account };
}

function callOf(
  { dispatch, work }: Subject,
  account: Address,
  gateway: Address,
  { transport }: LaneOffer,
): Call {
  if (dispatch.kind === DispatchKind.STATE) {
    return sendStateCall(gateway, {
      destinationChainId: dispatch.destinationChainId,
      transport,
      tokenId: tokenOf(work),
    });
  }
  const permit = dispatch.permit && { ...dispatch.permit, deadline: BigInt(dispatch.permit.deadline) };
  return sendWorkCall(gateway, { ...sendOf(dispatch, work, account), transport }, permit ?? undefined);
}

/**
 * The move as it was accepted: receiver and hop come from the dispatch, never from what the work is now.
 *
 * @param account - The tenant's own, which holds the work if there is no permit.
 */
function sendOf({ to, hop, destinationChainId, permit }: DispatchRecord, work: Work, account: Address) {
  if (to === null || hop === null) throw new Error('a dispatch of a work has a receiver and a hop');
  return {
    destinationChainId,
    tokenId: tokenOf(work),
    documentHash: work.documentHash,
    seed: seedOf(work),
    currentHop: hop - 1,
    to: addressOn(destinationChainId, to, 'to'),
    fallbackTo: permit?.holder ?? account,
  };
}

function seedOf({ seed, id }: Work): Hex {
  if (seed === null) throw new Error(`work ${id} has no seed, so it cannot be sent`);
  return seed;
}

function tokenOf({ tokenId, id }: Work): bigint {
  if (tokenId === null) throw new Error(`work ${id} has no token, so it cannot be sent`);
  return BigInt(tokenId);
}
