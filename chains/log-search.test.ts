import { createPublicClient, custom, numberToHex } from 'viem';
import { type BlockRange, blocksSince, findLogs } from './log-search';

/** A chain with one block every 12 s from 1,000,000 on. */
function chainOf(blocks: number) {
  const request = async ({ method, params }: { method: string; params: unknown[] }) => {
    if (method === 'eth_blockNumber') return numberToHex(blocks);
    const number = Number(params[0]);
    return { number: numberToHex(number), timestamp: numberToHex(1_000_000 + 12 * number), transactions: [] };
  };
  return createPublicClient({ transport: custom({ request }) });
}

describe('blocksSince', () => {
  test('begins at the first block that may be as late as the moment, by clocks ten minutes apart', async () => {
    const range = await blocksSince(chainOf(100_000), 1_000_000n + 12n * 5_000n);
    expect(range).toEqual({ fromBlock: 4_950n, toBlock: 100_000n });
  });

  test('is the whole chain before its first block, and its head after the last', async () => {
    expect(await blocksSince(chainOf(10), 0n)).toEqual({ fromBlock: 0n, toBlock: 10n });
    expect(await blocksSince(chainOf(10), 9_000_000n)).toEqual({ fromBlock: 10n, toBlock: 10n });
  });
});

describe('findLogs', () => {
  const range = { fromBlock: 5n, toBlock: 9_000n };

  async function search(order: 'oldest' | 'newest', logs: bigint[]) {
    const pieces: BlockRange[] = [];
    const found = await findLogs(range, order, async (piece) => {
      pieces.push(piece);
      return logs.filter((block) => piece.fromBlock <= block && block <= piece.toBlock);
    });
    return { found, pieces };
  }

  test('reads every block of the range exactly once when there is nothing', async () => {
    const { found, pieces } = await search('oldest', [4n, 9_001n]);
    expect(found).toEqual([]);
    expect(pieces).toEqual([
      { fromBlock: 5n, toBlock: 2_004n },
      { fromBlock: 2_005n, toBlock: 4_004n },
      { fromBlock: 4_005n, toBlock: 6_004n },
      { fromBlock: 6_005n, toBlock: 8_004n },
      { fromBlock: 8_005n, toBlock: 9_000n },
    ]);
  });

  test('stops at the first piece that has anything, from either end', async () => {
    expect((await search('oldest', [5n, 2_004n, 9_000n])).found).toEqual([5n, 2_004n]);
    expect((await search('newest', [5n, 2_004n, 9_000n])).found).toEqual([9_000n]);
    expect((await search('newest', [5n, 9_000n])).pieces).toHaveLength(1);
  });
});
