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
 * True when nobody listens there (yet), or a connection was kept to somebody who has ended since: Node's own errors, and
 * `fetch`'s, which has them as their cause (undici's `UND_ERR_SOCKET` is "other side closed").
 */
export function isNotListening(error: unknown): boolean {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
  return hasCode(cause, 'ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET');
}
