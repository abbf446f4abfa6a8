import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './cli-errors';
import { hasCode } from './embedded/system-errors';

/** Options alone. @throws {@link UsageError} that names what is wrong. */
export function parseOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  return withUsageErrors(() => parseArgs({ args: [...args], options, allowPositionals: false }).values);
}

/** Words and options. @throws {@link UsageError} that names what is wrong. */
export function parseWordsAndOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  return withUsageErrors(() => parseArgs({ args: [...args], options, allowPositionals: true }));
}

function withUsageErrors<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!isParseError(cause)) throw cause;
    throw new UsageError(cause.message, { cause });
  }
}

function isParseError(error: unknown): error is Error {
  return hasCode(
    error,
    'ERR_PARSE_ARGS_UNKNOWN_OPTION',
    'ERR_PARSE_ARGS_INVALID_OPTION_VALUE',
    'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL',
  );
}
