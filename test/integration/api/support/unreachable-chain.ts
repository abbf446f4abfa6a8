import type { ChainId } from '../../../../schema/caip';

const address = (digit: number) => `0x${String(digit).repeat(40)}`;

/** A chain table's entry for a network whose one endpoint refuses every connection. */
export function unreachableChain(chainId: ChainId, number: number): object {
  return {
    chainId,
    name: `Unreachable ${number}`,
    rpcUrls: ['http://127.0.0.1:1'],
    finality: 'finalized',
    blockTimeMs: 1_000,
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
