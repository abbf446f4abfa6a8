import { createPublicClient, type Hex, http } from 'viem';
import type { ChainId } from '../../schema/caip';
import { DispatchState } from '../../schema/types/dispatch';
import { WorkState } from '../../schema/types/work';
import { CHAINS } from '../faults/support/fault-world';
import { nonceCounts } from '../faults/support/settled';
import {
  ownersOf,
  type RegistryTruth,
  readRecordedHolders,
  readRegistryTruth,
  type TrueMove,
} from '../support/registry-truth';
import { runCommand } from '../support/run-command';
import { withClient } from '../support/template-database';
import type { Life } from './life';
import type { SimTenant, SimWorld } from './world';

/** An invariant of the design that does not hold, and where. */
export interface Broken {
  readonly invariant: string;
  readonly what: string;
}

/** One invariant: what breaks it, if anything. */
interface Invariant {
  readonly name: string;
  check(world: SimWorld, lives: readonly Life[]): Promise<string[]>;
}

const PAGE = { first: 100, after: undefined } as const;

/** Compares what was asked for, what is recorded and what the chains themselves say. @returns What is broken. */
export async function checkInvariants(world: SimWorld, lives: readonly Life[]): Promise<Broken[]> {
  const broken: Broken[] = [];
  for (const { name, check } of INVARIANTS) {
    for (const what of await check(world, lives)) broken.push({ invariant: name, what });
  }
  return broken;
}

export const INVARIANTS: readonly Invariant[] = [
  { name: 'what was accepted ends as asked, or with a reason', check: nothingIsLost },
  { name: 'every effect once on chain, and none that nobody asked for', check: nothingHappensTwice },
  { name: 'one live copy of each work, where the record says', check: oneLiveCopy },
  { name: 'every transaction final on its chain, no nonce unused', check: transactionsAreTrue },
  { name: 'ledger and vaults agree', check: booksAgree },
  { name: 'check-database holds', check: ({ stage }) => runCommand(stage.environment, 'check-database') },
  {
    name: 'a rebuild from the chains is identical',
    check: ({ stage }) => runCommand(stage.environment, 'rebuild', '--all'),
  },
];

async function nothingIsLost(world: SimWorld, lives: readonly Life[]): Promise<string[]> {
  const broken: string[] = [];
  for (const { tenant, workId, sends } of lives) {
    if (workId === undefined) continue;
    const { domain } = world.stage;
    const { state, provisional, frozen } = await domain.works.get(tenant.tenantId, workId);
    if (state !== WorkState.LIVE || provisional || frozen)
      broken.push(`work ${workId} is ${state}, provisional: ${provisional}, frozen: ${frozen}`);
    const { edges } = await domain.dispatches.page(tenant.tenantId, PAGE, { workId });
    const dispatches = edges.map(({ node }) => node);
    for (const { id, state: reached, failure } of dispatches) {
      const isOver =
        reached === DispatchState.CONFIRMED ||
        ((reached === DispatchState.FAILED || reached === DispatchState.VOIDED) && failure !== null);
      if (!isOver) broken.push(`dispatch ${id} of work ${workId} is ${reached}: ${JSON.stringify(failure)}`);
    }
    const moves = dispatches.filter(({ kind }) => kind === 'WORK');
    if (moves.length !== sends)
      broken.push(`work ${workId} was sent ${sends} times and has ${moves.length} moves`);
  }
  return broken;
}

async function nothingHappensTwice(world: SimWorld, lives: readonly Life[]): Promise<string[]> {
  const broken: string[] = [];
  for (const tenant of world.tenants) {
    const truth = await truthOf(world, tenant);
    const own = lives.filter((life) => life.tenant === tenant);
    const asked = new Map(
      own.flatMap((life) => (life.documentHash ? [[life.documentHash, life] as const] : [])),
    );
    const minted = truth.mints.map(({ documentHash }) => documentHash);
    for (const documentHash of asked.keys()) {
      const count = minted.filter((hash) => hash === documentHash).length;
      if (count !== 1) broken.push(`the work of document ${documentHash} was minted ${count} times`);
    }
    for (const { tokenId, documentHash } of truth.mints) {
      const life = asked.get(documentHash);
      if (life === undefined) broken.push(`${tenant.name} has token ${tokenId}, which nobody asked for`);
      else broken.push(...effectsOf(tokenId, life, truth));
    }
  }
  return broken;
}

