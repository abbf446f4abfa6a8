import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type Address, createPublicClient, http, type PublicClient } from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { type ChainId, evmAccountId } from '../../../schema/caip';
import { until } from '../../devnet/polling';
import { CHAINS } from '../../faults/support/fault-world';
import { withClient } from '../../support/template-database';
import type { Deployment, Gallery } from './deployment';
import type { Accepted } from './load';

const CLI = join(__dirname, '..', '..', '..', 'cli', 'main.js');
const SETTLE_MS = 180_000;
/** `LegState.LIVE` of contracts/src/interfaces/ICollection.sol. */
const LIVE = 1;

/** Waits until no job waits or runs, and every transaction is final. @throws Error that says how much is left. */
export async function settled({ stage }: Deployment): Promise<void> {
  await withClient(stage.database.adminUrl, async (client) => {
    let left: unknown;
    const isSettled = async () => {
      const { rows } = await client.query<{ jobs: number; transactions: number }>(
        `select (select count(*)::int from outbox where state <> 'DONE') as jobs,
                (select count(*)::int from chain_transactions where state not in ('final', 'dropped')) as transactions`,
      );
      left = rows[0];
      return rows[0]?.jobs === 0 && rows[0].transactions === 0;
    };
    await until('nothing to be under way', isSettled, { timeoutMs: SETTLE_MS, everyMs: 250 }).catch(
      (cause: unknown) => {
        throw new Error(`still under way: ${JSON.stringify(left)}`, { cause });
      },
    );
  });
}

/** Compares what was accepted with the chains and the record with both. @returns What is wrong. */
export async function audit(deployment: Deployment, accepted: readonly Accepted[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const gallery of deployment.galleries) {
    const own = accepted.filter((one) => one.gallery === gallery);
    wrong.push(...compare(own, await effectsOf(deployment, gallery), await recordOf(deployment, gallery)));
  }
  wrong.push(
    ...(await command(deployment, 'check-database')),
    ...(await command(deployment, 'rebuild', '--all')),
  );
  return wrong;
}

/** What the chains say of one work. */
interface Effect {
  mints: number;
  departures: number;
  arrivals: number;
  /** CAIP-10 of who owns each copy that is live. */
  owners: string[];
}

/** By the hash of the work's document. */
type Effects = ReadonlyMap<string, Effect>;
/** CAIP-10 of a live work's holder, by the hash of its document. */
type Holders = ReadonlyMap<string, string>;

function compare(accepted: readonly Accepted[], effects: Effects, holders: Holders): string[] {
  const wrong: string[] = [];
  for (const { documentHash, sentTo } of accepted) {
    const moves = sentTo === undefined ? 0 : 1;
    const { mints = 0, departures = 0, arrivals = 0, owners = [] } = effects.get(documentHash) ?? {};
    if (mints !== 1 || departures !== moves || arrivals !== moves || owners.length !== 1)
      wrong.push(
        `${documentHash}: minted ${mints} times, departed ${departures}, arrived ${arrivals} (asked: ${moves}), live ${owners.length} times`,
      );
    if (sentTo !== undefined && owners[0]?.startsWith(`${sentTo}:`) !== true)
      wrong.push(`${documentHash} was sent to ${sentTo} and is ${owners[0]}`);
    if (owners[0]?.toLowerCase() !== holders.get(documentHash)?.toLowerCase())
      wrong.push(`${documentHash} is ${owners[0]} on chain and ${holders.get(documentHash)} in the record`);
  }
  if (effects.size !== accepted.length || holders.size !== accepted.length)
    wrong.push(
      `${accepted.length} works were accepted, ${effects.size} are on chain, ${holders.size} in the record`,
    );
  return wrong;
}

async function effectsOf({ stage }: Deployment, { tenantId, registryId }: Gallery): Promise<Effects> {
  const registry = await stage.domain.registries.get(tenantId, registryId);
  const byToken = new Map<bigint, Effect>();
  const effects = new Map<string, Effect>();
  const of = (token: bigint) => {
    const effect = byToken.get(token) ?? { mints: 0, departures: 0, arrivals: 0, owners: [] };
    byToken.set(token, effect);
    return effect;
  };
  for (const chainId of CHAINS) {
    const client = createPublicClient({ transport: http(stage.devnet.directUrl(chainId)) });
    // CAST: the registry holds what the factory's addresses were computed as.
    const address = contractsOn(registry, chainId).collection as Address;
    const all = { address, abi: collectionAbi, fromBlock: 0n, toBlock: 'latest', strict: true } as const;
    for (const { args } of await client.getContractEvents({ ...all, eventName: 'WorkMinted' })) {
      of(args.workId).mints += 1;
      effects.set(args.documentHash, of(args.workId));
    }
    for (const { args } of await client.getContractEvents({ ...all, eventName: 'WorkDeparted' }))
      of(args.workId).departures += 1;
    for (const { args } of await client.getContractEvents({ ...all, eventName: 'WorkArrived' }))
      of(args.workId).arrivals += 1;
    for (const [token, effect] of byToken) {
      const owner = await liveOwner(client, address, token, chainId);
      if (owner !== undefined) effect.owners.push(owner);
    }
  }
  return effects;
}

async function liveOwner(
  client: PublicClient,
  address: Address,
  token: bigint,
  chainId: ChainId,
): Promise<string | undefined> {
  const leg = { address, abi: collectionAbi, functionName: 'legOf', args: [token] } as const;
  const { state, holder } = await client.readContract(leg);
  return state === LIVE ? evmAccountId(chainId, holder) : undefined;
}

async function recordOf({ stage }: Deployment, { tenantId }: Gallery): Promise<Holders> {
  return withClient(stage.database.adminUrl, async (client) => {
    const { rows } = await client.query<{ document_hash: string; holder: string }>(
      `select document_hash, holder from works where tenant_id = $1 and state = 'LIVE'`,
      [tenantId],
    );
    return new Map(rows.map(({ document_hash, holder }) => [document_hash, holder]));
  });
}

/** Runs a command as an operator does. @returns What it said, unless all is well. */
function command({ stage }: Deployment, ...args: readonly string[]): Promise<string[]> {
  const env = { PATH: process.env['PATH'] ?? '', ...stage.environment };
  const limits = { env, maxBuffer: 64 * 1_024 * 1_024 };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], limits, (error, stdout, stderr) =>
      resolve(error === null ? [] : [`${args.join(' ')}: ${stdout}\n${stderr}`]),
    );
  });
}
