import pino from 'pino';
import { z } from 'zod';
import { AdvisoryLeaderLock } from '../../domain/chain-state/follower-lock';
import { foundationConfigShape, openFoundations } from '../../domain/open-foundations';
import { composeRebuild } from '../../domain/rebuild/compose-rebuild';
import type { RebuildReport, RebuildService } from '../../domain/rebuild/rebuild-service';
import { RegistryState } from '../../domain/rebuild/record-rebuilder';
import type { ChainId } from '../../schema/caip';
import { openDataSource } from '../../tenants/data-source';
import { OwnerDatabase } from '../../tenants/owner-database';
import { CommandError } from '../cli-errors';
import type { RebuildCommand } from './rebuild-arguments';

const configSchema = z.object({
  ...foundationConfigShape,
  /** Connects as the owner of the database; for `--replace` alone. */
  DATABASE_URL: z.url().optional(),
});

/**
 * `rebuild`: computes all that is derived from chains anew, and compares it with what is there or replaces that.
 *
 * @throws {@link CommandError} if it differs (and was not replaced), or cannot be compared yet.
 */
export async function runRebuild(
  command: RebuildCommand,
  env: Readonly<Record<string, string | undefined>>,
  print: (line: string) => void,
): Promise<void> {
  const config = configSchema.parse(env);
  const logger = pino({ level: 'warn' }, pino.destination(2));
  const options = { applicationName: 'colophon-rebuild', poolSize: 2, logger };
  const foundations = await openFoundations(config, options);
  try {
    const { service } = composeRebuild(foundations);
    const chainIds = command.chainIds ?? foundations.chainTable.all().map(({ chainId }) => chainId);
    for (const chainId of chainIds) foundations.chainTable.get(chainId);
    const report = command.replace
      ? await replace(service, chainIds, config)
      : await service.compare(chainIds, () => undefined);
    print(command.json ? JSON.stringify(report, undefined, 2) : toText(report));
    if (!command.replace) refuse(report);
  } finally {
    await foundations.close();
  }
}

async function replace(
  service: RebuildService,
  chainIds: readonly ChainId[],
  { DATABASE_URL: url, SYSTEM_DATABASE_URL: systemUrl }: z.output<typeof configSchema>,
): Promise<RebuildReport> {
  if (url === undefined)
    throw new CommandError(
      'rebuild --replace needs DATABASE_URL: histories are append-only for all but the owner.',
    );
  const dataSource = await openDataSource({ url, poolSize: 1, applicationName: 'colophon-rebuild' });
  try {
    const tools = { owner: new OwnerDatabase(dataSource), lock: new AdvisoryLeaderLock(systemUrl) };
    return await service.replace(chainIds, tools, () => undefined);
  } finally {
    await dataSource.destroy();
  }
}

/** @throws {@link CommandError} unless all is as the chains have it. */
function refuse({ chains, registries }: RebuildReport): void {
  const differs =
    chains.some(({ tables }) => tables.some(({ differences }) => differences > 0)) ||
    registries.some(({ state }) => state === RegistryState.Different);
  if (differs)
    throw new CommandError('What is recorded is not what the chains say. See the differences above.');
  if (registries.some(({ state }) => state === RegistryState.Behind))
    throw new CommandError('Events wait for a worker. Run rebuild again once workers have taken them over.');
}

function toText({ chains, registries, replaced }: RebuildReport): string {
  return [
    ...chains.flatMap(({ chainId, finalBlock, tables }) => [
      `${chainId}, up to its final block ${finalBlock}`,
      ...tables.flatMap((table) => [
        lineOf(table),
        ...table.first.map(({ block, what }) => `         block ${block}: ${what}`),
      ]),
    ]),
    ...registries.flatMap(({ tenantId, registryId, state, tables }) => [
      `registry ${registryId} of tenant ${tenantId}: ${state}`,
      ...tables.flatMap((table) => [
        `${lineOf(table)}  ${table.recordedHash}`,
        ...table.first.map((difference) => `         ${JSON.stringify(difference)}`),
      ]),
    ]),
    ...(replaced === undefined ? [] : [`replaced rows: ${JSON.stringify(replaced)}`]),
  ].join('\n');
}

function lineOf({ table, rows, differences }: { table: string; rows: number; differences: number }): string {
  const sign = differences > 0 ? 'FAIL' : rows > 0 ? 'ok  ' : '-   ';
  const count = differences > 0 ? `${differences} differ of ${rows}` : rows.toLocaleString('en');
  return `  ${sign} ${table.padEnd(20)} ${count}`;
}
