import { encodeGlobalId } from '../../schema/global-id';
import { SettlementState } from '../../schema/types/settlement';
import type { WebhookEventType } from '../../schema/webhook-events';
import type { TenantTx } from '../../tenants/tenant-database';
import type { SettlementRecord } from '../settlement/settlement-record';
import type { SettlementListener } from '../settlement/settlement-repository';
import type { Announcement, Standing } from './announcement';
import { clip } from './clip';
import type { EventPublisher } from './event-publisher';

/** Announces where settlements stand. */
export class SettlementAnnouncer implements SettlementListener {
  constructor(private readonly publisher: EventPublisher) {}

  async stateChanged(
    tx: TenantTx,
    settlement: SettlementRecord,
    before: SettlementState | undefined,
  ): Promise<void> {
    await this.publisher.publish(tx, settlementAnnouncements(settlement, before));
  }
}

/** States that are announced as they are entered; the others show in the two facts below. */
const ENTERED: { readonly [State in SettlementState]?: WebhookEventType } = {
  REQUESTED: 'settlement.requested',
  AWAITING_APPROVAL: 'settlement.awaiting_approval',
  APPROVED: 'settlement.approved',
  FAILED: 'settlement.failed',
};

/**
 * What a state says of the two facts on chain: that the money left its vault, and that its payees have it. What it does
 * not tell is left out: an arrival that may fall says nothing of how final the departure is.
 */
function standings({ state, provisional }: SettlementRecord): { sent?: Standing; credited: Standing } {
  const standing = provisional ? 'provisional' : 'final';
  switch (state) {
    case SettlementState.SENT:
      return { sent: standing, credited: 'absent' };
    case SettlementState.CREDITED:
      return provisional ? { credited: standing } : { sent: standing, credited: standing };
    default:
      return { sent: 'absent', credited: 'absent' };
  }
}

/** What a settlement that has just entered its state gives to tell: first what is taken back, newest first. */
export function settlementAnnouncements(
  settlement: SettlementRecord,
  before: SettlementState | undefined,
): Announcement[] {
  const { sent, credited } = standings(settlement);
  // One whose transaction came to nothing is decided anew: it was requested, and approved, before.
  const isAnew = before === SettlementState.SUBMITTED && settlement.state !== SettlementState.FAILED;
  const entered = isAnew || before === settlement.state ? undefined : ENTERED[settlement.state];
  const common = {
    subject: encodeGlobalId('Settlement', settlement.id),
    orderKey: settlement.registryId,
    data: dataOf(settlement),
    // What it does at its destination, too, goes back to that one.
    transactionHash: settlement.sourceTransactionHash,
  };
  const fact = (type: 'settlement.sent' | 'settlement.credited', standing: Standing): Announcement => ({
    ...common,
    type,
    standing,
    factKey: `${type}/${settlement.id}`,
  });
  // What is paid out where it is leaves no vault for another.
  const isSent = settlement.route !== 'LOCAL';
  return [
    ...(credited === 'absent' ? [fact('settlement.credited', credited)] : []),
    ...(isSent && sent !== undefined ? [fact('settlement.sent', sent)] : []),
    ...(entered === undefined ? [] : [{ ...common, type: entered }]),
    ...(credited === 'absent' ? [] : [fact('settlement.credited', credited)]),
  ];
}

function dataOf(settlement: SettlementRecord): Record<string, unknown> {
  const { failure } = settlement;
  return {
    settlementId: encodeGlobalId('Settlement', settlement.id),
    registryId: encodeGlobalId('Registry', settlement.registryId),
    state: settlement.state,
    sourceChainId: settlement.sourceChainId,
    destinationChainId: settlement.destinationChainId,
    asset: settlement.asset,
    route: settlement.route,
    amount: settlement.amount,
    credits: settlement.credits.map(({ payee, amount, received }) => ({ payee, amount, received })),
    feeWei: settlement.feeWei,
    approvalReason: settlement.approvalReason,
    messageId: settlement.messageId,
    sourceTransactionHash: settlement.sourceTransactionHash,
    destinationTransactionHash: settlement.destinationTransactionHash,
    failure: failure && { ...failure, reason: clip(failure.reason) },
  };
}
