import type { ChainId } from '../../../schema/caip';
import type { KillPoint } from '../../../schema/kill-point';
import { oneOf, randomFrom, shuffled } from '../../support/random';
import { type Currency, GRAIN, MIRRORS, royaltyOf } from './sales-terms';

/** How large a run is, and how badly it goes. */
export interface SalesForm {
  readonly seed: number;
  /** Half of them on each mirror. */
  readonly sales: number;
  /** As many are sold at once on a mirror, and a reorg takes so many back together. */
  readonly worksPerMirror: number;
  /** Sales of which no royalty is paid, and of which a part is. */
  readonly unpaid: number;
  readonly underpaid: number;
  /** Reorgs, each of which takes a batch of recorded sales back, and how many of these sales never come again. */
  readonly reorgs: number;
  readonly never: number;
  /** Kills of the worker while sales are made, and while they are settled. */
  readonly killsInSales: number;
  readonly killsInSettling: number;
  readonly windowSeconds: number;
  readonly timeoutMs: number;
}

/** Whether a reorg takes a sale back, once it is recorded, and whether it comes again in another block. */
export type Fate = 'STANDS' | 'AGAIN' | 'NEVER';

/** How much of its royalty is paid. */
type Kind = 'PAID' | 'UNDERPAID' | 'UNPAID';

export interface PlannedSale {
  readonly chainId: ChainId;
  /** Which of the mirror's works. */
  readonly work: number;
  readonly currency: Currency;
  /** Numbers of traders. */
  readonly seller: number;
  readonly buyer: number;
  /** All that is paid, and what of it goes to the registry: base units. */
  readonly price: bigint;
  readonly paid: bigint;
  readonly fate: Fate;
}

/** Where the worker dies: at a marker, or wherever it is then. */
export type Death = KillPoint | 'ANYWHERE';

export interface SalesPlan {
  readonly form: SalesForm;
  /** By mirror: what is sold at once. Those of a batch either all stand or fall together. */
  readonly batches: ReadonlyMap<ChainId, readonly (readonly PlannedSale[])[]>;
  /** After so many sales the worker is killed there. */
  readonly deaths: readonly { readonly afterSales: number; readonly at: Death }[];
  readonly deathsInSettling: readonly Death[];
}

const DEATHS_IN_SALES: readonly Death[] = [
  'ANYWHERE',
  'job.before-complete',
  'projection.before-commit',
  'job.after-complete',
  'projection.after-commit',
];
const DEATHS_IN_SETTLING: readonly Death[] = [
  'transaction.after-broadcast',
  'transaction.before-store',
  'transaction.after-store',
  'transaction.before-sign',
  'ANYWHERE',
];

/** Every trader can buy once in a batch, and none of them what he sells. */
export const tradersOf = ({ worksPerMirror }: SalesForm) => 2 * worksPerMirror;

/** Draws who sells what to whom, what goes unpaid, what falls and when the worker dies: the same for the same form. */
export function planSales(form: SalesForm): SalesPlan {
  const random = randomFrom(form.seed);
  const perMirror = form.sales / MIRRORS.length;
  if (perMirror % form.worksPerMirror !== 0) throw new Error('a mirror sells in whole batches');
  const kinds = shuffled(
    counted({ UNPAID: form.unpaid, UNDERPAID: form.underpaid, PAID: form.sales }).slice(0, form.sales),
    random,
  );
  const fates = drawFates(form, random);
  const batches = new Map(
    MIRRORS.map((chainId, mirror) => {
      const half = <T>(values: readonly T[]) =>
        values.slice(
          (mirror * values.length) / MIRRORS.length,
          ((mirror + 1) * values.length) / MIRRORS.length,
        );
      return [chainId, drawBatches(form, chainId, half(kinds), half(fates), random)] as const;
    }),
  );
  const deaths = repeated(shuffled(DEATHS_IN_SALES, random), form.killsInSales).map((at, nth) => ({
    afterSales: Math.floor(((nth + random()) * form.sales) / form.killsInSales),
    at,
  }));
  const deathsInSettling = repeated(shuffled(DEATHS_IN_SETTLING, random), form.killsInSettling);
  return { form, batches, deaths, deathsInSettling };
}

