import type { ChainId } from '../../schema/caip';
import { LaneChoice } from '../../schema/types/dispatch';
import { type SaleOutcome, sellOnBase } from './base-sale';
import type { CollectorWallet } from './collector-wallet';
import type { DollarMarket } from './dollar-market';
import type { Gallery } from './gallery';
import type { Dispatch, Registry, Work } from './operations';
import type { Timeline } from './timeline';

/** The three chains of the journey: works are minted on `home`. */
export interface Route {
  readonly home: ChainId;
  readonly base: ChainId;
  readonly moonbeam: ChainId;
}

/** Where a work must be now, by what was asked for; ids only, as the API is asked again for the rest. */
export interface Expected {
  readonly workId: string;
  readonly chainId: ChainId;
  readonly holder: `0x${string}`;
  readonly revision: number;
}

export interface Journey {
  readonly registry: Registry;
  readonly expected: readonly Expected[];
  /** Every statement that was sent. */
  readonly dispatches: readonly Dispatch[];
  readonly sale: SaleOutcome;
}

interface Cast {
  readonly gallery: Gallery;
  readonly collector: CollectorWallet;
  /** Another collector, and the artist. */
  readonly buyer: CollectorWallet;
  readonly artist: `0x${string}`;
  readonly openMarket: () => Promise<DollarMarket>;
  readonly route: Route;
  readonly timeline: Timeline;
}

const SCRIPT = 'for (const wave of tide(seed)) draw(wave)';

/**
 * Works are minted and travel: the gallery's own over CCIP to Base, home, over LayerZero to Moonbeam and
 * home; at the same time the collector's by its own wallet to Moonbeam, where new metadata reaches it,
 * and home by a permit; a third is sold on Base, and its royalty reaches the artist at home.
 *
 * @param account - The gallery's own address.
 */
export async function travel(cast: Cast, account: `0x${string}`): Promise<Journey> {
  const { gallery, collector, buyer, artist, route, timeline } = cast;
  const { home, base, moonbeam } = route;
  const projectId = await gallery.createProject({
    name: 'Tides',
    artistName: 'Ada',
    artistAccount: `${home}:${artist}`,
    description: 'Waves that no two seeds draw alike.',
    script: SCRIPT,
    editionCap: 10,
    royaltyBps: 750,
    licence: 'CC-BY-4.0',
  });
  timeline.note('project', 'Tides, at most 10 works');
  const [registry, market] = await Promise.all([
    gallery.createRegistry({
      projectId,
      name: 'Tides',
      symbol: 'TIDE',
      homeChainId: home,
      mirrorChainIds: [base, moonbeam],
    }),
    cast.openMarket(),
  ]);
  timeline.note('registry', 'ACTIVE on three chains, all lanes open');

  const receivers = [account, collector.address, collector.address];
  const minted = await gallery.mint(
    registry.id,
    receivers.map((address, index) => ({
      to: `${home}:${address}`,
      metadata: { title: `Tide ${index + 1}` },
    })),
  );
  for (const { edition, holder } of minted) timeline.note(`work ${edition}`, `minted for ${holder}`);
  const [own, collected, sold] = minted;
  if (!own || !collected || !sold) throw new Error('three works were minted');

  const saleCast = { ...cast, market, seller: collector, home, base };
  const [sale, ...tours] = await Promise.all([
    sellOnBase(saleCast, registry, sold),
    tour(cast, own),
    collectorsTour(cast, collected),
  ]);
  const at = { chainId: home, revision: 0 };
  return {
    registry,
    dispatches: [...tours.flat(), sale.dispatch],
    sale,
    expected: [
      { ...at, workId: own.id, holder: account },
      { ...at, workId: collected.id, holder: collector.address, revision: 1 },
      { ...at, workId: sold.id, chainId: base, holder: buyer.address },
    ],
  };
}

async function tour({ gallery, route: { home, base, moonbeam } }: Cast, work: Work): Promise<Dispatch[]> {
  return [
    await gallery.send(work, { to: base, lane: LaneChoice.CCIP }),
    await gallery.send(work, { to: home, lane: LaneChoice.CCIP }),
    await gallery.send(work, { to: moonbeam, lane: LaneChoice.LAYERZERO }),
    await gallery.send(work, { to: home, lane: LaneChoice.LAYERZERO }),
  ];
}

async function collectorsTour(
  { gallery, collector, route: { home, moonbeam } }: Cast,
  work: Work,
): Promise<Dispatch[]> {
  const out = await gallery.prepareSend(work, { to: moonbeam, lane: LaneChoice.LAYERZERO });
  const sent = await gallery.confirmedHolderSend(work, await collector.send(home, out));
  const stated = await gallery.updateMetadata(work, { title: 'Tide 2', caption: 'Seen at Moonbeam' });
  const back = { to: home, lane: LaneChoice.CCIP };
  const permit = await collector.sign(await gallery.prepareSend(work, back));
  return [sent, ...stated, await gallery.send(work, back, permit)];
}
