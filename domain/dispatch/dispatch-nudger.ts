import type { Hex } from 'viem';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import type { MessageStatus, Transport, TransportMessage } from '../../chains/transports';
import { ErrorCode } from '../../schema/error-codes';
import type { DispatchId, TenantId } from '../../schema/ids';
import { DispatchState } from '../../schema/types/dispatch';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { notifyChanged } from '../events/change-notifier';
import type { RegistryRepository } from '../registry/registry-repository';
import { failure } from './dispatch-progress';
import type { DispatchRecord } from './dispatch-record';
import type { DispatchChange, DispatchRepository } from './dispatch-repository';
import type { Transports } from './lane-quoter';
import type { LaneService } from './lane-service';

/** How long a network's own executor is given after verification before we execute, in milliseconds. */
const EXECUTOR_GRACE_MS = 6_000;
/** What counts as late on a lane that has never delivered, in seconds. */
const LATE_UNOBSERVED_SECONDS = 1_800;
/** What counts as late on others: this many times the observed median, and never less than the floor. */
const LATE_FACTOR = 5;
const LATE_FLOOR_SECONDS = 30;

export interface NudgerStores {
  readonly dispatches: DispatchRepository;
  readonly registries: RegistryRepository;
}

interface Subject {
  readonly dispatch: DispatchRecord;
  readonly transport: Transport;
  /** From when on the dispatch is late. */
  readonly lateAfterMs: number;
}

/**
 * Looks after dispatches that have left their source for good and have not arrived: executes what the
 * network has verified but not executed, and says what the others wait for.
 */
export class DispatchNudger {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: NudgerStores,
    private readonly lanes: LaneService,
    private readonly transactions: TransactionManager,
    private readonly chains: ChainAccesses,
    private readonly transports: Transports,
  ) {}

  /** @returns True when there is nothing more to look after. */
  async nudge(tenantId: TenantId, dispatchId: DispatchId): Promise<boolean> {
    const subject = await this.load(tenantId, dispatchId);
    if (subject === undefined) return true;
    const message = await this.messageOf(subject);
    const status = await subject.transport.status(message);
    if (status.state === 'EXECUTED') return false; // our Gateway's event is on its way, or a reorg takes it back
    const refused = isDue(status) ? await this.execute(tenantId, subject, message, status) : undefined;
    await this.report(tenantId, subject, status, refused);
    return refused !== undefined;
  }

  private async load(tenantId: TenantId, dispatchId: DispatchId): Promise<Subject | undefined> {
    return this.database.transaction(tenantId, async (tx) => {
      const [dispatch] = await this.stores.dispatches.findByIds(tx, [dispatchId]);
      if (dispatch?.state !== DispatchState.SOURCE_FINAL || dispatch.transport === null) return undefined;
      const registry = await this.stores.registries.get(tx, dispatch.registryId);
      const lane = (await this.lanes.lanesOf(tx, registry)).find(
        ({ sourceChainId, destinationChainId, transport }) =>
          sourceChainId === dispatch.sourceChainId &&
          destinationChainId === dispatch.destinationChainId &&
          transport === dispatch.transport,
      );
      const usual = lane?.deliverySecondsP50 ?? null;
      const lateSeconds =
        usual === null ? LATE_UNOBSERVED_SECONDS : Math.max(LATE_FLOOR_SECONDS, LATE_FACTOR * usual);
      return { dispatch, transport: this.transports[dispatch.transport], lateAfterMs: lateSeconds * 1_000 };
    });
  }

  private async messageOf({ dispatch, transport }: Subject): Promise<TransportMessage> {
    // CAST: the follower recorded it from a log.
    const hash = dispatch.sourceTransactionHash as Hex;
    const receipt = await this.chains.get(dispatch.sourceChainId).public.getTransactionReceipt({ hash });
    const message = transport
      .messagesIn(dispatch.sourceChainId, receipt)
      .find(({ messageId }) => messageId === dispatch.messageId);
    if (message === undefined) throw new Error(`transaction ${hash} holds no message ${dispatch.messageId}`);
    return message;
  }

  /**
   * Moves the message along once per state and attempt: a second try after a failure is for a person
   * to ask for, or each would cost gas for nothing.
   *
   * @returns Why it can go no further by itself, if so.
   */
  private async execute(
    tenantId: TenantId,
    { dispatch, transport }: Subject,
    message: TransportMessage,
    status: MessageStatus,
  ): Promise<string | undefined> {
    const intentKey = `nudge:${dispatch.id}:${dispatch.attempt}:${status.state}`;
    const known = await this.transactions.find(tenantId, intentKey);
    if (known !== undefined) {
      const isOver = known.state === 'final' || known.inclusion?.succeeded === false;
      return isOver && status.state === 'FAILED' ? reasonOf(status) : undefined;
    }
    const call = await transport.executionCall(message, { gasLimit: message.gasLimit * 2n });
    if (call === undefined) return undefined;
    try {
      await this.transactions.submit({
        tenantId,
        chainId: dispatch.destinationChainId,
        intentKey,
        valueWei: 0n,
        ...call,
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      return reasonOf(status);
    }
  }

  private async report(
    tenantId: TenantId,
    { dispatch, lateAfterMs }: Subject,
    { since, waitsFor }: MessageStatus,
    refused: string | undefined,
  ): Promise<void> {
    const waitingFor = `${waitsFor.join(', ')}${since === undefined ? '' : ` since ${since.toISOString()}`}`;
    const isLate = Date.now() - dispatch.stateSince.getTime() > lateAfterMs;
    const change: DispatchChange =
      refused === undefined
        ? { waitingFor, alert: isLate ? `Later than usual on this lane: it waits for ${waitingFor}.` : null }
        : {
            state: DispatchState.FAILED,
            waitingFor: null,
            failure: failure(
              ErrorCode.ExecutionReverted,
              refused,
              'Remove the cause, then call retryDispatch: it is executed again, nothing is sent twice.',
            ),
          };
    await this.database.transaction(tenantId, async (tx) => {
      const [current] = await this.stores.dispatches.findByIds(tx, [dispatch.id], 'for update');
      // It may have arrived meanwhile: then this report is history.
      if (current?.state !== DispatchState.SOURCE_FINAL) return;
      if (current.waitingFor === change.waitingFor && current.alert === (change.alert ?? null) && !refused)
        return;
      await this.stores.dispatches.update(tx, dispatch.id, change);
      await notifyChanged(tx, 'Dispatch', dispatch.id);
    });
  }
}

/** True when anyone may execute it and the network's own executor has had its chance. */
function isDue({ executableFrom, since }: MessageStatus): boolean {
  if (executableFrom === undefined) return false;
  const from = Math.max(executableFrom.getTime(), (since?.getTime() ?? 0) + EXECUTOR_GRACE_MS);
  return Date.now() >= from;
}

function reasonOf({ failure: cause }: MessageStatus): string {
  if (cause === undefined) return 'The destination refuses it.';
  return `The destination refuses it: ${cause.name}(${cause.args.join(', ')})`;
}
