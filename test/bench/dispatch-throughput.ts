import type { Client } from 'pg';
import {
  type Address,
  createPublicClient,
  createWalletClient,
  http,
  keccak256,
  type PublicClient,
  zeroHash,
} from 'viem';
import { type Call, sendWorkCall, type WorkSend } from '../../chains/evm/registry/calls';
import { GatewayReader } from '../../chains/evm/registry/reads';
import { contractsOn } from '../../domain/registry/registry-contracts';
import { evmAccountId } from '../../schema/caip';
import type { WorkId } from '../../schema/ids';
import type { Work } from '../../schema/types/work';
import { AccountIndex, accountAt } from '../devnet/accounts';
import { until } from '../devnet/polling';
import { BASE, type FaultWorld, HOME } from '../faults/support/fault-world';
import { withClient } from '../support/template-database';
import { type BenchmarkOptions, type Comparison, median, timed } from './benchmark';

const FULL = { rounds: 3, sends: 100 };
const SMALL = { rounds: 1, sends: 10 };
const BAR = 0.5;
const MINT_BATCH = 50;
const WAIT_MS = 120_000;
const TRANSPORT = 'CCIP';
const PEER = accountAt(AccountIndex.Test + 1);
/** The excess of what is sent along comes back; both sides send as much. */
const FEE_PERCENT = 120n;

/**
 * Sends through the service, outbox and worker against a bare loop that quotes, prepares, signs,
 * stores and sends one after the other: the same call of the same Gateway on the same chain, by turns.
 * Nothing follows the chains meanwhile: what happens after the broadcast is not measured.
 */
export async function compareThroughput(
  world: FaultWorld,
  { small, log }: BenchmarkOptions,
): Promise<Comparison> {
  const { rounds, sends } = small ? SMALL : FULL;
  const account = await world.domain.signers.accountFor(world.tenantId, HOME);
  const ours = await mintTo(world, account.address, rounds * sends);
  const theirs = await mintTo(world, PEER.address, rounds * sends);
  await world.crew.stop('follower');
  const perSecond = { ours: [] as number[], peer: [] as number[] };
  await withClient(world.database.adminUrl, async (client) => {
    await client.query(PEER_TABLE);
    const peer = await bareLoop(world, client);
    for (let round = 0; round < rounds; round += 1) {
      const range = [round * sends, (round + 1) * sends] as const;
      perSecond.ours.push(rate(sends, await sendOurs(world, client, ours.slice(...range))));
      perSecond.peer.push(rate(sends, await timed(() => peer(theirs.slice(...range)))));
      const shown = Object.entries(perSecond).map(([name, rates]) => `${name} ${rates.at(-1)?.toFixed(1)}/s`);
      log(`round ${round + 1}: ${sends} sends to broadcast, ${shown.join(', ')}`);
    }
  });
  await world.crew.start('follower');
  return {
    name: 'mutation to broadcast vs a bare viem loop',
    unit: 'sends/s',
    figure: median(perSecond.ours),
    peer: median(perSecond.peer),
    bar: BAR,
  };
}

/** Mints works and waits until they are final. */
export async function mintTo(world: FaultWorld, holder: Address, count: number): Promise<WorkId[]> {
  const { domain, tenantId, registryId } = world;
  const workIds: WorkId[] = [];
  while (workIds.length < count) {
    const works = Array.from({ length: Math.min(MINT_BATCH, count - workIds.length) }, () => ({
      to: evmAccountId(HOME, holder),
      metadata: {},
    }));
    workIds.push(...(await domain.mints.mint(tenantId, { registryId, works })).map(({ id }) => id));
  }
  const areFinal = async () => {
    const works = await domain.works.findByIds(tenantId, workIds);
    return works.every(({ state, provisional }) => state === 'LIVE' && !provisional);
  };
  await until('the works to be final', areFinal, { timeoutMs: WAIT_MS, everyMs: 250 });
  return workIds;
}

/** All requests at once, as an API under load gets them; the end is the broadcast of the last. */
async function sendOurs(world: FaultWorld, client: Client, workIds: readonly WorkId[]): Promise<number> {
  const wish = { destinationChainId: BASE, lane: TRANSPORT } as const;
  return timed(async () => {
    await Promise.all(
      workIds.map((workId) => world.domain.dispatches.send(world.tenantId, { workId, ...wish })),
    );
    const allSent = async () => {
      const { rows } = await client.query(
        `select count(*)::int as sent from dispatches d join chain_transactions t
           on t.tenant_id = d.tenant_id and t.intent_key = 'dispatch:' || d.id || ':' || d.attempt
          where d.work_id = any($1) and t.state in ('broadcast', 'mined', 'final')`,
        [workIds],
      );
      return rows[0].sent === workIds.length;
    };
    await until('all sends to be broadcast', allSent, { timeoutMs: WAIT_MS, everyMs: 20 });
  });
}

const PEER_TABLE =
  'create table peer_sends (hash text primary key, nonce bigint not null, raw bytea not null)';

/** What somebody would write without us: quote, prepare, sign, store, send, one work after the other. */
async function bareLoop(
  world: FaultWorld,
  client: Client,
): Promise<(workIds: readonly WorkId[]) => Promise<void>> {
  const chain = createPublicClient({ transport: http(world.devnet.directUrl(HOME)) });
  const wallet = createWalletClient({ account: PEER, transport: http(world.devnet.directUrl(HOME)) });
  const registry = await world.domain.registries.get(world.tenantId, world.registryId);
  // CAST: the registry holds what the factory's addresses were computed as.
  const gateway = contractsOn(registry, HOME).gateway as Address;
  return async (workIds) => {
    const works = await world.domain.works.findByIds(world.tenantId, workIds);
    for (const work of works) {
      const { call, value } = await quoted(chain, gateway, work);
      const request = await wallet.prepareTransactionRequest({ ...call, value, chain: null });
      const raw = await wallet.signTransaction({ ...request, chain: null });
      await client.query('insert into peer_sends values ($1, $2, $3)', [
        keccak256(raw),
        request.nonce,
        Buffer.from(raw.slice(2), 'hex'),
      ]);
      await chain.sendRawTransaction({ serializedTransaction: raw });
    }
  };
}

async function quoted(
  chain: PublicClient,
  gateway: Address,
  { tokenId, documentHash, seed }: Pick<Work, 'tokenId' | 'documentHash' | 'seed'>,
): Promise<{ call: Call; value: bigint }> {
  const send: WorkSend = {
    destinationChainId: BASE,
    transport: TRANSPORT,
    tokenId: BigInt(tokenId ?? 0),
    documentHash,
    seed: seed ?? zeroHash,
    currentHop: 0,
    to: PEER.address,
    fallbackTo: PEER.address,
  };
  const { feeWei } = await new GatewayReader(chain, gateway).quoteWork(send, PEER.address);
  return { call: sendWorkCall(gateway, send, undefined), value: (feeWei * FEE_PERCENT) / 100n };
}

function rate(count: number, ms: number): number {
  return (count / ms) * 1_000;
}
