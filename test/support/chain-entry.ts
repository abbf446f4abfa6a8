import type { ChainId } from '../../schema/caip';

const address = (digit: number) => `0x${String(digit).repeat(40)}`;

/** What a test says of a chain; the rest nobody looks at there. */
export interface ChainEntry {
  readonly chainId: ChainId;
  readonly name: string;
  readonly rpcUrls: readonly string[];
  readonly finality: 'finalized' | { readonly depthBlocks: number };
  readonly blockTimeMs: number;
  /** Its number on both bridges. */
  readonly number?: number;
}

/** An entry of the chain table for a chain whose bridges no test crosses. */
export function chainEntry({ number = 1, ...chain }: ChainEntry): object {
  return {
    ...chain,
    ccip: { ccipSelector: String(number), router: address(1), onRamp: address(2), offRamp: address(3) },
    layerZero: {
      lzEid: number,
      endpoint: address(4),
      sendUln: address(5),
      receiveUln: address(6),
      executor: address(7),
      confirmations: 1,
      dvns: [address(8)],
    },
  };
}

/** A network whose one endpoint refuses every connection. */
export function unreachableChain(chainId: ChainId, number: number): object {
  const name = `Unreachable ${number}`;
  const rpcUrls = ['http://127.0.0.1:1'];
  return chainEntry({ chainId, name, rpcUrls, finality: 'finalized', blockTimeMs: 1_000, number });
}
