import { encodeFunctionData, type Hex } from 'viem';
import { ccipOffRampAbi } from '../abi/protocol/ccip';
import type { EvmChain } from '../chain-table';
import { type ExecutionCall, executionGas } from '../transports';
import type { CommittedRoot } from './ccip-lane';
import { leafOf, type SentRampMessage, toReceived } from './ccip-message';
import { proveLeaf } from './merkle-tree';

/** What the OffRamp does itself: proof, state, nonce, the call through the Router. Generous; unused gas is not paid. */
const OFF_RAMP_GAS = 300_000n;

/**
 * Builds the call with which anyone executes one message of a commit report.
 *
 * @param sent - All messages of the root, in the order of their sequence numbers.
 * @param gasLimit - For the receiver; taken if it is more than was paid for (the OffRamp refuses less).
 * @returns Undefined if the messages are not those that were committed, so that the OffRamp would refuse the proof.
 */
export function manualExecution(
  { source, destination }: { readonly source: EvmChain; readonly destination: EvmChain },
  root: CommittedRoot,
  sent: readonly SentRampMessage[],
  { messageId, gasLimit }: { readonly messageId: Hex; readonly gasLimit: bigint },
): ExecutionCall | undefined {
  const received = sent.map(toReceived);
  const index = received.findIndex(({ header }) => header.messageId === messageId);
  const own = received[index];
  if (own === undefined) return undefined;
  const leaves = received.map((message) => leafOf(message, source.ccip.onRamp));
  const proof = proveLeaf(leaves, index);
  if (proof.root !== root.merkleRoot) return undefined;

  const isRaised = gasLimit > own.gasLimit;
  const report = {
    sourceChainSelector: source.ccip.ccipSelector,
    messages: [own],
    offchainTokenData: [own.tokenAmounts.map(() => '0x' as const)],
    proofs: proof.siblings,
    proofFlagBits: 0n,
  };
  const override = {
    receiverExecutionGasLimit: isRaised ? gasLimit : 0n,
    tokenGasOverrides: own.tokenAmounts.map(() => 0),
  };
  const data = encodeFunctionData({
    abi: ccipOffRampAbi,
    functionName: 'manuallyExecute',
    args: [[report], [[override]]],
  });
  const receiverGas = isRaised ? gasLimit : own.gasLimit;
  return { to: destination.ccip.offRamp, data, gas: executionGas(receiverGas, data, OFF_RAMP_GAS) };
}
