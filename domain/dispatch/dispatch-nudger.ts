import type { Hex } from 'viem';
import { ErrorCode } from '../../schema/error-codes';
import type { DispatchId, TenantId } from '../../schema/ids';
import { bridgesOf } from '../../schema/types/chain';
import { DispatchState } from '../../schema/types/dispatch';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { notifyChanged } from '../events/change-notifier';
import type { RegistryRepository } from '../registry/registry-repository';
import { failure } from './dispatch-progress';
import type { DispatchRecord } from './dispatch-record';
import type { DispatchChange, DispatchRepository } from './dispatch-repository';
import type { LaneService } from './lane-service';
import type { MessageExecutor, MessageProgress, SentMessage } from './message-executor';

/** What counts as late: this many times the observed median, and never less than the floor. */
const LATE_FACTOR = 5;
const LATE_FLOOR_SECONDS = 30;
/** What stands for the median of a lane that has never delivered, in seconds. */
const LATE_UNOBSERVED = 360;

export interface NudgerStores {
  readonly dispatches: DispatchRepository;
  readonly registries: RegistryRepository;
}

interface Subject {
  readonly dispatch: DispatchRecord;
  /** One by each bridge that carries it. */
  readonly messages: readonly SentMessage[];
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
    const { dispatch, messages } = subject;
    const progresses = await Promise.all(
      messages.map((message) => this.messages.moveOn(tenantId, message, intentOf(dispatch, message))),
    );
    const open = progresses.filter(({ status }) => status.state !== 'EXECUTED');
    // Executed: our Gateway's event is on its way, or a reorg takes the execution back.
    if (open.length === 0) return false;
    await this.report(tenantId, subject, open);
    return open.some(({ refused }) => refused !== undefined);
  }

  private async load(tenantId: TenantId, dispatchId: DispatchId): Promise<Subject | undefined> {
    return this.database.transaction(tenantId, async (tx) => {
      const [dispatch] = await this.stores.dispatches.findByIds(tx, [dispatchId]);
      if (dispatch?.state !== DispatchState.SOURCE_FINAL || dispatch.transport === null) return undefined;
      const { transport, sourceChainId, destinationChainId, messages } = dispatch;
      const registry = await this.stores.registries.get(tx, dispatch.registryId);
      const lanes = (await this.lanes.lanesOf(tx, registry)).filter(
        (candidate) =>
          candidate.sourceChainId === sourceChainId &&
          candidate.destinationChainId === destinationChainId &&
          bridgesOf(transport).includes(candidate.transport),
      );
      const usual = Math.max(...lanes.map(({ deliverySecondsP50 }) => deliverySecondsP50 ?? LATE_UNOBSERVED));
      const lateSeconds = Math.max(LATE_FLOOR_SECONDS, LATE_FACTOR * usual);
      // CAST: the follower recorded it from a log.
      const transactionHash = dispatch.sourceTransactionHash as Hex;
      return {
        dispatch,
        messages: messages.map(({ transport: bridge, messageId }) => ({
          sourceChainId,
          destinationChainId,
          transport: bridge,
          transactionHash,
          messageId,
        })),
        lateAfterMs: lateSeconds * 1_000,
      };
    });
  }

  private async report(
    tenantId: TenantId,
    { dispatch, lateAfterMs }: Subject,
    open: readonly MessageProgress[],
  ): Promise<void> {
    const waitingFor = open.map(waitingText).join('; ');
    const refused = open.find((progress) => progress.refused !== undefined)?.refused;
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

/** Each bridge's message is executed under intents of its own. */
function intentOf({ id, attempt, messages }: DispatchRecord, { transport }: SentMessage): string {
  const intent = `nudge:${id}:${attempt}`;
  return messages.length > 1 ? `${intent}:${transport}` : intent;
}

function waitingText({ status: { since, waitsFor } }: MessageProgress): string {
  return `${waitsFor.join(', ')}${since === undefined ? '' : ` since ${since.toISOString()}`}`;
}
