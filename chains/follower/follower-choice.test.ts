import { evmChainId } from '../../schema/caip';
import { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import type { ChainPosition } from './chain-store';
import type { EndpointView } from './endpoint-survey';
import { agreedFinal, chooseSource, quorumOf } from './follower-choice';

const position: ChainPosition = {
  head: { number: 100, hash: '0x64' },
  final: { number: 90, hash: '0x5a' },
};
const limits = { timeoutMs: 1, tenantCallsPerSecond: 1 };
const endpoints = [0, 1, 2].map(
  (index) => new RpcEndpoint(evmChainId(1), 'http://127.0.0.1:1', index, limits),
);

function view(index: number, latest: number, ancestor?: number): EndpointView {
  const endpoint = endpoints[index];
  if (endpoint === undefined) throw new Error('three endpoints are enough');
  const fork =
    ancestor === undefined
      ? undefined
      : {
          ancestor: { number: ancestor, hash: '0x1' as const },
          ours: { number: ancestor + 1, hash: '0x2' as const },
          theirHash: '0x3' as const,
        };
  return { endpoint, latest: { number: latest, hash: '0xff' }, final: latest - 10, fork };
}

test.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 3],
])('of %i endpoints %i must agree', (endpointCount, quorum) => {
  expect(quorumOf(endpointCount)).toBe(quorum);
});

test('final is the highest block that a quorum calls so, and unknown without a quorum', () => {
  expect(agreedFinal([view(0, 120), view(1, 110), view(2, 105)], 2)).toBe(100);
  expect(agreedFinal([view(0, 120)], 2)).toBeUndefined();
});

describe('the endpoint to read from', () => {
  test('is the one with the highest head, but the last choice while it has new blocks', () => {
    const views = [view(0, 101), view(1, 105)];
    expect(chooseSource(views, position, { quorum: 2 })?.endpoint).toBe(endpoints[1]);
    const previous = views[0]?.endpoint;
    expect(chooseSource(views, position, { quorum: 2, ...(previous && { previous }) })?.endpoint).toBe(
      previous,
    );
  });

  test('is not the avoided one if another answers', () => {
    const [avoided] = endpoints;
    const options = { quorum: 2, ...(avoided && { avoided }) };
    expect(chooseSource([view(0, 120), view(1, 101)], position, options)?.endpoint).toBe(endpoints[1]);
    expect(chooseSource([view(0, 120)], position, options)?.endpoint).toBe(avoided);
  });

  test('may contradict a final block only together with a quorum', () => {
    expect(chooseSource([view(0, 120, 80)], position, { quorum: 2 })).toBeUndefined();
    expect(chooseSource([view(0, 120, 80), view(1, 101)], position, { quorum: 2 })?.endpoint).toBe(
      endpoints[1],
    );
    expect(chooseSource([view(0, 120, 80), view(1, 121, 80)], position, { quorum: 2 })?.endpoint).toBe(
      endpoints[1],
    );
  });
});
