/**
 * True for an error of the operating system with one of these codes, e.g. `ENOENT`.
 *
 * Does not ask for `instanceof Error`: under Jest the errors of Node's own modules come from
 * another realm.
 */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && codes.includes(error.code);
}
