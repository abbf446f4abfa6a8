/**
 * True for an error of the system with this code, e.g. `ENOENT`.
 *
 * Told by its `code`, not by its class: inside Jest the classes of Node's own errors are others.
 */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return codes.some((code) => error.code === code);
}

/**
 * True when `fetch` failed because nobody listens there (yet), or because it had kept a connection to somebody who has
 * ended since (undici's `UND_ERR_SOCKET`, "other side closed").
 */
export function isNotListening(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('cause' in error)) return false;
  return hasCode(error.cause, 'ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET');
}
