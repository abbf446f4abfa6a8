import { type Address, encodeFunctionData, type Hex, hexToBigInt, type PublicClient } from 'viem';
import { layerZeroComposerAbi } from '../abi/protocol/oft';
import { dateOfTimestamp } from '../evm-values';
import { blocksSince, findLogs } from '../log-search';
import type { ExecutionCall } from '../transports';

/** The endpoint's mark of a composed message that was executed (MessagingComposer, read 2026-11). */
const RECEIVED = 1n;
/** How long the executor that was paid for it is given before anybody else does it, in milliseconds. */
const EXECUTOR_GRACE_MS = 6_000;

/** A message that an OFT left at the endpoint with the money: which one, and for whom. */
export interface ComposedMessage {
  readonly endpoint: Address;
  /** Guid of the packet that brought it. */
  readonly guid: Hex;
  readonly to: Address;
  /** Gas for `to`. */
  readonly gasLimit: bigint;
}

/**
 * The call with which anyone hands a composed message over, or undefined if it has not come yet, was handed over, or its
 * executor still has time.
 *
 * @param sentAt - When its packet left the source, in Unix seconds: where to begin to look for it.
 */
export async function composeCall(
  client: PublicClient,
  { endpoint, guid, to, gasLimit }: ComposedMessage,
  sentAt: bigint,
): Promise<ExecutionCall | undefined> {
  const found = await findLogs(await blocksSince(client, sentAt), 'newest', async (piece) => {
    const logs = await client.getContractEvents({
      abi: layerZeroComposerAbi,
      address: endpoint,
      eventName: 'ComposeSent',
      strict: true,
      ...piece,
    });
    // The event has no indexed arguments.
    return logs.filter(({ args }) => args.guid === guid && args.to.toLowerCase() === to.toLowerCase());
  });
  const log = found.at(-1);
  if (log === undefined) return undefined;
  const { timestamp } = await client.getBlock({ blockNumber: log.blockNumber });
  if (Date.now() < dateOfTimestamp(timestamp).getTime() + EXECUTOR_GRACE_MS) return undefined;
  const { from, index, message } = log.args;
  const waiting = await client.readContract({
    abi: layerZeroComposerAbi,
    address: endpoint,
    functionName: 'composeQueue',
    args: [from, to, guid, index],
  });
  if (hexToBigInt(waiting) <= RECEIVED) return undefined;
  const data = encodeFunctionData({
    abi: layerZeroComposerAbi,
    functionName: 'lzCompose',
    args: [from, to, guid, index, message, '0x'],
  });
  return { to: endpoint, data, gas: gasLimit };
}
