import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ChainId } from '../../../schema/caip';
import { BASE, MOONBEAM } from '../../faults/support/fault-world';
import type { PatientClient } from '../../support/patient-client';
import type { Gallery } from './deployment';

const POLL_MS = 1_000;
const WAYS = [
  { destinationChainId: BASE, lane: 'CCIP' },
  { destinationChainId: BASE, lane: 'LAYERZERO' },
  { destinationChainId: MOONBEAM, lane: 'LAYERZERO' },
] as const;

const MINT = 'mutation ($input: MintWorksInput!) { mintWorks(input: $input) { works { id documentHash } } }';
const SEND = 'mutation ($input: SendWorkInput!) { sendWork(input: $input) { dispatch { id } } }';
const WORK = 'query ($id: ID!) { work(id: $id) { state provisional failure } }';
const DISPATCH = 'query ($id: ID!) { dispatch(id: $id) { state failure { reason } } }';
const READ =
  'query { works(first: 20) { edges { node { id state edition revision chainId holder } } } chains { chainId headBlock } }';

const mintSchema = z.object({
  mintWorks: z.object({ works: z.array(z.object({ id: z.string(), documentHash: z.string() })) }),
});
const sendSchema = z.object({ sendWork: z.object({ dispatch: z.object({ id: z.string() }) }) });
const workSchema = z.object({
  work: z.object({ state: z.string(), provisional: z.boolean(), failure: z.string().nullable() }),
});
const dispatchSchema = z.object({
  dispatch: z.object({ state: z.string(), failure: z.object({ reason: z.string() }).nullable() }),
});

/** What the API accepted of one work. */
export interface Accepted {
  readonly gallery: Gallery;
  readonly documentHash: string;
  /** Where it was sent, once that was accepted. */
  sentTo?: ChainId;
}

export interface LoadOptions {
  /** Programs that mint and send, for each gallery. */
  readonly artistsPerGallery: number;
  readonly worksPerMint: number;
  /** Reads that begin in a second, whatever the answers do. */
  readonly readsPerSecond: number;
}

/**
 * What tenants' programs do: mint works, wait for each, send it to another chain, wait for its arrival, over and over;
 * and reads at a fixed rate beside that.
 */
export class Load {
  readonly accepted: Accepted[] = [];
  private stopping = false;
  private readonly running: Promise<void>[] = [];
  private readonly reads = new Set<Promise<void>>();
  private reader: NodeJS.Timeout | undefined;
  private read = 0;
  private failure: unknown;

  constructor(
    private readonly client: PatientClient,
    private readonly galleries: readonly Gallery[],
    private readonly options: LoadOptions,
  ) {}

  start(): void {
    for (const gallery of this.galleries)
      for (let artist = 0; artist < this.options.artistsPerGallery; artist += 1)
        this.running.push(this.work(gallery, artist).catch((error: unknown) => this.fail(error)));
    this.reader = setInterval(() => this.readOnce(), 1_000 / this.options.readsPerSecond);
  }

  /** Begins nothing new and waits until all that was begun has come about. @throws What a program was refused. */
  async finish(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
    clearInterval(this.reader);
    await Promise.all(this.reads);
    if (this.failure !== undefined) throw this.failure;
  }

  /** The first failure ends the load; {@link finish} tells it. */
  private fail(error: unknown): void {
    this.failure ??= error;
    this.stopping = true;
  }

  private readOnce(): void {
    const { apiKey } = this.gallery(this.read++);
    const reading: Promise<void> = this.client
      .ask(apiKey, READ, {})
      .catch((error: unknown) => this.fail(error))
      .then(() => void this.reads.delete(reading));
    this.reads.add(reading);
  }

  private gallery(index: number): Gallery {
    const gallery = this.galleries[index % this.galleries.length];
    if (gallery === undefined) throw new Error('there are galleries');
    return gallery;
  }

  private async work(gallery: Gallery, artist: number): Promise<void> {
    const { apiKey, registryGlobalId: registryId, account } = gallery;
    for (let round = artist; !this.stopping; round += 1) {
      const works = Array.from({ length: this.options.worksPerMint }, (_, nth) => ({
        to: account,
        metadata: { title: `Tide ${round}.${nth}` },
      }));
      const { mintWorks } = mintSchema.parse(
        await this.client.ask(apiKey, MINT, { input: { registryId, works } }),
      );
      const lives = mintWorks.works.map(({ id, documentHash }) => {
        const accepted: Accepted = { gallery, documentHash };
        this.accepted.push(accepted);
        return { id, accepted };
      });
      await Promise.all(lives.map(({ id, accepted }, nth) => this.travel(id, accepted, round + nth)));
    }
  }

  private async travel(id: string, accepted: Accepted, turn: number): Promise<void> {
    const { apiKey } = accepted.gallery;
    const way = WAYS[turn % WAYS.length] ?? WAYS[0];
    await this.eventually(async () => {
      const { work } = workSchema.parse(await this.client.ask(apiKey, WORK, { id }));
      if (work.failure !== null) throw new Error(`a work was not minted: ${work.failure}`);
      return work.state === 'LIVE' && !work.provisional;
    });
    const input = { workId: id, ...way };
    const { sendWork } = sendSchema.parse(await this.client.ask(apiKey, SEND, { input }));
    accepted.sentTo = way.destinationChainId;
    await this.eventually(async () => {
      const asked = await this.client.ask(apiKey, DISPATCH, { id: sendWork.dispatch.id });
      const { state, failure } = dispatchSchema.parse(asked).dispatch;
      if (state === 'FAILED' || state === 'VOIDED')
        throw new Error(`a dispatch is ${state}: ${failure?.reason}`);
      return state === 'CONFIRMED';
    });
  }

  private async eventually(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await delay(POLL_MS);
  }
}
