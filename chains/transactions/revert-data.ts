import { BaseError, ExecutionRevertedError as EvmRevert, type Hex, isHex } from 'viem';

/** EIP-1474's successor in practice: the JSON-RPC code with which clients report a revert. */
const REVERT_CODE = 3;

/**
 * The data that a call or an estimate reverted with: `0x` when the contract gave no reason.
 *
 * @returns Undefined if `error` is not a revert, e.g. a network failure.
 */
export function revertDataOf(error: unknown): Hex | undefined {
  if (!(error instanceof BaseError)) return undefined;
  let reverted = false;
  let data: Hex | undefined;
  error.walk((cause) => {
    reverted ||= cause instanceof EvmRevert || codeOf(cause) === REVERT_CODE;
    data ??= dataOf(cause);
    return false;
  });
  return reverted ? (data ?? '0x') : undefined;
}

function codeOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}

function dataOf(cause: unknown): Hex | undefined {
  if (typeof cause !== 'object' || cause === null || !('data' in cause)) return undefined;
  const { data } = cause;
  if (isHex(data)) return data;
  // Some nodes wrap it once more: { data: { data: "0x…" } }.
  return typeof data === 'object' ? dataOf(data) : undefined;
}
