import { parseOptions } from '../parse-options';

/** @throws {@link UsageError} that names what is wrong. */
export function parseCheckDatabase(args: readonly string[]): { readonly json: boolean } {
  return { json: parseOptions(args, { json: { type: 'boolean' } }).json ?? false };
}
