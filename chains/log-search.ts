import type { PublicClient } from 'viem';

/** Blocks per `eth_getLogs`: what public endpoints commonly allow. */
const SPAN_BLOCKS = 2_000n;
/** How far the clocks of two chains may be apart, in seconds. */
const CLOCK_SKEW_SECONDS = 600n;

/** Blocks, both ends included. */
export interface BlockRange {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** The blocks of a chain since a moment of another chain's clock, up to its head. */
export async function blocksSince(client: PublicClient, timestamp: bigint): Promise<BlockRange> {
  const toBlock = await client.getBlockNumber({ cacheTime: 0 });
  const earliest = timestamp - CLOCK_SKEW_SECONDS;
  let [low, high] = [0n, toBlock];
  while (low < high) {
    const middle = (low + high) / 2n;
    const block = await client.getBlock({ blockNumber: middle });
    if (block.timestamp < earliest) low = middle + 1n;
    else high = middle;
  }
  return { fromBlock: low, toBlock };
}

/**
 * Reads a range piece by piece until something is found.
 *
 * @param order - Which end to begin at.
 * @returns What the first piece with anything in it holds; empty if none does.
 */
export async function findLogs<T>(
  { fromBlock, toBlock }: BlockRange,
  order: 'oldest' | 'newest',
  read: (piece: BlockRange) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const pieces = piecesOf({ fromBlock, toBlock });
  if (order === 'newest') pieces.reverse();
  for (const piece of pieces) {
    const found = await read(piece);
    if (found.length > 0) return found;
  }
  return [];
}

/** Reads a whole range piece by piece, in the order of the chain. */
export async function allLogs<T>(
  range: BlockRange,
  read: (piece: BlockRange) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (const piece of piecesOf(range)) found.push(...(await read(piece)));
  return found;
}

function piecesOf({ fromBlock, toBlock }: BlockRange): BlockRange[] {
  const pieces: BlockRange[] = [];
  for (let start = fromBlock; start <= toBlock; start += SPAN_BLOCKS) {
    const end = start + SPAN_BLOCKS - 1n;
    pieces.push({ fromBlock: start, toBlock: end < toBlock ? end : toBlock });
  }
  return pieces;
}
