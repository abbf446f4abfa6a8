import { encodeGlobalId } from '../../schema/global-id';
import { DispatchState } from '../../schema/types/dispatch';
import type { WebhookEventType } from '../../schema/webhook-events';
import type { TenantTx } from '../../tenants/tenant-database';
import type { DispatchRecord } from '../dispatch/dispatch-record';
import type { DispatchListener } from '../dispatch/dispatch-repository';
import type { Announcement, Standing } from './announcement';
import { clip } from './clip';
import type { EventPublisher } from './event-publisher';

/** Announces where dispatches stand. */
export class DispatchAnnouncer implements DispatchListener {
  constructor(private readonly publisher: EventPublisher) {}

  async statesChanged(tx: TenantTx, dispatches: readonly DispatchRecord[]): Promise<void> {
    await this.publisher.publish(tx, dispatches.flatMap(dispatchAnnouncements));
  }
}

/** States that are announced as they are entered; the others show in the two facts below. */
const ENTERED: { readonly [State in DispatchState]?: WebhookEventType } = {
  REQUESTED: 'dispatch.requested',
  SUBMITTED: 'dispatch.submitted',
  HELD: 'dispatch.held',
  FAILED: 'dispatch.failed',
  VOIDED: 'dispatch.voided',
};

/**
 * What a dispatch's state says of the two facts on chain: that its statement left its source, and that it took
 * effect at its destination. What it does not tell is left out.
 */
function standings({ state, digest }: DispatchRecord): { sent?: Standing; delivered?: Standing } {
  switch (state) {
    case DispatchState.SENT:
      return { sent: 'provisional', delivered: 'absent' };
    case DispatchState.SOURCE_FINAL:
      return { sent: 'final', delivered: 'absent' };
    case DispatchState.DELIVERED:
      return { delivered: 'provisional' };
    case DispatchState.CONFIRMED:
      return { sent: 'final', delivered: 'final' };
    case DispatchState.FAILED:
    case DispatchState.HELD:
    case DispatchState.VOIDED:
      // What was sent stays so, though the destination refuses, holds or voids it.
      return digest === null ? { sent: 'absent', delivered: 'absent' } : { delivered: 'absent' };
    default:
      return { sent: 'absent', delivered: 'absent' };
  }
}

/** What a dispatch that has just entered its state gives to tell: first what is taken back, newest first. */
export function dispatchAnnouncements(dispatch: DispatchRecord): Announcement[] {
  const { sent, delivered } = standings(dispatch);
  const entered = ENTERED[dispatch.state];
  const subject = encodeGlobalId('Dispatch', dispatch.id);
  const { workId: orderKey } = dispatch;
  const traceParent = dispatch.traceParent ?? undefined;
  const common = { subject, orderKey, data: dataOf(dispatch), traceParent };
  const fact = (type: 'dispatch.sent' | 'dispatch.delivered', standing: Standing): Announcement => ({
    ...common,
    type,
    standing,
    factKey: `${type}/${dispatch.id}`,
  });
  return [
    ...(delivered === 'absent' ? [fact('dispatch.delivered', delivered)] : []),
    ...(sent === undefined ? [] : [fact('dispatch.sent', sent)]),
    ...(entered === undefined ? [] : [{ ...common, type: entered }]),
    ...(delivered === undefined || delivered === 'absent' ? [] : [fact('dispatch.delivered', delivered)]),
  ];
}

function dataOf(dispatch: DispatchRecord): Record<string, unknown> {
  const { failure } = dispatch;
  return {
    dispatchId: encodeGlobalId('Dispatch', dispatch.id),
    workId: encodeGlobalId('Work', dispatch.workId),
    registryId: encodeGlobalId('Registry', dispatch.registryId),
    kind: dispatch.kind,
    state: dispatch.state,
    origin: dispatch.origin,
    sourceChainId: dispatch.sourceChainId,
    destinationChainId: dispatch.destinationChainId,
    transport: dispatch.transport,
    to: dispatch.to,
    hop: dispatch.hop,
    revision: dispatch.revision,
    digest: dispatch.digest,
    messageId: dispatch.messageId,
    sourceTransactionHash: dispatch.sourceTransactionHash,
    destinationTransactionHash: dispatch.destinationTransactionHash,
    failure: failure && { ...failure, reason: clip(failure.reason) },
  };
}
