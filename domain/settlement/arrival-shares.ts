import type { Hex } from 'viem';
import { hexArg, type RegistryEvent, textArg } from '../provenance/registry-event';

/** What a payee got. */
export interface Share {
  readonly payeeId: Hex;
  /** Base units. */
  readonly amount: bigint;
}

/** The events that tell which credits of a transaction are an arrival's. */
export const CREDITING = ['MoneyReceived', 'PayeeCredited', 'SettlementCredited'] as const;

/**
 * The credits by which an arrival came to its payees. A vault logs them right before it says whose the arrival was, and
 * one transaction may bring several, and money that is no arrival: they are the last ones that fit into what arrived.
 *
 * @param beside - The {@link CREDITING} events of the same vault and transaction, in their order.
 */
export function creditsOfArrival(arrival: RegistryEvent, beside: readonly RegistryEvent[]): RegistryEvent[] {
  const credits: RegistryEvent[] = [];
  let left = BigInt(textArg(arrival, 'received'));
  for (const event of beside.filter(({ logIndex }) => logIndex < arrival.logIndex).reverse()) {
    if (event.name !== 'PayeeCredited' || textArg(event, 'token') !== textArg(arrival, 'token')) break;
    left -= BigInt(textArg(event, 'amount'));
    if (left < 0n) break;
    credits.unshift(event);
  }
  return credits;
}

/** What payees were credited with by an arrival: see {@link creditsOfArrival}. */
export function sharesBefore(arrival: RegistryEvent, beside: readonly RegistryEvent[]): Share[] {
  return creditsOfArrival(arrival, beside).map((event) => ({
    payeeId: hexArg(event, 'payeeId'),
    amount: BigInt(textArg(event, 'amount')),
  }));
}
