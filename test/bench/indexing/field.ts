import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { encodeAbiParameters, type Hex, keccak256, zeroAddress } from 'viem';
import type { ServiceUrls } from '../../support/service-urls';
import { createTemplateDatabase, TEMPLATE_DATABASE, urlOf } from '../../support/template-database';
import { createDatabase, EIP155, follow, watchContract } from '../follower-base';
import { startTransferChain, type TransferChain } from '../follower-chain';

/** Ponder's for a chain that it does not know, and not to be changed; the others are told the same. */
export const DEPTH = 30;
/** Blocks behind the last transfer: all of them are final, so that everybody reads them as the past. */
const BEHIND = 2 * DEPTH;
const BASE_DATABASE = 'bench_base';
const RUN_DATABASE = 'bench_run';

/** The last transfer: when it is committed, all are. */
export interface LogPlace {
  readonly block: number;
  readonly logIndex: number;
}

/** A chain full of transfers and what an index of it must hold. */
export interface Field {
  readonly chain: TransferChain;
  readonly events: number;
  readonly fromBlock: number;
  readonly last: LogPlace;
  readonly head: number;
  /** The MD5 of all transfers in order, as PostgreSQL says them: see {@link factsOf}. */
  readonly digest: string;
  /** An empty database for one run, for us with our tables and the chain up to the first transfer. */
  freshDatabase(of: 'ours' | 'theirs'): Promise<RunUrls>;
  /** The file that the chain's node writes its calls to. */
  readonly calls: string;
}

/** The run's database for its superuser, and for our roles. */
export type RunUrls = Pick<ServiceUrls, 'adminUrl' | 'appUrl' | 'systemUrl'>;

export async function prepareField(
  adminUrl: string,
  folder: string,
  { blocks, perBlock }: { blocks: number; perBlock: number },
): Promise<Field> {
  const { appUrl, systemUrl } = await createTemplateDatabase(adminUrl);
  const calls = join(folder, 'calls');
  const output = openSync(calls, 'a');
  const chain = await startTransferChain(EIP155, { calls: output });
  closeSync(output);
  try {
    await chain.mine(BEHIND);
    await createDatabase(adminUrl, BASE_DATABASE, TEMPLATE_DATABASE);
    await watchContract(urlOf(adminUrl, { database: BASE_DATABASE }), chain);
    await follow(urlOf(systemUrl, { database: BASE_DATABASE }), chain, DEPTH);
    await chain.emit(blocks, perBlock);
    await chain.mine(BEHIND);
  } catch (error) {
    await chain.anvil.stop();
    throw error;
  }
  const fromBlock = 2 + BEHIND;
  const toBlock = fromBlock + blocks - 1;
  const runOf = (url: string) => urlOf(url, { database: RUN_DATABASE });
  return {
    chain,
    calls,
    events: blocks * perBlock,
    fromBlock,
    last: { block: toBlock, logIndex: perBlock - 1 },
    head: toBlock + BEHIND,
    digest: digestOf(fromBlock, blocks, perBlock),
    async freshDatabase(of) {
      await createDatabase(adminUrl, RUN_DATABASE, of === 'ours' ? BASE_DATABASE : 'template0');
      return { adminUrl: runOf(adminUrl), appUrl: runOf(appUrl), systemUrl: runOf(systemUrl) };
    },
  };
}

/**
 * The MD5 that {@link Field.digest} is compared with, in SQL, over a query that selects block, log_index, token, sender
 * and receiver (addresses as 0x and lower case).
 */
export function factsOf(transfers: string): string {
  return `
    select count(*)::int as events,
      md5(string_agg(concat_ws(':', block, log_index, token, sender, receiver), ',' order by block, log_index)) as digest
    from (${transfers}) transfers`;
}

/** What the contract emits, computed anew: see follower-chain.ts. */
function digestOf(fromBlock: number, blocks: number, perBlock: number): string {
  const hash = createHash('md5');
  for (let token = 0; token < blocks * perBlock; token += 1) {
    const block = fromBlock + Math.floor(token / perBlock);
    const fact = [block, token % perBlock, token, zeroAddress, receiverOf(token)].join(':');
    hash.update(token === 0 ? fact : `,${fact}`);
  }
  return hash.digest('hex');
}

function receiverOf(token: number): Hex {
  return `0x${keccak256(encodeAbiParameters([{ type: 'uint256' }], [BigInt(token)])).slice(-40)}`;
}
