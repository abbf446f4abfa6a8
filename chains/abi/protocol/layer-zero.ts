import { parseAbi } from 'viem';

// The parts of LayerZero V2 that Colophon reads and calls; as in @layerzerolabs/lz-evm-protocol-v2 and
// lz-evm-messagelib-v2 3.0.168.

/** LayerZero EndpointV2. */
export const layerZeroEndpointAbi = parseAbi([
  'struct Origin { uint32 srcEid; bytes32 sender; uint64 nonce; }',
  'struct MessagingParams { uint32 dstEid; bytes32 receiver; bytes message; bytes options; bool payInLzToken; }',
  'struct MessagingFee { uint256 nativeFee; uint256 lzTokenFee; }',
  'event PacketSent(bytes encodedPayload, bytes options, address sendLibrary)',
  'event PacketVerified(Origin origin, address receiver, bytes32 payloadHash)',
  'event PacketDelivered(Origin origin, address receiver)',
  'event LzReceiveAlert(address indexed receiver, address indexed executor, Origin origin, bytes32 guid, uint256 gas, uint256 value, bytes message, bytes extraData, bytes reason)',
  'error LZ_InsufficientFee(uint256 requiredNative, uint256 suppliedNative, uint256 requiredLzToken, uint256 suppliedLzToken)',
  'function quote(MessagingParams params, address sender) view returns (MessagingFee)',
  'function lzReceive(Origin origin, address receiver, bytes32 guid, bytes message, bytes extraData) payable',
  'function inboundNonce(address receiver, uint32 srcEid, bytes32 sender) view returns (uint64)',
  'function lazyInboundNonce(address receiver, uint32 srcEid, bytes32 sender) view returns (uint64 nonce)',
  'function outboundNonce(address sender, uint32 dstEid, bytes32 receiver) view returns (uint64 nonce)',
  'function inboundPayloadHash(address receiver, uint32 srcEid, bytes32 sender, uint64 inboundNonce) view returns (bytes32 payloadHash)',
]);

/** LayerZero ReceiveUln302: what the verifiers (DVNs) have attested. */
export const layerZeroReceiveUlnAbi = parseAbi([
  'struct UlnConfig { uint64 confirmations; uint8 requiredDVNCount; uint8 optionalDVNCount; uint8 optionalDVNThreshold; address[] requiredDVNs; address[] optionalDVNs; }',
  'event PayloadVerified(address dvn, bytes header, uint256 confirmations, bytes32 proofHash)',
  'function commitVerification(bytes packetHeader, bytes32 payloadHash)',
  'function getUlnConfig(address oapp, uint32 remoteEid) view returns (UlnConfig rtnConfig)',
  'function verifiable(UlnConfig config, bytes32 headerHash, bytes32 payloadHash) view returns (bool)',
  'function hashLookup(bytes32 headerHash, bytes32 payloadHash, address dvn) view returns (bool submitted, uint64 confirmations)',
]);
