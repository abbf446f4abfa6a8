import { type ChainId, evmChainId } from '../../schema/caip';

/** What a local chain copies from the public network of the same id. */
export interface DevnetNetwork {
  readonly chainId: ChainId;
  /** The EIP-155 number that signatures carry. */
  readonly eip155: number;
  readonly name: string;
  readonly nativeSymbol: string;
  /** SLIP-44 (https://github.com/satoshilabs/slips/blob/master/slip-0044.md, read 2026-11). */
  readonly nativeCoinType: number;
  /** CCIP chain selector (https://docs.chain.link/ccip/directory, read 2026-11). */
  readonly ccipSelector: bigint;
  /** LayerZero endpoint id (https://docs.layerzero.network/v2/deployments, read 2026-11). */
  readonly lzEid: number;
}

/** The home chain of the devnet. */
export const SEPOLIA: DevnetNetwork = {
  chainId: evmChainId(11155111),
  eip155: 11155111,
  name: 'Ethereum Sepolia',
  nativeSymbol: 'ETH',
  nativeCoinType: 60,
  ccipSelector: 16015286601757825753n,
  lzEid: 40161,
};

export const BASE_SEPOLIA: DevnetNetwork = {
  chainId: evmChainId(84532),
  eip155: 84532,
  name: 'Base Sepolia',
  nativeSymbol: 'ETH',
  nativeCoinType: 60,
  ccipSelector: 10344971235874465080n,
  lzEid: 40245,
};

export const MOONBEAM: DevnetNetwork = {
  chainId: evmChainId(1284),
  eip155: 1284,
  name: 'Moonbeam',
  nativeSymbol: 'GLMR',
  nativeCoinType: 1284,
  ccipSelector: 1252863800116739621n,
  lzEid: 30126,
};

/** The three chains, home first. */
export const NETWORKS: readonly DevnetNetwork[] = [SEPOLIA, BASE_SEPOLIA, MOONBEAM];

/** How far the `finalized` tag stays below the head, in blocks: twice anvil's slots in an epoch. */
export const FINALITY_BLOCKS = 8;
