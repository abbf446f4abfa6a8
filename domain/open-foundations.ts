import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { z } from 'zod';
import { ChainTable } from '../chains/chain-table';
import { DEFAULT_RPC_LIMITS } from '../chains/evm/rpc/evm-client';
import { EvmClients } from '../chains/evm/rpc/evm-clients';
import { AwsKms } from '../chains/signers/aws-kms';
import { openDataSource } from '../tenants/data-source';
import { SecretBox } from '../tenants/secrets/secret-box';
import { SystemDatabase } from '../tenants/system-database';
import { TenantDatabase } from '../tenants/tenant-database';
import type { Foundations } from './compose';
import { Challenges, deriveChallengeKey } from './people/challenges';
import { metricsConfigShape } from './telemetry/metrics-server';
import { tracingConfigShape } from './telemetry/tracing';

const masterKeySchema = z.string().regex(/^[0-9a-f]{64}$/i, 'must be 32 bytes in hex');

/** The keys that encrypt the keys of the tenants' secrets. */
export const masterKeyShape = {
  /** 32 bytes in hex: seals everything new. */
  MASTER_KEY: masterKeySchema,
  /** Earlier ones, separated by commas: they only open, until `rotate-keys` has rewrapped what they sealed. */
  PREVIOUS_MASTER_KEYS: z
    .string()
    .default('')
    .transform((value) => value.split(',').filter((part) => part.trim() !== ''))
    .pipe(z.array(z.string().trim().pipe(masterKeySchema)).max(16)),
} as const;

export type MasterKeyConfig = z.output<z.ZodObject<typeof masterKeyShape>>;

/** The master keys, the current one first. */
export function masterKeysOf({ MASTER_KEY, PREVIOUS_MASTER_KEYS }: MasterKeyConfig): [Buffer, ...Buffer[]] {
  return [Buffer.from(MASTER_KEY, 'hex'), ...PREVIOUS_MASTER_KEYS.map((key) => Buffer.from(key, 'hex'))];
}

/** The environment that every process of the domain reads, API and workers alike. */
export const foundationConfigShape = {
  /** Connects as `colophon_app`. */
  APP_DATABASE_URL: z.url(),
  /** Connects as `colophon_system`. */
  SYSTEM_DATABASE_URL: z.url(),
  /** Path of the JSON chain table. */
  CHAINS_FILE: z.string().min(1),
  ...masterKeyShape,
  /** The most that a transaction may pay per unit of gas, in wei. */
  MAX_FEE_PER_GAS_WEI: z
    .string()
    .regex(/^\d+$/, 'must be a number of wei')
    .default('500000000000')
    .transform((value) => BigInt(value)),
  /** Origin of the console, where people sign in. */
  CONSOLE_ORIGIN: z.url().default('http://127.0.0.1:4000'),
  /** Where AWS KMS is, if not at Amazon's own addresses: for a private endpoint, or a stand-in. */
  AWS_KMS_ENDPOINT: z.url().optional(),
  ...metricsConfigShape,
  ...tracingConfigShape,
  /** How long after its signed request an artist's primary wallet changes, in hours: a day to thirty. */
  ROYALTY_WALLET_DELAY_HOURS: z.coerce.number().int().min(24).max(720).default(72),
  /** Calls per second that this process makes to one RPC endpoint on behalf of one tenant. */
  RPC_RATE_TENANT: z.coerce.number().int().positive().default(DEFAULT_RPC_LIMITS.tenantCallsPerSecond),
  /**
   * Lets webhooks go to receivers on this machine, and people sign in by an OpenID provider there, over http too:
   * for trying things out only.
   */
  WEBHOOK_LOOPBACK: z.stringbool().default(false),
} as const;

export type FoundationConfig = z.output<z.ZodObject<typeof foundationConfigShape>>;

/** Foundations with what closes them again. */
export interface OpenFoundations extends Foundations {
  readonly chains: EvmClients;
  /** Resolves if the database answers. @throws The database's error. */
  checkReady(): Promise<void>;
  close(): Promise<void>;
}

/** Connections of the tenant-less role: short statements of the relay, the followers and the key look-up. */
const SYSTEM_POOL_SIZE = 8;
/** A transaction that waits this many blocks offers more for its inclusion. */
const BUMP_AFTER_BLOCKS = 12;

/** Opens the database pools and the chain clients of one process. */
export async function openFoundations(
  config: FoundationConfig,
  { applicationName, poolSize, logger }: { applicationName: string; poolSize: number; logger: Logger },
): Promise<OpenFoundations> {
  const chainTable = ChainTable.parse(JSON.parse(readFileSync(config.CHAINS_FILE, 'utf8')));
  const app = await openDataSource({
    url: config.APP_DATABASE_URL,
    poolSize,
    applicationName,
    pipelined: true,
  });
  const system = await openDataSource({
    url: config.SYSTEM_DATABASE_URL,
    poolSize: SYSTEM_POOL_SIZE,
    applicationName,
  }).catch(async (error: unknown) => {
    await app.destroy();
    throw error;
  });
  const chains = new EvmClients(chainTable, {
    ...DEFAULT_RPC_LIMITS,
    tenantCallsPerSecond: config.RPC_RATE_TENANT,
  });
  return {
    tenants: new TenantDatabase(app),
    system: new SystemDatabase(system),
    chainTable,
    chains,
    secrets: new SecretBox(masterKeysOf(config)),
    kms: new AwsKms({ endpoint: config.AWS_KMS_ENDPOINT }),
    transactionSettings: {
      maxFeePerGasCapWei: config.MAX_FEE_PER_GAS_WEI,
      bumpAfterBlocks: BUMP_AFTER_BLOCKS,
      now: () => new Date(),
      report: (problem, context) =>
        logger.warn({ err: problem, ...context }, 'a transaction waits for its next tick'),
    },
    webhooks: { allowLoopback: config.WEBHOOK_LOOPBACK },
    signIn: {
      origin: new URL(config.CONSOLE_ORIGIN),
      challenges: new Challenges(deriveChallengeKey(Buffer.from(config.MASTER_KEY, 'hex'))),
    },
    royalties: { walletDelayMs: config.ROYALTY_WALLET_DELAY_HOURS * 3_600_000 },
    async checkReady() {
      await Promise.all([app.query('select 1'), system.query('select 1')]);
    },
    async close() {
      chains.close();
      await Promise.all([app.destroy(), system.destroy()]);
    },
  };
}
