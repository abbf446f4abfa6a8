import type { ChainId } from '../../../schema/caip';
import type { RpcFault } from '../../devnet/rpc-faults';
import { drawn } from '../../support/random';
import { type FaultKind, wholeBetween } from './fault';

type RpcKind = (head: number, random: () => number) => RpcFault;

const LAG_BLOCKS = [3, 30] as const;
const KINDS: Readonly<Record<string, RpcKind>> = {
  'is down': () => ({ kind: 'down' }),
  hangs: () => ({ kind: 'hang' }),
  'answers 429': () => ({ kind: 'rateLimit', retryAfterSeconds: 1 }),
  'answers late': (_, random) => ({ kind: 'slow', delayMs: wholeBetween(100, 1_500, random) }),
  'lags behind': (_, random) => ({ kind: 'lag', blocks: wholeBetween(...LAG_BLOCKS, random) }),
  'omits logs': () => ({ kind: 'omitLogs' }),
  'alters logs': () => ({ kind: 'alterLogs' }),
  'lies about blocks': (head) => ({ kind: 'wrongBlockHash', fromBlock: head }),
  'serves a fork': (head) => ({ kind: 'fork', fromBlock: head }),
  'is another chain': () => ({ kind: 'wrongChainId', eip155: 5 }),
};

/** The second of a chain's two endpoints cannot be trusted for a while. */
export function endpointFault(chainId: ChainId): FaultKind {
  return (random) => {
    const what = drawn(Object.keys(KINDS), random);
    const detail = random();
    return {
      name: `endpoint of ${chainId} ${what}`,
      async begin({ stage: { devnet } }) {
        const head = Number(await devnet.rpc(chainId, 'eth_blockNumber'));
        const fault = KINDS[what]?.(head, () => detail) ?? { kind: 'none' };
        await devnet.setRpcFault(chainId, fault);
      },
      end: ({ stage: { devnet } }) => devnet.setRpcFault(chainId, { kind: 'none' }),
    };
  };
}
