import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './cli-errors';
import { hasCode } from './embedded/system-errors';

export const USAGE = `usage: colophon COMMAND [OPTIONS]

  start      everything on this machine, in one process
  demo       a work's journey over three chains, against a running start (or its own)
  devnet     only the three local chains with CCIP and LayerZero
  migrate    roles and tables of the database in DATABASE_URL; see docs/operations.md

options of start and demo:
  --port N   port of the API; 0 takes a free one (default 4000)
  --data DIR data folder (default .colophon)
option of start:
  --fresh    begins anew: removes what this data folder holds
option of devnet:
  --data DIR data folder (default .colophon/devnet)
`;

const DEFAULT_PORT = 4_000;
const DEFAULT_DATA_DIR = '.colophon';

/** What the command line asks for. */
export type Command =
  | { readonly name: 'start'; readonly port: number; readonly dataDir: string; readonly fresh: boolean }
  | { readonly name: 'demo'; readonly port: number; readonly dataDir: string }
  | { readonly name: 'devnet'; readonly dataDir: string }
  | { readonly name: 'migrate' | 'help' };

const PORT = { port: { type: 'string' } } as const;
const DATA = { data: { type: 'string' } } as const;

/** @throws {@link UsageError} that names what is wrong. */
export function parseCommand([name, ...args]: readonly string[]): Command {
  switch (name) {
    case 'start': {
      const { port, data, fresh } = parse(args, { ...PORT, ...DATA, fresh: { type: 'boolean' } });
      return { name, port: parsePort(port), dataDir: data ?? DEFAULT_DATA_DIR, fresh: fresh ?? false };
    }
    case 'demo': {
      const { port, data } = parse(args, { ...PORT, ...DATA });
      return { name, port: parsePort(port), dataDir: data ?? DEFAULT_DATA_DIR };
    }
    case 'devnet':
      return { name, dataDir: parse(args, DATA).data ?? `${DEFAULT_DATA_DIR}/devnet` };
    case 'migrate':
      parse(args, {});
      return { name };
    case 'help':
    case '--help':
      return { name: 'help' };
    case undefined:
      throw new UsageError('A command is missing.');
    default:
      throw new UsageError(`There is no command ${name}.`);
  }
}

function parse<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
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

function parsePort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port;
  throw new UsageError(`--port needs a number from 0 to 65535, not ${text}.`);
}
