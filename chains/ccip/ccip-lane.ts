import { type PublicClient, parseEventLogs } from 'viem';
import { ccipOffRampAbi, ccipOnRampAbi } from '../abi/protocol/ccip';
import type { EvmChain } from '../chain-table';
import { type BlockRange, findLogs } from '../log-search';
import type { SourceReceipt } from '../transports';
import { CcipLogsMissingError } from './ccip-errors';
import type { SentRampMessage } from './ccip-message';

/** How far before and after a message the others of its commit report are looked for, in blocks. */
const MAX_DISTANCE_BLOCKS = 100_000n;

/** One root of a commit report: messages of one source, by sequence number, both ends included. */
export interface CommittedRoot {
  readonly minSeqNr: bigint;
  readonly maxSeqNr: bigint;
  readonly merkleRoot: `0x${string}`;
}

/** The messages that an OnRamp sent in one transaction. */
export function sentIn({ logs }: SourceReceipt, source: EvmChain): SentRampMessage[] {
  const own = logs.filter(({ address }) => isSame(address, source.ccip.onRamp));
  return parseEventLogs({ abi: ccipOnRampAbi, logs: own, eventName: 'CCIPMessageSent' }).map(
    ({ args }) => args.message,
  );
}

/** The root that commits `sequence`, if a commit report within `range` of the destination has it. */
export async function findRoot(
  client: PublicClient,
  destination: EvmChain,
  source: EvmChain,
  sequence: bigint,
  range: BlockRange,
): Promise<CommittedRoot | undefined> {
  const [root] = await findLogs(range, 'oldest', async (piece) => {
    const reports = await client.getContractEvents({
      abi: ccipOffRampAbi,
      address: destination.ccip.offRamp,
      eventName: 'CommitReportAccepted',
      strict: true,
      ...piece,
    });
    return reports
      .flatMap(({ args }) => [...args.blessedMerkleRoots, ...args.unblessedMerkleRoots])
      .filter(
        ({ sourceChainSelector, minSeqNr, maxSeqNr }) =>
          sourceChainSelector === source.ccip.ccipSelector && minSeqNr <= sequence && sequence <= maxSeqNr,
      );
  });
  return root;
}

/**
 * All messages of a root, in the order of their sequence numbers, which is that of the tree's leaves.
 *
 * @param near - A block of the source in which one of them was sent; the search goes out from there.
 * @throws {@link CcipLogsMissingError} if not all are found.
 */
export async function messagesOf(
  client: PublicClient,
  source: EvmChain,
  destination: EvmChain,
  { minSeqNr, maxSeqNr }: CommittedRoot,
  near: bigint,
): Promise<SentRampMessage[]> {
  const wanted = Array.from({ length: Number(maxSeqNr - minSeqNr) + 1 }, (_, i) => minSeqNr + BigInt(i));
  const head = await client.getBlockNumber({ cacheTime: 0 });
  for (let distance = 1_000n; distance <= MAX_DISTANCE_BLOCKS; distance *= 10n) {
    const fromBlock = near > distance ? near - distance : 0n;
    const toBlock = near + distance < head ? near + distance : head;
    const found = await sentBetween(client, source, destination, wanted, { fromBlock, toBlock });
    if (found.length === wanted.length) return found;
    if (fromBlock === 0n && toBlock === head) break;
  }
  throw new CcipLogsMissingError(source.chainId);
}

async function sentBetween(
  client: PublicClient,
  source: EvmChain,
  destination: EvmChain,
  wanted: bigint[],
  range: BlockRange,
): Promise<SentRampMessage[]> {
  const found: SentRampMessage[] = [];
  await findLogs(range, 'oldest', async (piece) => {
    const logs = await client.getContractEvents({
      abi: ccipOnRampAbi,
      address: source.ccip.onRamp,
      eventName: 'CCIPMessageSent',
      args: { destChainSelector: destination.ccip.ccipSelector, sequenceNumber: wanted },
      strict: true,
      ...piece,
    });
    found.push(...logs.map(({ args }) => args.message));
    return found.length === wanted.length ? found : [];
  });
  return found.sort((one, other) => Number(one.header.sequenceNumber - other.header.sequenceNumber));
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
