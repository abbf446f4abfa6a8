import { encodeGlobalId } from '../../schema/global-id';
import { type RoyaltyWalletChange, WalletChangeState } from '../../schema/types/royalty-wallet';
import type { WebhookEventType } from '../../schema/webhook-events';
import type { PlainAnnouncement } from './announcement';

const TYPES: { readonly [State in WalletChangeState]: WebhookEventType } = {
  [WalletChangeState.PENDING]: 'royalty.wallet_change_requested',
  [WalletChangeState.CANCELLED]: 'royalty.wallet_change_cancelled',
  [WalletChangeState.APPLIED]: 'royalty.wallet_changed',
};

/** Tells how a change of a primary wallet stands: in order within its project. */
export function walletChangeAnnouncement(change: RoyaltyWalletChange): PlainAnnouncement {
  const projectId = encodeGlobalId('Project', change.projectId);
  return {
    type: TYPES[change.state],
    subject: projectId,
    orderKey: change.projectId,
    data: {
      projectId,
      number: change.number,
      oldWallet: change.oldWallet,
      newWallet: change.newWallet,
      requestedAt: change.requestedAt.toISOString(),
      effectiveAt: change.effectiveAt.toISOString(),
      appliedRevision: change.appliedRevision,
      cancelledBy: change.cancelledBy,
    },
  };
}
