import { type ChainId, chainIdSchema } from '../../schema/caip';
import { UsageError } from '../cli-errors';
import { parseOptions } from '../parse-options';

export interface RebuildCommand {
  /** Undefined for all of the chain table. */
  readonly chainIds: readonly ChainId[] | undefined;
  readonly replace: boolean;
  readonly json: boolean;
}

export const REBUILD_USAGE = `options of rebuild (needs the environment of a follower):
  --chain ID   CAIP-2 id of a chain whose record, and whose registries, are compared; may be repeated
  --all        all chains of the chain table
  --replace    puts what is rebuilt in the place of what differs (needs DATABASE_URL, and followers stopped)
  --json       prints the report as JSON
option of check-database (needs APP_DATABASE_URL and SYSTEM_DATABASE_URL; with MASTER_KEY it opens secrets):
  --json       prints the report as JSON`;

/** @throws {@link UsageError} that names what is wrong. */
export function parseRebuild(args: readonly string[]): RebuildCommand {
  const { chain, all, replace, json } = parseOptions(args, {
    chain: { type: 'string', multiple: true },
    all: { type: 'boolean' },
    replace: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  if ((chain === undefined) === (all !== true))
    throw new UsageError('rebuild needs either --chain ID or --all.');
  return { chainIds: chain?.map(parseChain), replace: replace === true, json: json === true };
}

function parseChain(text: string): ChainId {
  const parsed = chainIdSchema.safeParse(text);
  if (!parsed.success) throw new UsageError(`--chain needs a CAIP-2 id such as eip155:1, not ${text}.`);
  return parsed.data;
}
