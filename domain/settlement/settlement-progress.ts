import type { Hex } from 'viem';
import { type SettlementCredit, SettlementState } from '../../schema/types/settlement';
import { type RegistryEvent, textArg } from '../provenance/registry-event';
import type { Share } from './arrival-shares';
import type { KnownPayee } from './payee-directory';
import type { SettlementRecord } from './settlement-record';
import type { SettlementChange } from './settlement-repository';

/** What the record has of a settlement on its two chains. */
export interface SettlementEvidence {
  /** It left its vault. */
  readonly remitted: RegistryEvent | undefined;
  /** It arrived in the vault of its payees, or was paid out. */
  readonly credited: RegistryEvent | undefined;
  /** Who got what of it. */
  readonly shares: readonly Share[];
}

/**
 * Where a settlement stands by its events alone. One whose events have fallen is as it was when it was submitted: its
 * transaction is sent again by itself.
 */
export function settlementProgress(
  settlement: SettlementRecord,
  { remitted, credited, shares }: SettlementEvidence,
  payees: ReadonlyMap<Hex, KnownPayee>,
): SettlementChange {
  const sent: SettlementChange =
    remitted === undefined
      ? {}
      : {
          digest: remitted.digest,
          messageId: textArg(remitted, 'messageId'),
          sourceTransactionHash: remitted.transactionHash,
        };
  if (credited !== undefined) {
    const isFinal = credited.final && (remitted?.final ?? true);
    return {
      ...sent,
      state: SettlementState.CREDITED,
      provisional: !isFinal,
      credits: withShares(settlement.credits, shares, payees),
      destinationTransactionHash: credited.transactionHash,
      ...(remitted === undefined && { sourceTransactionHash: credited.transactionHash }),
      waitingFor: isFinal ? null : 'its arrival to be final',
    };
  }
  const credits = settlement.credits.map((credit) => ({ ...credit, received: null }));
  if (remitted !== undefined)
    return {
      ...sent,
      state: SettlementState.SENT,
      provisional: !remitted.final,
      credits,
      destinationTransactionHash: null,
    };
  const hasFallen =
    settlement.state === SettlementState.SENT || settlement.state === SettlementState.CREDITED;
  if (!hasFallen) return {};
  return {
    state: SettlementState.SUBMITTED,
    provisional: false,
    credits,
    sourceTransactionHash: null,
    destinationTransactionHash: null,
    messageId: null,
    waitingFor: 'its transaction to be on the chain again',
  };
}

/** A payee that several credits name (under several claimants) got their sum; each is told its part by the first. */
function withShares(
  credits: readonly SettlementCredit[],
  shares: SettlementEvidence['shares'],
  payees: ReadonlyMap<Hex, KnownPayee>,
): SettlementCredit[] {
  const left = [...shares];
  return credits.map((credit) => {
    const place = left.findIndex(({ payeeId }) => payees.get(payeeId)?.account === credit.payee);
    const [share] = place < 0 ? [] : left.splice(place, 1);
    return { ...credit, received: share === undefined ? null : String(share.amount) };
  });
}
