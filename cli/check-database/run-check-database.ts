import { z } from 'zod';
import { DatabaseCheck, type DatabaseCheckReport } from '../../domain/database-check/database-check';
import { masterKeyShape, masterKeysOf } from '../../domain/open-foundations';
import { openDataSource } from '../../tenants/data-source';
import { SecretBox } from '../../tenants/secrets/secret-box';
import { SystemDatabase } from '../../tenants/system-database';
import { TenantDatabase } from '../../tenants/tenant-database';
import { CommandError } from '../cli-errors';

const configSchema = z.object({
  /** Connects as `colophon_app`. */
  APP_DATABASE_URL: z.url(),
  /** Connects as `colophon_system`. */
  SYSTEM_DATABASE_URL: z.url(),
  /** Without it secrets are not opened. */
  MASTER_KEY: masterKeyShape.MASTER_KEY.optional(),
  PREVIOUS_MASTER_KEYS: masterKeyShape.PREVIOUS_MASTER_KEYS,
});

/**
 * `check-database`: proves what a database can prove of itself, and prints each check.
 *
 * @throws {@link CommandError} that names the codes of what is wrong.
 */
export async function runCheckDatabase(
  { json }: { readonly json: boolean },
  env: Readonly<Record<string, string | undefined>>,
  print: (line: string) => void,
): Promise<void> {
  const { MASTER_KEY, ...config } = configSchema.parse(env);
  const secrets =
    MASTER_KEY === undefined ? undefined : new SecretBox(masterKeysOf({ ...config, MASTER_KEY }));
  const settings = { poolSize: 1, applicationName: 'colophon-check-database' };
  const app = await openDataSource({ url: config.APP_DATABASE_URL, ...settings });
  try {
    const system = await openDataSource({ url: config.SYSTEM_DATABASE_URL, ...settings });
    try {
      const check = new DatabaseCheck(new TenantDatabase(app), new SystemDatabase(system), secrets);
      const report = await check.run(() => undefined);
      const areOpened = secrets !== undefined;
      print(
        json
          ? JSON.stringify({ secretsOpened: areOpened, ...report }, undefined, 2)
          : toText(report, areOpened),
      );
      if (!report.holds) throw new CommandError(`The database is not sound: ${codesOf(report).join(', ')}.`);
    } finally {
      await system.destroy();
    }
  } finally {
    await app.destroy();
  }
}

function toText({ tenants, holds }: DatabaseCheckReport, areSecretsOpened: boolean): string {
  const lines = tenants.flatMap(({ tenantId, roots, checks }) => [
    `tenant ${tenantId}`,
    `  provenance ${roots.provenance} (${roots.provenanceEntries} entries)`,
    `  audit log  ${roots.audit.hash} (${roots.audit.sequence} entries)`,
    `  ledger     ${roots.ledger.balances} (${roots.ledger.sequence} entries)`,
    ...checks.flatMap(({ name, count, faults, faultCount }) => [
      `  ${faultCount > 0 ? 'FAIL' : count > 0 ? 'ok  ' : '-   '} ${name.padEnd(28)} ${count.toLocaleString('en')}`,
      ...faults.map(({ code, where, what }) => `         ${code} ${where}: ${what}`),
      ...(faultCount > faults.length ? [`         and ${faultCount - faults.length} more`] : []),
    ]),
  ]);
  const unopened = areSecretsOpened ? [] : ['MASTER_KEY is not set: whether secrets open was not looked at.'];
  return [...lines, '', ...unopened, holds ? 'The database is sound.' : 'NOT SOUND'].join('\n');
}

function codesOf({ tenants }: DatabaseCheckReport): string[] {
  return [
    ...new Set(
      tenants.flatMap(({ checks }) => checks.flatMap(({ faults }) => faults.map(({ code }) => code))),
    ),
  ];
}