/** The fates of every batch, in which all stand or all fall. */
function drawFates({ sales, worksPerMirror, reorgs, never }: SalesForm, random: () => number): Fate[][] {
  const fallen = shuffled(counted({ NEVER: never, AGAIN: reorgs * worksPerMirror - never }), random);
  const batches = Array.from({ length: sales / worksPerMirror }, (_, nth): Fate[] =>
    nth < reorgs
      ? fallen.slice(nth * worksPerMirror, (nth + 1) * worksPerMirror)
      : Array.from({ length: worksPerMirror }, () => 'STANDS'),
  );
  return shuffled(batches, random);
}

/** The batches of a mirror, in each of which every work is sold once, by who has it then. */
function drawBatches(
  form: SalesForm,
  chainId: ChainId,
  kinds: readonly Kind[],
  fates: readonly (readonly Fate[])[],
  random: () => number,
): PlannedSale[][] {
  const each = form.worksPerMirror;
  const holders = Array.from({ length: each }, (_, work) => work);
  const currencies = shuffled(repeated(['native', 'dollar'] as const, kinds.length), random);
  return fates.map((ofBatch, batch) => {
    const buyers = shuffled([...Array(tradersOf(form)).keys()], random);
    const works = shuffled([...holders.keys()], random);
    return works.map((work, place): PlannedSale => {
      const nth = batch * each + place;
      const seller = oneOf(holders, work);
      const buyer = buyers.find((trader) => trader !== seller);
      if (buyer === undefined) throw new Error('there are more traders than works');
      buyers.splice(buyers.indexOf(buyer), 1);
      const fate = oneOf(ofBatch, place);
      if (fate !== 'NEVER') holders[work] = buyer;
      const currency = oneOf(currencies, nth);
      return { chainId, work, currency, seller, buyer, fate, ...terms(currency, oneOf(kinds, nth), random) };
    });
  });
}

export function everySale({ batches }: SalesPlan): PlannedSale[] {
  return [...batches.values()].flat(2);
}

/** What the plan comes to, for people. */
export function summaryOf(plan: SalesPlan): string {
  const sales = everySale(plan);
  const count = (of: (sale: PlannedSale) => boolean) => sales.filter(of).length;
  const where = MIRRORS.map(
    (chainId) =>
      `${count((sale) => sale.chainId === chainId && sale.currency === 'native')} native and ` +
      `${count((sale) => sale.chainId === chainId && sale.currency === 'dollar')} dollar on ${chainId}`,
  );
  return (
    `seed ${plan.form.seed}: ${sales.length} sales (${where.join(', ')}), ` +
    `${count(({ paid }) => paid === 0n)} unpaid, ` +
    `${count(({ price, paid }) => paid > 0n && paid < royaltyOf(price))} underpaid; ` +
    `${count(({ fate }) => fate === 'AGAIN')} fall and come again, ${count(({ fate }) => fate === 'NEVER')} never do; ` +
    `kills ${plan.deaths.map(({ afterSales, at }) => `${at} after ${afterSales}`).join(', ')}, ` +
    `then ${plan.deathsInSettling.join(', ')}`
  );
}

/** A price whose royalty is a whole number of grains, and what of it is paid. */
function terms(currency: Currency, kind: Kind, random: () => number): Pick<PlannedSale, 'price' | 'paid'> {
  // Up to 0.4 coins, in wei; 1,000 to 100,000 dollars, in millionths.
  const most = currency === 'native' ? 10 ** 12 : 250_000;
  const price = 40n * GRAIN * BigInt(Math.floor(most * (0.01 + 0.99 * random())));
  const owed = royaltyOf(price);
  if (kind === 'UNPAID') return { price, paid: 0n };
  if (kind === 'PAID') return { price, paid: owed };
  const grains = Number(owed / GRAIN);
  return { price, paid: GRAIN * BigInt(1 + Math.floor(random() * (grains - 1))) };
}

/** `count` of the values, beginning anew after the last. */
function repeated<T>(values: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, nth) => oneOf(values, nth));
}

/** So many of each. */
function counted<T extends string>(counts: Readonly<Record<T, number>>): T[] {
  // CAST: the keys of the record.
  return (Object.entries(counts) as [T, number][]).flatMap(([value, count]) => Array<T>(count).fill(value));
}
