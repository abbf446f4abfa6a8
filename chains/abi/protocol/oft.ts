import { parseAbi } from 'viem';

// The parts of LayerZero's OFT and of EndpointV2's composed messages that Colophon reads and calls; as in
// @layerzerolabs/oft-evm and @layerzerolabs/lz-evm-protocol-v2 3.0.168.

/** OFT, or OFT adapter. */
export const oftAbi = parseAbi([
  'function decimalConversionRate() view returns (uint256)',
  'function token() view returns (address)',
]);

/** EndpointV2: messages that a receiver left for another contract. */
export const layerZeroComposerAbi = parseAbi([
  'event ComposeSent(address from, address to, bytes32 guid, uint16 index, bytes message)',
  'function composeQueue(address from, address to, bytes32 guid, uint16 index) view returns (bytes32 messageHash)',
  'function lzCompose(address from, address to, bytes32 guid, uint16 index, bytes message, bytes extraData) payable',
]);

/** SendUln302: what executor and verifiers were paid for the packet that follows, in wei. */
export const layerZeroFeeAbi = parseAbi([
  'event ExecutorFeePaid(address executor, uint256 fee)',
  'event DVNFeePaid(address[] requiredDVNs, address[] optionalDVNs, uint256[] fees)',
]);
