import { parseAbi } from 'viem';

// The parts of CCIP 1.6 that Colophon reads and calls; as in @chainlink/contracts-ccip 1.6.4, abi/v1_6_0.

/** CCIP Router (1.2, in front of 1.6 ramps). */
export const ccipRouterAbi = parseAbi([
  'struct EVMTokenAmount { address token; uint256 amount; }',
  'struct EVM2AnyMessage { bytes receiver; bytes data; EVMTokenAmount[] tokenAmounts; address feeToken; bytes extraArgs; }',
  'function getFee(uint64 destinationChainSelector, EVM2AnyMessage message) view returns (uint256 fee)',
  'function getOnRamp(uint64 destChainSelector) view returns (address)',
  'function isOffRamp(uint64 sourceChainSelector, address offRamp) view returns (bool)',
]);

/** CCIP OnRamp 1.6: what left a chain. */
export const ccipOnRampAbi = parseAbi([
  'struct RampMessageHeader { bytes32 messageId; uint64 sourceChainSelector; uint64 destChainSelector; uint64 sequenceNumber; uint64 nonce; }',
  'struct EVM2AnyTokenTransfer { address sourcePoolAddress; bytes destTokenAddress; bytes extraData; uint256 amount; bytes destExecData; }',
  'struct EVM2AnyRampMessage { RampMessageHeader header; address sender; bytes data; bytes receiver; bytes extraArgs; address feeToken; uint256 feeTokenAmount; uint256 feeValueJuels; EVM2AnyTokenTransfer[] tokenAmounts; }',
  'event CCIPMessageSent(uint64 indexed destChainSelector, uint64 indexed sequenceNumber, EVM2AnyRampMessage message)',
]);

/** CCIP OffRamp 1.6: what arrived, what failed, and execution by anyone. */
export const ccipOffRampAbi = parseAbi([
  'struct MerkleRoot { uint64 sourceChainSelector; bytes onRampAddress; uint64 minSeqNr; uint64 maxSeqNr; bytes32 merkleRoot; }',
  'struct TokenPriceUpdate { address sourceToken; uint224 usdPerToken; }',
  'struct GasPriceUpdate { uint64 destChainSelector; uint224 usdPerUnitGas; }',
  'struct PriceUpdates { TokenPriceUpdate[] tokenPriceUpdates; GasPriceUpdate[] gasPriceUpdates; }',
  'struct RampMessageHeader { bytes32 messageId; uint64 sourceChainSelector; uint64 destChainSelector; uint64 sequenceNumber; uint64 nonce; }',
  'struct Any2EVMTokenTransfer { bytes sourcePoolAddress; address destTokenAddress; uint32 destGasAmount; bytes extraData; uint256 amount; }',
  'struct Any2EVMRampMessage { RampMessageHeader header; bytes sender; bytes data; address receiver; uint256 gasLimit; Any2EVMTokenTransfer[] tokenAmounts; }',
  'struct ExecutionReport { uint64 sourceChainSelector; Any2EVMRampMessage[] messages; bytes[][] offchainTokenData; bytes32[] proofs; uint256 proofFlagBits; }',
  'struct GasLimitOverride { uint256 receiverExecutionGasLimit; uint32[] tokenGasOverrides; }',
  'struct DynamicConfig { address feeQuoter; uint32 permissionLessExecutionThresholdSeconds; address messageInterceptor; }',
  'struct SourceChainConfig { address router; bool isEnabled; uint64 minSeqNr; bool isRMNVerificationDisabled; bytes onRamp; }',
  'event CommitReportAccepted(MerkleRoot[] blessedMerkleRoots, MerkleRoot[] unblessedMerkleRoots, PriceUpdates priceUpdates)',
  'event ExecutionStateChanged(uint64 indexed sourceChainSelector, uint64 indexed sequenceNumber, bytes32 indexed messageId, bytes32 messageHash, uint8 state, bytes returnData, uint256 gasUsed)',
  'error ManualExecutionNotYetEnabled(uint64 sourceChainSelector)',
  'error ReceiverError(bytes err)',
  'function getExecutionState(uint64 sourceChainSelector, uint64 sequenceNumber) view returns (uint8)',
  'function getMerkleRoot(uint64 sourceChainSelector, bytes32 root) view returns (uint256 committedAtSeconds)',
  'function getDynamicConfig() view returns (DynamicConfig)',
  'function getSourceChainConfig(uint64 sourceChainSelector) view returns (SourceChainConfig)',
  'function manuallyExecute(ExecutionReport[] reports, GasLimitOverride[][] gasLimitOverrides)',
]);
