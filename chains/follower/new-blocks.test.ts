import { evmChainId } from '../../schema/caip';
import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import type { Header } from './block-reader';
import type { ChainStore } from './chain-store';
import type { FinalityGate } from './finality-gate';
import { NewBlocks } from './new-blocks';
import type { RangeRequest, RangeSource } from './range-source';

const BLOCKS_PER_RANGE = 10;
const RANGES = 5;
const HEAD = BLOCKS_PER_RANGE * RANGES;

const headerOf = (number: number) =>
  ({ number, hash: `0x${number}`, parentHash: `0x${number - 1}` }) as Header; // CAST: all that is looked at

test('once finality is held, voters are asked about no range but the one that is on its way', async () => {
  const upTo: number[] = [];
  const committed: number[] = [];
  const endpoint = { label: 'one' } as RpcEndpoint; // CAST: only names it
  // CAST (all): what recording blocks calls.
  const store = {
    watchList: async () => ({ current: [], behind: [] }),
    commit: async ({ after }) => {
      committed.push(after.head.number);
    },
  } as Partial<ChainStore> as ChainStore;
  const gate = {
    askAhead: (_query, target) => {
      upTo.push(target);
      return new Map();
    },
    seal: async ({ floor, range }) => ({
      final: floor,
      logs: range?.logs ?? [],
      repairs: new Map(),
      held: 'they disagree',
    }),
  } as Partial<FinalityGate> as FinalityGate;
  const ranges = {
    fetch: async ({ from, addresses, onAsk }: RangeRequest) => {
      const query = { from, to: from + BLOCKS_PER_RANGE - 1, addresses };
      onAsk?.(query);
      const headers = Array.from({ length: BLOCKS_PER_RANGE }, (_, index) => headerOf(from + index));
      return { endpoint, ...query, headers, answer: { label: 'one', bodies: [] } };
    },
    open: (fetched) => ({ ...fetched, logs: [] }),
  } as Partial<RangeSource> as RangeSource;

  const start = { head: headerOf(0), final: headerOf(0) };
  const source = { endpoint, latest: headerOf(HEAD), fork: undefined };
  const recorded = await new NewBlocks(evmChainId(1), store, ranges, gate).record(start, {
    source: source as never, // CAST: what else a view of an endpoint has is not looked at
    voters: [],
    final: HEAD,
  });

  expect(recorded.held).toBe('finality is held: they disagree');
  expect(committed).toEqual([10, 20, 30, 40, 50]);
  expect(upTo).toEqual([HEAD, HEAD, 0, 0, 0]);
});
