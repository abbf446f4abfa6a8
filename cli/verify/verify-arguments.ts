import { readFileSync } from 'node:fs';
import { publicKeyOfPem } from '../../domain/export/archive/signing-key';
import { UsageError } from '../cli-errors';
import { hasCode } from '../embedded/system-errors';
import { parseWordsAndOptions } from '../parse-options';

export interface VerifyCommand {
  readonly file: string;
  /** The key that must have signed it, 32 bytes in hex. */
  readonly key: string | undefined;
  /** Prints JSON. */
  readonly json: boolean;
}

export const VERIFY_USAGE = `verify FILE (checks an exported archive; needs no server, database or network):
  --key KEY  the platform's public key (64 hex digits, or a PEM file): without it only
             that nothing was changed is checked, not who signed it
  --json     prints JSON`;

/** @throws {@link UsageError} that names what is wrong. */
export function parseVerify(args: readonly string[]): VerifyCommand {
  const { values, positionals } = parseWordsAndOptions(args, {
    key: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new UsageError('verify is followed by one FILE.');
  return {
    file,
    key: values.key === undefined ? undefined : parseKey(values.key),
    json: values.json ?? false,
  };
}

function parseKey(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  try {
    return publicKeyOfPem(readFileSync(text, 'utf8'));
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'EACCES', 'EISDIR'))
      throw new UsageError(`--key needs 64 hex digits or a PEM file, not ${text}.`, { cause });
    throw new UsageError(`${text} holds no Ed25519 public key in PEM.`, { cause });
  }
}
