import { parseAbi } from 'viem';

// Where the bridges' contracts behind a Router or an Endpoint are, for whoever knows only those two; as in
// @chainlink/contracts-ccip 1.6.4 and @layerzerolabs/lz-evm-messagelib-v2 3.0.168.

/** CCIP Router, and the version that its ramps tell. */
export const ccipLookupAbi = parseAbi([
  'struct OffRamp { uint64 sourceChainSelector; address offRamp; }',
  'function getOnRamp(uint64 destChainSelector) view returns (address)',
  'function getOffRamps() view returns (OffRamp[])',
  'function typeAndVersion() view returns (string)',
]);

/** LayerZero EndpointV2 and SendUln302: the libraries and the executor that a contract uses towards a peer. */
export const layerZeroLookupAbi = parseAbi([
  'struct ExecutorConfig { uint32 maxMessageSize; address executor; }',
  'function getSendLibrary(address sender, uint32 dstEid) view returns (address)',
  'function getReceiveLibrary(address receiver, uint32 srcEid) view returns (address lib, bool isDefault)',
  'function getExecutorConfig(address oapp, uint32 remoteEid) view returns (ExecutorConfig)',
]);
