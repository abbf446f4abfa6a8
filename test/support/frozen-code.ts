import { encodeErrorResult, type Hex } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';

/** Code that answers every call as a collection answers for a frozen work: PUSH32 and MSTORE the error twice, REVERT. */
export function alwaysFrozen(): Hex {
  const error = encodeErrorResult({ abi: collectionAbi, errorName: 'WorkIsFrozen', args: [7n] });
  const padded = error.slice(2).padEnd(128, '0');
  return `0x7f${padded.slice(0, 64)}6000527f${padded.slice(64)}60205260246000fd`;
}
