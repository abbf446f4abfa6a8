import { type Address, isAddressEqual } from 'viem';
import { type RegistryEvent, type RegistryEventName, textArg } from './registry-event';

/** With which event of the adapter a token goes into its hands, and with which it leaves them. */
const TAKES: readonly RegistryEventName[] = ['WorkDeparted'];
const GIVES: readonly RegistryEventName[] = [
  'WorkArrived',
  'WorkRecredited',
  'WorkReclaimed',
  'ReleaseClaimed',
];

/**
 * The events without those transfers of adopted tokens that the adapter made: the event beside each of them, in the
 * same transaction, says more. What is left of transfers to or from the adapter is somebody else's doing.
 */
export function withoutEscrowing(events: readonly RegistryEvent[], adapter: Address): RegistryEvent[] {
  const moves = new Set(events.map((event) => moveKey(event, event.name)));
  const isBeside = (event: RegistryEvent, names: readonly RegistryEventName[]) =>
    names.some((name) => moves.has(moveKey(event, name)));
  return events.filter((event) => {
    if (event.name !== 'Transfer') return true;
    if (isParty(event, 'to', adapter)) return !isBeside(event, TAKES);
    if (isParty(event, 'from', adapter)) return !isBeside(event, GIVES);
    return true;
  });
}

/** Whether a transfer moved a token into the adapter's hands or out of them. */
export function touchesEscrow(event: RegistryEvent, adapter: Address): boolean {
  return event.name === 'Transfer' && (isParty(event, 'to', adapter) || isParty(event, 'from', adapter));
}

function isParty(event: RegistryEvent, side: 'from' | 'to', adapter: Address): boolean {
  // CAST: an address by the ABI.
  return isAddressEqual(textArg(event, side) as Address, adapter);
}

function moveKey({ chainId, transactionHash, tokenId }: RegistryEvent, name: RegistryEventName): string {
  return `${chainId}/${transactionHash}/${tokenId}/${name}`;
}
