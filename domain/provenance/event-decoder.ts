import { type AbiEvent, decodeEventLog, type Hex, isAddressEqual, toEventSelector, zeroAddress } from 'viem';
import { adoptedCollectionAbi } from '../../chains/abi/adopted-collection';
import { collectionAbi } from '../../chains/abi/collection';
import { gatewayAbi } from '../../chains/abi/gateway';
import { lanesAbi } from '../../chains/abi/lanes';
import { licenceBookAbi } from '../../chains/abi/licence-book';
import { royaltyReceiverAbi } from '../../chains/abi/royalty-receiver';
import { royaltyVaultAbi } from '../../chains/abi/royalty-vault';
import { adoptedOrigin } from '../../chains/evm/registry/adoption';
import type { ChainLog } from '../../chains/follower/chain-store';
import type { Erc721Contract } from '../../schema/caip';
import type { RegistryContracts } from '../../schema/types/registry';
import {
  type EventArgs,
  REGISTRY_EVENTS,
  type RegistryEvent,
  type RegistryEventName,
} from './registry-event';

const EVENTS_BY_SELECTOR: ReadonlyMap<Hex, AbiEvent> = new Map(
  [
    ...collectionAbi,
    ...adoptedCollectionAbi,
    ...gatewayAbi,
    ...lanesAbi,
    ...licenceBookAbi,
    ...royaltyReceiverAbi,
    ...royaltyVaultAbi,
  ]
    .filter((item): item is Extract<typeof item, { type: 'event' }> => item.type === 'event')
    .filter(({ name }) => REGISTRY_EVENTS.some((known) => known === name))
    .map((event) => [toEventSelector(event), event]),
);

/** Selector, from, to and token id (https://eips.ethereum.org/EIPS/eip-721, read 2026-11). */
const ERC721_TRANSFER_TOPICS = 4;

/** Whose events they are: the contracts of a registry on one chain, and the one that it adopts, if it does so there. */
export interface EventSource extends Pick<RegistryContracts, 'collection' | 'chainId'> {
  readonly adopted: Erc721Contract | null;
}

/** The first topics of all events that the record is made of: what a follower has to look for. */
export const REGISTRY_EVENT_TOPICS: readonly Hex[] = [...EVENTS_BY_SELECTOR.keys()];

/**
 * Decodes a log of one of a registry's contracts, or answers undefined for events that the record
 * does not need: among them the ERC-721 transfers with which a collection mints, burns, escrows and
 * unlocks, as the event beside each of them says more. Of an adopted contract nothing but its
 * transfers is believed; they are events of the works that its tokens are.
 *
 * @param finalBlock - Height up to which the chain is final.
 */
export function decodeRegistryEvent(
  log: ChainLog,
  { collection, chainId, adopted }: EventSource,
  finalBlock: number,
): RegistryEvent | undefined {
  const [selector, ...indexed] = log.topics;
  const event = selector && EVENTS_BY_SELECTOR.get(selector);
  if (!event || selector === undefined) return undefined;
  const isForeign = adopted !== null && isAddressEqual(log.address, adopted.address);
  if (isForeign && !isErc721Transfer(event, log)) return undefined;
  const decoded = decodeEventLog({ abi: [event], topics: [selector, ...indexed], data: log.data });
  const args = plainArgs(decoded.args);
  const internal = [zeroAddress, collection];
  if (
    event.name === 'Transfer' &&
    !isForeign &&
    [args['from'], args['to']].some((party) => isAmong(party, internal))
  )
    return undefined;
  return {
    chainId,
    blockNumber: log.blockNumber,
    logIndex: log.logIndex,
    blockHash: log.blockHash,
    transactionHash: log.txHash,
    // CAST: the table above holds only events of REGISTRY_EVENTS.
    name: event.name as RegistryEventName,
    tokenId: isForeign ? adoptedWorkId(adopted, args) : textOf(args['workId'] ?? args['tokenId']),
    // CAST: the ABI declares every digest as bytes32.
    digest: textOf(args['digest']) as Hex | null,
    args,
    final: log.blockNumber <= finalBlock,
  };
}

/** An ERC-20, or anything odd, may log a transfer with fewer indexed arguments: it is no token's. */
function isErc721Transfer({ name }: AbiEvent, { topics }: ChainLog): boolean {
  return name === 'Transfer' && topics.length === ERC721_TRANSFER_TOPICS;
}

function adoptedWorkId(adopted: Erc721Contract, args: EventArgs): string {
  return String(adoptedOrigin(adopted, BigInt(textOf(args['tokenId']) ?? '')).workId);
}

/** The fields of a struct stand beside the other arguments. */
function plainArgs(args: unknown): EventArgs {
  // CAST: viem decodes named inputs into an object of them.
  const named = Object.entries((args ?? {}) as Record<string, unknown>);
  const entries = named.flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
      : [[key, value] as const],
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, plainArg(value)]));
}

/** Lists are JSON, with numbers as text. */
function plainArg(value: unknown): string | boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

function isAmong(party: string | boolean | undefined, addresses: readonly string[]): boolean {
  // CAST: both are addresses by the ABI of Transfer and by the registry's own contracts.
  return (
    typeof party === 'string' && addresses.some((address) => isAddressEqual(party as Hex, address as Hex))
  );
}

function textOf(value: string | boolean | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
