import { isHex } from 'viem';
import { decodeRevert } from '../../chains/revert-reason';

/**
 * A revert in words: the innermost error's name and arguments, or the raw selector of an error that is
 * neither ours nor a bridge's. The words come from the data's selector, never from a node's message.
 */
export function describeRevert(data: string | undefined): string {
  if (data === undefined || !isHex(data) || data === '0x') return 'reverted without a reason';
  const { name, args } = decodeRevert(data);
  return name === 'Unknown' ? `unknown error ${args.join('')}` : `${name}(${args.join(', ')})`;
}

/** Whether a lane refused a statement because it carries more works than may pass now: there will be room again. */
export function isLimitReached(data: string | undefined): boolean {
  return data !== undefined && isHex(data) && data !== '0x' && decodeRevert(data).name === 'LimitExceeded';
}

/** What a dispatch waits for then. */
export function roomInTheLane(revertData: string | undefined): string {
  return `room in the lane: ${describeRevert(revertData)}`;
}
