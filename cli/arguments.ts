import { parseCheckDatabase } from './check-database/check-database-arguments';
import { UsageError } from './cli-errors';
import { EXIT_USAGE, type ExitCommand, parseExit } from './exit/exit-arguments';
import { EXPORT_USAGE, type ExportCommand, parseExport } from './export/export-arguments';
import { parseOptions } from './parse-options';
import { parseRebuild, REBUILD_USAGE, type RebuildCommand } from './rebuild/rebuild-arguments';
import { parseVerify, VERIFY_USAGE, type VerifyCommand } from './verify/verify-arguments';

export const USAGE = `usage: colophon COMMAND [OPTIONS]

  start      everything on this machine, in one process
  demo       a work's journey over three chains, against a running start (or its own)
  devnet     only the three local chains with CCIP and LayerZero
  exit       what anyone may do with a registry's contracts, and doing it; see docs/exit.md
  export     all that is held of a tenant, as one signed archive; see docs/exit-kit.md
  verify     checks such an archive, offline
  migrate    roles and tables of the database in DATABASE_URL; see docs/operations.md
  rotate-keys
             every secret under MASTER_KEY, so that PREVIOUS_MASTER_KEYS can go; see docs/operations.md
  check-database
             proves that books, histories and logs of a database hold together; see docs/recovery.md
  rebuild    computes what is derived from chains anew from them, and compares; see docs/recovery.md

options of start and demo:
  --port N   port of the API; 0 takes a free one (default 4000)
  --data DIR data folder (default .colophon)
option of start:
  --fresh    begins anew: removes what this data folder holds
option of devnet:
  --data DIR data folder (default .colophon/devnet)
${EXIT_USAGE}
${EXPORT_USAGE}
${VERIFY_USAGE}
${REBUILD_USAGE}
`;

const DEFAULT_PORT = 4_000;
const DEFAULT_DATA_DIR = '.colophon';

/** What the command line asks for. */
export type Command =
  | { readonly name: 'start'; readonly port: number; readonly dataDir: string; readonly fresh: boolean }
  | { readonly name: 'demo'; readonly port: number; readonly dataDir: string }
  | { readonly name: 'devnet'; readonly dataDir: string }
  | { readonly name: 'exit'; readonly exit: ExitCommand }
  | { readonly name: 'export'; readonly export: ExportCommand }
  | { readonly name: 'verify'; readonly verify: VerifyCommand }
  | { readonly name: 'check-database'; readonly json: boolean }
  | { readonly name: 'rebuild'; readonly rebuild: RebuildCommand }
  | { readonly name: 'migrate' | 'rotate-keys' | 'help' };

const PORT = { port: { type: 'string' } } as const;
const DATA = { data: { type: 'string' } } as const;

/** @throws {@link UsageError} that names what is wrong. */
export function parseCommand([name, ...args]: readonly string[]): Command {
  switch (name) {
    case 'start': {
      const { port, data, fresh } = parseOptions(args, { ...PORT, ...DATA, fresh: { type: 'boolean' } });
      return { name, port: parsePort(port), dataDir: data ?? DEFAULT_DATA_DIR, fresh: fresh ?? false };
    }
    case 'demo': {
      const { port, data } = parseOptions(args, { ...PORT, ...DATA });
      return { name, port: parsePort(port), dataDir: data ?? DEFAULT_DATA_DIR };
    }
    case 'devnet':
      return { name, dataDir: parseOptions(args, DATA).data ?? `${DEFAULT_DATA_DIR}/devnet` };
    case 'exit':
      return { name, exit: parseExit(args) };
    case 'export':
      return { name, export: parseExport(args, DEFAULT_DATA_DIR) };
    case 'verify':
      return { name, verify: parseVerify(args) };
    case 'check-database':
      return { name, ...parseCheckDatabase(args) };
    case 'rebuild':
      return { name, rebuild: parseRebuild(args) };
    case 'migrate':
    case 'rotate-keys':
      parseOptions(args, {});
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

function parsePort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port;
  throw new UsageError(`--port needs a number from 0 to 65535, not ${text}.`);
}
