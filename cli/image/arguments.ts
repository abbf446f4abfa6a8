import { parseCheckDatabase } from '../check-database/check-database-arguments';
import { UsageError } from '../cli-errors';
import { parseOptions } from '../parse-options';
import { parseRebuild, REBUILD_USAGE, type RebuildCommand } from '../rebuild/rebuild-arguments';

export const IMAGE_USAGE = `usage: COMMAND [OPTIONS]

  api                          GraphQL over HTTP, WebSocket and event streams
  worker [--pool NAME]...      relay, sweeper and the jobs of these pools (default: POOLS, or shared)
  follower [--chain CAIP-2]... records these chains (default: FOLLOW_CHAINS, or all of the chain table)
  migrate                      roles and tables of the database in DATABASE_URL, then ends
  rotate-keys                  puts every secret under MASTER_KEY, then ends
  check-database               proves that books, histories and logs hold together, then ends
  rebuild                      compares what is derived from chains with them, then ends

${REBUILD_USAGE}
`;

/** What a container is to be. */
export type ImageCommand =
  | {
      readonly name: 'api' | 'worker' | 'follower' | 'migrate' | 'rotate-keys' | 'help';
      /** Stand above the environment. */
      readonly settings: Readonly<Record<string, string>>;
    }
  | { readonly name: 'check-database'; readonly json: boolean }
  | { readonly name: 'rebuild'; readonly rebuild: RebuildCommand };

/** @throws {@link UsageError} that names what is wrong. */
export function parseImageCommand([name, ...args]: readonly string[]): ImageCommand {
  switch (name) {
    case 'api':
    case 'migrate':
    case 'rotate-keys':
      parseOptions(args, {});
      return { name, settings: {} };
    case 'worker': {
      const { pool } = parseOptions(args, { pool: { type: 'string', multiple: true } });
      return { name, settings: pool === undefined ? {} : { POOLS: pool.join(',') } };
    }
    case 'follower': {
      const { chain } = parseOptions(args, { chain: { type: 'string', multiple: true } });
      return { name, settings: chain === undefined ? {} : { FOLLOW_CHAINS: chain.join(',') } };
    }
    case 'check-database':
      return { name, ...parseCheckDatabase(args) };
    case 'rebuild':
      return { name, rebuild: parseRebuild(args) };
    case 'help':
    case '--help':
      return { name: 'help', settings: {} };
    case undefined:
      throw new UsageError('A command is missing.');
    default:
      throw new UsageError(`There is no command ${name}.`);
  }
}
