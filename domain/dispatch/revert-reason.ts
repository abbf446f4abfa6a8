import { isHex } from 'viem';
import { decodeRevert, type RevertReason } from '../../chains/revert-reason';

/**
 * A revert in words: the innermost error's name and arguments, or the raw selector of an error that is
 * neither ours nor a bridge's. The words come from the data's selector, never from a node's message.
 */
export function describeRevert(data: string | undefined): string {
  const reason = reasonIn(data);
  if (reason === undefined) return 'reverted without a reason';
  const { name, args } = reason;
  return name === 'Unknown' ? `unknown error ${args.join('')}` : `${name}(${args.join(', ')})`;
}

/** Whether a lane refused a statement because it carries more works than may pass now: there will be room again. */
export function isLimitReached(data: string | undefined): boolean {
  return reasonIn(data)?.name === 'LimitExceeded';
}

/**
 * The bridges' own refusals to execute a message that is executed already, or not verified (any more): LayerZero's
 * EndpointV2 and ReceiveUln302, CCIP's OffRamp 1.6.
 */
const NOTHING_TO_EXECUTE: ReadonlySet<string> = new Set([
  'LZ_PayloadHashNotFound',
  'LZ_PathNotVerifiable',
  'LZ_InvalidNonce',
  'LZ_ULN_Verifying',
  'RootNotCommitted',
  'ManualExecutionNotYetEnabled',
]);

/** Whether a bridge says that there is nothing to execute, so that the receiver was not even asked. */
export function isNothingToExecute(data: string | undefined): boolean {
  return NOTHING_TO_EXECUTE.has(reasonIn(data)?.name ?? '');
}

/** What a dispatch waits for when {@link isLimitReached}. */
export function roomInTheLane(revertData: string | undefined): string {
  return `room in the lane: ${describeRevert(revertData)}`;
}

/** Undefined if the data says nothing. */
function reasonIn(data: string | undefined): RevertReason | undefined {
  return data === undefined || !isHex(data) || data === '0x' ? undefined : decodeRevert(data);
}
