import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withClient } from '../../../cli/database';
import { freePorts } from '../../../cli/embedded/ports';
import { evmChainId } from '../../../schema/caip';
import { benchmarkChain, EIP155 } from '../follower-base';
import { DEPTH, type Field, type LogPlace, type RunUrls } from './field';

/** One who indexes the transfers of a field into a database. */
export interface Indexer {
  readonly name: string;
  readonly database: 'ours' | 'theirs';
  /** Starts its process, as one deploys it. What it says goes to `output`. */
  launch(run: RunUrls, output: number): Promise<ChildProcess>;
  /** Finds one transfer. */
  readonly find: (place: LogPlace) => string;
  /** Selects all transfers: see {@link factsOf}. */
  readonly transfers: string;
}

const WORKERS_MAIN = join(__dirname, '..', '..', '..', 'workers', 'main.js');

/** The follower process: hash history, two endpoints that must agree on every final block, our tables. */
export function colophon(folder: string, { chain }: Field): Indexer {
  // The fourth topic ends with the token, which is small here.
  const topic = (n: number) => `substring(topics from ${32 * n + 1} for 32)`;
  const address = (n: number) => `'0x' || encode(substring(topics from ${32 * n + 13} for 20), 'hex')`;
  return {
    name: 'Colophon',
    database: 'ours',
    async launch({ appUrl, systemUrl }, output) {
      const chainsFile = join(folder, 'chains.json');
      const { url } = chain.anvil;
      // The others have one endpoint.
      writeFileSync(chainsFile, JSON.stringify([benchmarkChain([url, `${url}/?second`], DEPTH)]));
      return start(process.execPath, [WORKERS_MAIN, 'follower'], output, {
        APP_DATABASE_URL: appUrl,
        SYSTEM_DATABASE_URL: systemUrl,
        CHAINS_FILE: chainsFile,
        MASTER_KEY: randomBytes(32).toString('hex'),
        LOG_LEVEL: 'warn',
      });
    },
    // All of the primary key, as the others are asked: otherwise PostgreSQL reads far more, at every question.
    find: ({ block, logIndex }) =>
      `select from chain_logs
       where chain_id = '${evmChainId(EIP155)}' and block_number = ${block} and log_index = ${logIndex}`,
    transfers: `
      select block_number as block, log_index, ('x' || right(encode(${topic(3)}, 'hex'), 8))::bit(32)::int as token,
        ${address(1)} as sender, ${address(2)} as receiver
      from chain_logs`,
  };
}

/** Ponder by `ponder start` on PostgreSQL; its settings are in peers/ponder. */
export function ponder(peers: string, field: Field, schema: string): Indexer {
  const table = `${schema}.transfer`;
  return {
    name: 'Ponder',
    database: 'theirs',
    async launch({ adminUrl }, output) {
      const [port = 0] = await freePorts([undefined]);
      const program = join(peers, 'node_modules', 'ponder', 'dist', 'esm', 'bin', 'ponder.js');
      const root = join(peers, 'ponder');
      const options = ['--root', root, '--log-format', 'json', '--log-level', 'warn'];
      return start(
        process.execPath,
        [program, ...options, 'start', '--schema', schema, '--port', String(port)],
        output,
        {
          ...benchOf(field),
          DATABASE_URL: adminUrl,
          PONDER_TELEMETRY_DISABLED: 'true',
        },
      );
    },
    find: ({ block, logIndex }) => `select from ${table} where block = ${block} and log_index = ${logIndex}`,
    transfers: `select block, log_index, token_id as token, sender, receiver from ${table}`,
  };
}

/** What `squid-typeorm-migration` makes of the model in peers/sqd. */
const SQD_MIGRATION = `
  create table transfer (
    id character varying not null primary key,
    block int4 not null,
    log_index int4 not null,
    token_id numeric not null,
    sender text not null,
    receiver text not null
  )`;

/** SQD's EvmBatchProcessor reading from RPC, with TypeormDatabase; its settings are in peers/sqd. */
export function sqd(peers: string, field: Field): Indexer {
  return {
    name: 'SQD',
    database: 'theirs',
    async launch({ adminUrl }, output) {
      await withClient(adminUrl, (client) => client.query(SQD_MIGRATION));
      return start(process.execPath, [join(peers, 'sqd', 'main.js')], output, {
        ...benchOf(field),
        DB_URL: adminUrl,
        SQD_LOG_LEVEL: 'WARN',
      });
    },
    // It commits its height with the blocks up to there. (Its table has no index by block, and needs none.)
    find: ({ block }) => `select from squid_processor.status where height >= ${block}`,
    transfers: 'select block, log_index, token_id as token, sender, receiver from transfer',
  };
}

function benchOf({ chain, fromBlock, head }: Field): Record<string, string> {
  return {
    BENCH_RPC_URL: chain.anvil.url,
    BENCH_EIP155: String(EIP155),
    BENCH_CONTRACT: chain.contract,
    BENCH_DEPTH: String(DEPTH),
    BENCH_FROM_BLOCK: String(fromBlock),
    BENCH_TO_BLOCK: String(head - DEPTH),
  };
}

function start(
  program: string,
  args: readonly string[],
  output: number,
  env: Record<string, string>,
): ChildProcess {
  return spawn(program, args, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', output, output],
  });
}
