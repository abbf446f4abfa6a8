import { setTimeout as delay } from 'node:timers/promises';
import type { Hex } from 'viem';
import { type ChainId, evmAccountId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import { accountAt } from '../../devnet/accounts';
import { type FaultWorld, HOME } from '../../faults/support/fault-world';
import { Arrivals } from './arrivals';
import { CollectorWallet } from './collector-wallet';
import type { Disturbances } from './disturbances';
import type { Itinerary, PlannedMove, TravelForm } from './travel-plan';

/** The most works of one mint; see `mintWorks`. */
const MINT_BATCH = 50;
const WALLET_POLL_MS = 400;
/** Without an arrival for this long something is stuck. */
const PATIENCE_MS = 180_000;

/** A work with the way that it goes. */
export interface Traveller extends Itinerary {
  readonly workId: WorkId;
}

export interface TravelReport {
  readonly moves: number;
  readonly travelMs: number;
  /** Transactions that collectors' wallets had to send again. */
  readonly resent: number;
}

/** Sends many works over the chains at once, each along its itinerary. */
export class LongTravel {
  private readonly arrivals: Arrivals;
  private readonly wallets = new Map<string, CollectorWallet>();
  private moves = 0;
  private resent = 0;

  constructor(
    private readonly world: FaultWorld,
    private readonly disturbances: Disturbances,
  ) {
    this.arrivals = new Arrivals(world);
  }

  /** Mints one work for each itinerary and waits until all of them are final. */
  async mint(itineraries: readonly Itinerary[]): Promise<Traveller[]> {
    const { domain, tenantId, registryId } = this.world;
    const own = await domain.signers.accountFor(tenantId, HOME);
    const travellers: Traveller[] = [];
    for (let at = 0; at < itineraries.length; at += MINT_BATCH) {
      const batch = itineraries.slice(at, at + MINT_BATCH);
      const works = batch.map(({ collector }, index) => ({
        to: evmAccountId(HOME, (collector === undefined ? own : accountAt(collector)).address),
        metadata: { title: `Tide ${at + index}` },
      }));
      const minted = await domain.mints.mint(tenantId, { registryId, works });
      travellers.push(
        ...batch.flatMap((itinerary, index) => {
          const work = minted[index];
          return work === undefined ? [] : [{ ...itinerary, workId: work.id }];
        }),
      );
    }
    await this.whileWatching(() =>
      Promise.all(travellers.map(({ workId }) => this.arrivals.arrival(workId, HOME, 0))),
    );
    return travellers;
  }

  /** Lets all of them make all of their moves, at most `abreast` at a time. @throws Error if one gets stuck. */
  async travel(travellers: readonly Traveller[], { abreast }: TravelForm): Promise<TravelReport> {
    const begun = Date.now();
    const waiting = [...travellers];
    const companion = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await this.lead(next);
    };
    await this.whileWatching(() => Promise.all(Array.from({ length: abreast }, companion)));
    await this.disturbances.settled();
    return { moves: this.moves, travelMs: Date.now() - begun, resent: this.resent };
  }

  private async lead(traveller: Traveller): Promise<void> {
    for (const [index, move] of traveller.moves.entries()) {
      const arrival = this.arrivals.arrival(traveller.workId, move.destination, index + 1);
      await this.begin(traveller, move);
      await arrival;
      this.moves += 1;
      this.disturbances.movesEnded(this.moves);
    }
  }

  private async begin({ workId, begunBy, collector }: Traveller, move: PlannedMove): Promise<void> {
    const { dispatches } = this.world.domain;
    const { tenantId } = this.world;
    const wish = { workId, destinationChainId: move.destination, lane: move.transport };
    if (begunBy === 'OWN' || collector === undefined) {
      await dispatches.send(tenantId, wish);
      return;
    }
    const prepared = await dispatches.prepareSend(tenantId, wish);
    if (begunBy === 'HOLDER') return this.walletOf(collector, prepared.chainId).send(prepared);
    const signature = await signTypedData(collector, prepared.permitTypedData);
    const permit = { transport: prepared.transport, deadline: BigInt(prepared.permitDeadline), signature };
    await dispatches.send(tenantId, { ...wish, permit });
  }

  /** Runs `act` while arrivals are seen and wallets keep their transactions alive; fails with the first of them. */
  private async whileWatching<T>(act: () => Promise<T>): Promise<T> {
    const ended = new AbortController();
    const watching = Promise.all([
      this.arrivals.watch(ended.signal, PATIENCE_MS),
      this.keepWallets(ended.signal),
    ]);
    try {
      return await Promise.race([
        act(),
        watching.then(() => Promise.reject(new Error('the watch ended early'))),
      ]);
    } finally {
      ended.abort();
      await Promise.allSettled([watching]); // what it threw has ended the race
    }
  }

  private async keepWallets(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const wallet of this.wallets.values()) this.resent += await wallet.keep();
      await delay(WALLET_POLL_MS);
    }
  }

  private walletOf(collector: number, chainId: ChainId): CollectorWallet {
    const key = `${collector}@${chainId}`;
    const wallet =
      this.wallets.get(key) ??
      new CollectorWallet(accountAt(collector), chainId, this.world.devnet.directUrl(chainId));
    this.wallets.set(key, wallet);
    return wallet;
  }
}

async function signTypedData(collector: number, json: string): Promise<Hex> {
  return accountAt(collector).signTypedData(JSON.parse(json));
}
