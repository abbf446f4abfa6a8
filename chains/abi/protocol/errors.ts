import { parseAbi } from 'viem';

// Errors of CCIP 1.6, of its token pools, of LayerZero V2 and of OFTs that pass through to whoever sends or executes a message; as in
// @chainlink/contracts-ccip 1.6.4 and @layerzerolabs/lz-evm-protocol-v2 and lz-evm-messagelib-v2 3.0.168.

/** Errors that wrap another one in their last argument. */
export const wrappingErrorsAbi = parseAbi([
  'error ReceiverError(bytes err)',
  'error ExecutionError(bytes32 messageId, bytes err)',
  'error TokenHandlingError(address target, bytes err)',
]);

/** Errors of the two protocols. */
export const protocolErrorsAbi = parseAbi([
  'error ManualExecutionNotYetEnabled(uint64 sourceChainSelector)',
  'error InvalidManualExecutionGasLimit(uint64 sourceChainSelector, bytes32 messageId, uint256 newLimit)',
  'error RootNotCommitted(uint64 sourceChainSelector)',
  'error CursedByRMN(uint64 sourceChainSelector)',
  'error SourceChainNotEnabled(uint64 sourceChainSelector)',
  'error InsufficientGasToCompleteTx(bytes4 err)',
  'error NotEnoughGasForCall()',
  'error NoGasForCallExactCheck()',
  'error UnsupportedDestinationChain(uint64 destChainSelector)',
  'error DestinationChainNotEnabled(uint64 destChainSelector)',
  'error InsufficientFeeTokenAmount()',
  'error MessageGasLimitTooHigh()',
  'error MessageTooLarge(uint256 maxSize, uint256 actualSize)',
  'error StaleGasPrice(uint64 destChainSelector, uint256 threshold, uint256 timePassed)',
  'error LZ_InsufficientFee(uint256 requiredNative, uint256 suppliedNative, uint256 requiredLzToken, uint256 suppliedLzToken)',
  'error LZ_InvalidNonce(uint64 nonce)',
  'error LZ_PayloadHashNotFound(bytes32 expected, bytes32 provided)',
  'error LZ_PathNotInitializable()',
  'error LZ_PathNotVerifiable()',
  'error LZ_InvalidReceiveLibrary()',
  'error LZ_DefaultSendLibUnavailable()',
  'error LZ_ULN_Verifying()',
  'error UnsupportedToken(address token)',
  'error ChainNotAllowed(uint64 remoteChainSelector)',
  'error TokenMaxCapacityExceeded(uint256 capacity, uint256 requested, address tokenAddress)',
  'error TokenRateLimitReached(uint256 minWaitInSeconds, uint256 available, address tokenAddress)',
  'error NoPeer(uint32 eid)',
  'error SlippageExceeded(uint256 amountLD, uint256 minAmountLD)',
]);
