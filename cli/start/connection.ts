import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

function hex(bytes: number) {
  return z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`))
    .transform((value): `0x${string}` => `0x${value.slice(2)}`);
}

/** `connection.json`: how to reach a running start. Holds keys, so only this user may read it. */
export const connectionSchema = z.strictObject({
  /** GraphQL over HTTP. */
  url: z.url(),
  /** GraphQL over graphql-transport-ws. */
  wsUrl: z.url(),
  /** Of the demo tenant, with all scopes. */
  apiKey: z.string(),
  /** Provisions further tenants. */
  operatorKey: z.string(),
  tenantId: z.uuid(),
  /** Its database as `colophon_app`: what an export reads. */
  appDatabaseUrl: z.url(),
  /** The demo tenant's address on every EVM chain: pays its transactions. */
  account: hex(20),
  /** The chain table in use. */
  chainsFile: z.string(),
  /** Private keys of rich collectors on the local chains; empty on other chains. */
  collectorKeys: z.array(hex(32)),
  pid: z.number().int(),
});

export type Connection = z.output<typeof connectionSchema>;

export function connectionFileOf(dataDir: string): string {
  return join(dataDir, 'connection.json');
}

/** The connection of a start that is ready, or undefined if none is. @throws ZodError for a file of another version. */
export function readConnection(dataDir: string): Connection | undefined {
  const file = connectionFileOf(dataDir);
  return existsSync(file) ? connectionSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Whole or not at all: whoever waits for the file can use it. */
export function writeConnection(dataDir: string, connection: Connection): void {
  const file = connectionFileOf(dataDir);
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(connection, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(`${file}.new`, file);
}

export function removeConnection(dataDir: string): void {
  rmSync(connectionFileOf(dataDir), { force: true });
}