/** How what happened to a token on its chains differs from what was asked for it: each move and revision once. */
export function effectsOf(
  tokenId: string,
  life: Pick<Life, 'workId' | 'sends' | 'failures' | 'revisions'>,
  truth: Pick<RegistryTruth, 'departures' | 'arrivals' | 'revisions'>,
): string[] {
  const hops = (moves: readonly TrueMove[]) =>
    moves.flatMap((move) => (move.tokenId === tokenId ? Number(move.hop) : [])).sort((a, b) => a - b);
  const revisions = truth.revisions
    .flatMap((one) => (one.tokenId === tokenId ? Number(one.revision) : []))
    .sort((a, b) => a - b);
  const upTo = (count: number, first: number) => Array.from({ length: count }, (_, nth) => first + nth);
  const moved = upTo(life.sends - life.failures.length, 1);
  const compared = [
    ['departures', hops(truth.departures), moved],
    ['arrivals', hops(truth.arrivals), moved],
    ['revisions', revisions, upTo(life.revisions, 1)],
  ] as const;
  return compared.flatMap(([what, found, asked]) =>
    found.join() === asked.join() ? [] : `${what} of work ${life.workId}: asked ${asked}; on chain ${found}`,
  );
}

async function oneLiveCopy(world: SimWorld): Promise<string[]> {
  const broken: string[] = [];
  for (const tenant of world.tenants) {
    const { live, mints } = await truthOf(world, tenant);
    const recorded = await readRecordedHolders(world.stage.database, tenant.tenantId);
    if (mints.length !== recorded.size)
      broken.push(`${tenant.name} has ${recorded.size} works and ${mints.length} mints`);
    for (const { tokenId } of mints) {
      const legs = ownersOf(live, tokenId);
      const holder = recorded.get(tokenId)?.toLowerCase();
      if (legs.length !== 1 || legs[0] !== holder)
        broken.push(`token ${tokenId} is live as ${legs.join(' and ') || 'nothing'}; recorded: ${holder}`);
    }
  }
  return broken;
}

async function transactionsAreTrue({ stage, tenants }: SimWorld): Promise<string[]> {
  const broken: string[] = [];
  for (const { name, tenantId } of tenants) {
    const { used, given } = await nonceCounts({ ...stage, tenantId });
    for (const [index, chainId] of CHAINS.entries())
      if (used[index] !== given[index])
        broken.push(`${name} has used ${used[index]} nonces of ${given[index]} on ${chainId}`);
  }
  const rows = await withClient(stage.database.adminUrl, async (client) => {
    const found = await client.query<{
      chain_id: ChainId;
      intent_key: string;
      mined_hash: Hex;
      mined_block_hash: Hex;
    }>(
      `select chain_id, intent_key, mined_hash, mined_block_hash from chain_transactions where state = 'final'`,
    );
    return found.rows;
  });
  const clients = new Map(
    CHAINS.map((chainId) => [
      chainId,
      createPublicClient({ transport: http(stage.devnet.directUrl(chainId), { batch: true }) }),
    ]),
  );
  const found = await Promise.all(
    rows.map(async ({ chain_id, intent_key, mined_hash: hash, mined_block_hash }) => {
      const receipt = await clients.get(chain_id)?.getTransactionReceipt({ hash });
      return receipt?.blockHash === mined_block_hash
        ? []
        : `${intent_key} is in ${receipt?.blockHash}, recorded in ${mined_block_hash}`;
    }),
  );
  return [...broken, ...found.flat()];
}

async function booksAgree({ stage, tenants }: SimWorld): Promise<string[]> {
  const broken: string[] = [];
  for (const { name, tenantId, registryId } of tenants) {
    const lines = await stage.domain.reconciliations.reconcile(tenantId, registryId);
    for (const line of lines) if (!line.balanced) broken.push(`${name}: ${JSON.stringify(line.differences)}`);
  }
  return broken;
}

function truthOf({ stage }: SimWorld, { tenantId, registryId }: SimTenant): Promise<RegistryTruth> {
  return stage.domain.registries
    .get(tenantId, registryId)
    .then((registry) => readRegistryTruth(stage.devnet, registry));
}
