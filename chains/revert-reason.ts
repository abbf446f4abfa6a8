import { BaseError, decodeErrorResult, type Hex, isHex } from 'viem';
import { registryErrorsAbi } from './abi/errors';
import { protocolErrorsAbi, wrappingErrorsAbi } from './abi/protocol/errors';

const KNOWN_ERRORS = [...registryErrorsAbi, ...protocolErrorsAbi, ...wrappingErrorsAbi] as const;
const WRAPPERS: ReadonlySet<string> = new Set(wrappingErrorsAbi.map(({ name }) => name));

/** Why a contract reverted. */
export interface RevertReason {
  /** The innermost error's name, e.g. `UnexpectedHop`; `Error` for a text, `Unknown` for one that is not ours. */
  readonly name: string;
  readonly args: readonly string[];
  /** All of the data, for whoever knows more. */
  readonly data: Hex;
}

/**
 * Names a revert by its selector, against our contracts' errors and those of the bridges. Errors that a
 * bridge wraps around the receiver's own are taken off.
 */
export function decodeRevert(data: Hex): RevertReason {
  return { ...innermost(data), data };
}

function innermost(data: Hex): Omit<RevertReason, 'data'> {
  if (data === '0x') return { name: 'Unknown', args: [] };
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi: KNOWN_ERRORS, data });
    const inner: unknown = args.at(-1);
    if (WRAPPERS.has(errorName) && isHex(inner) && inner !== '0x') return innermost(inner);
    return { name: errorName, args: args.map(String) };
  } catch (error) {
    // Not one of ours, or cut short: what a contract reverts with must not break the one who reads it.
    if (error instanceof BaseError) return { name: 'Unknown', args: [data.slice(0, 10)] };
    throw error;
  }
}
