import type { Hex } from 'viem';
import { ErrorCode } from '../../schema/error-codes';
import type { DispatchId, TenantId } from '../../schema/ids';
import { DispatchState } from '../../schema/types/dispatch';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { notifyChanged } from '../events/change-notifier';
import type { RegistryRepository } from '../registry/registry-repository';
import { failure } from './dispatch-progress';
import type { DispatchRecord } from './dispatch-record';
import type { DispatchChange, DispatchRepository } from './dispatch-repository';
import type { LaneService } from './lane-service';
import type { MessageExecutor, MessageProgress, SentMessage } from './message-executor';

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
  readonly message: SentMessage;
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
    private readonly messages: MessageExecutor,
  ) {}

  /** @returns True when there is nothing more to look after. */
  async nudge(tenantId: TenantId, dispatchId: DispatchId): Promise<boolean> {
    const subject = await this.load(tenantId, dispatchId);
    if (subject === undefined) return true;
    const { dispatch, message } = subject;
    const progress = await this.messages.moveOn(
      tenantId,
      message,
      `nudge:${dispatch.id}:${dispatch.attempt}`,
    );
    // Executed: our Gateway's event is on its way, or a reorg takes the execution back.
    if (progress.status.state === 'EXECUTED') return false;
    await this.report(tenantId, subject, progress);
    return progress.refused !== undefined;
  }

  private async load(tenantId: TenantId, dispatchId: DispatchId): Promise<Subject | undefined> {
    return this.database.transaction(tenantId, async (tx) => {
      const [dispatch] = await this.stores.dispatches.findByIds(tx, [dispatchId]);
      if (dispatch?.state !== DispatchState.SOURCE_FINAL || dispatch.transport === null) return undefined;
      const { transport, sourceChainId, destinationChainId, messageId } = dispatch;
      const registry = await this.stores.registries.get(tx, dispatch.registryId);
      const lane = (await this.lanes.lanesOf(tx, registry)).find(
        (candidate) =>
          candidate.sourceChainId === sourceChainId &&
          candidate.destinationChainId === destinationChainId &&
          candidate.transport === transport,
      );
      const usual = lane?.deliverySecondsP50 ?? null;
      const lateSeconds =
        usual === null ? LATE_UNOBSERVED_SECONDS : Math.max(LATE_FLOOR_SECONDS, LATE_FACTOR * usual);
      // CAST: the follower recorded it from a log.
      const transactionHash = dispatch.sourceTransactionHash as Hex;
      const message = { sourceChainId, destinationChainId, transport, transactionHash, messageId };
      return { dispatch, message, lateAfterMs: lateSeconds * 1_000 };
    });
  }

  private async report(
    tenantId: TenantId,
    { dispatch, lateAfterMs }: Subject,
    { status: { since, waitsFor }, refused }: MessageProgress,
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
