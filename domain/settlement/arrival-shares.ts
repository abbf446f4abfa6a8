import type { Hex } from 'viem';
import { hexArg, type RegistryEvent, textArg } from '../provenance/registry-event';

/** What a payee got. */
export interface Share {
  readonly payeeId: Hex;
  /** Base units. */
  readonly amount: bigint;
}

/**
 * What payees were credited with by an arrival. A vault credits them right before it says whose the arrival was, and one
 * transaction may bring several.
 *
 * @param beside - `PayeeCredited` and `SettlementCredited` of the same vault and transaction, in their order.
 */
export function sharesBefore({ logIndex }: RegistryEvent, beside: readonly RegistryEvent[]): Share[] {
  const before = beside.filter((event) => event.logIndex < logIndex);
  const start = before.findLast(({ name }) => name === 'SettlementCredited')?.logIndex ?? -1;
  return before
    .filter((event) => event.logIndex > start)
    .map((event) => ({ payeeId: hexArg(event, 'payeeId'), amount: BigInt(textArg(event, 'amount')) }));
}
