import { decodeErrorResult, isHex } from 'viem';
import { registryErrorsAbi } from '../../chains/abi/errors';

/**
 * A revert in words: the contract error's name and arguments, a `require` text, or the raw selector of
 * an error that is none of ours. The words come from the data's selector, never from a node's message.
 */
export function describeRevert(data: string | undefined): string {
  if (data === undefined || !isHex(data) || data === '0x') return 'reverted without a reason';
  try {
    const { errorName, args } = decodeErrorResult({ abi: registryErrorsAbi, data });
    return `${errorName}(${(args ?? []).map(String).join(', ')})`;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbiErrorSignatureNotFoundError') throw error;
    return `unknown error ${data.slice(0, 10)}`;
  }
}
