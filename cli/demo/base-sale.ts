import { encodeFunctionData, getAddress } from 'viem';
import { royaltyReceiverAbi } from '../../chains/abi/royalty-receiver';
import { type ChainId, erc20MoneyId } from '../../schema/caip';
import { LaneChoice } from '../../schema/types/dispatch';
import type { CollectorWallet } from './collector-wallet';
import type { DollarMarket } from './dollar-market';
import type { Gallery } from './gallery';
import type { Dispatch, Registry, Sale, Work } from './operations';
import type { Timeline } from './timeline';

/** 200 dollars. */
const PRICE = 200_000_000n;

/** Who takes part in the sale, and where. */
export interface SaleCast {
  readonly gallery: Gallery;
  readonly seller: CollectorWallet;
  readonly buyer: CollectorWallet;
  /** Of the project; his wallet is on the home chain. */
  readonly artist: `0x${string}`;
  readonly market: DollarMarket;
  readonly home: ChainId;
  readonly base: ChainId;
  readonly timeline: Timeline;
}

/** What came of the sale, by the API. */
export interface SaleOutcome {
  readonly dispatch: Dispatch;
  readonly sale: Sale;
  readonly artist: `0x${string}`;
  readonly homeChainId: ChainId;
  /** The dollar on the home chain. */
  readonly dollar: `0x${string}`;
}

/**
 * A collector takes a work to Base over CCIP and sells it there for dollars; the marketplace pays the royalty to the
 * receiver on Base, the vault there owes it to the artist, and a settlement brings it over CCIP to the vault on the
 * artist's own chain, which pays it into the artist's wallet.
 */
export async function sellOnBase(cast: SaleCast, registry: Registry, work: Work): Promise<SaleOutcome> {
  const { gallery, seller, artist, market, home, base, timeline } = cast;
  const name = `work ${work.edition}`;
  const out = await gallery.prepareSend(work, { to: base, lane: LaneChoice.CCIP });
  const dispatch = await gallery.confirmedHolderSend(work, await seller.send(home, out));
  await trade(cast, registry, work);
  const onBase = erc20MoneyId(base, market.dollarOn(base));
  const onHome = erc20MoneyId(home, market.dollarOn(home));
  await gallery.allowSettlements(onBase);
  const [sale, carried] = await Promise.all([
    gallery.recordedSale(work),
    gallery.settle(registry, { asset: onBase, lane: LaneChoice.CCIP }),
  ]);
  timeline.note(
    name,
    `SOLD         on Base for ${dollars(sale.price)}, royalty ${dollars(sale.paid)} (${sale.verdict})`,
  );
  timeline.note('royalty', `CREDITED     Base → home over ${carried.route}: ${dollars(carried.amount)}`);
  const paid = await gallery.settle(registry, { asset: onHome });
  timeline.note('royalty', `PAID         to the artist on the home chain: ${dollars(paid.amount)}`);
  return { dispatch, sale, artist, homeChainId: home, dollar: market.dollarOn(home) };
}

/** Price, work and royalty change hands in one transaction; then anyone may hand the royalty on to the vault. */
async function trade(
  { seller, buyer, market, base }: SaleCast,
  { contracts }: Registry,
  { tokenId }: Work,
): Promise<void> {
  const here = contracts.find(({ chainId }) => chainId === base);
  if (here?.royaltyReceiver == null || tokenId === null)
    throw new Error('the registry takes royalties on Base');
  const order = [here.collection, BigInt(tokenId), market.dollarOn(base), PRICE] as const;
  await market.mint(buyer.address, market.dollarOn(base), PRICE);
  for (const call of market.listCalls(...order)) await seller.transact(base, call);
  for (const call of market.buyCalls(...order)) await buyer.transact(base, call);
  const forward = {
    abi: royaltyReceiverAbi,
    functionName: 'forward',
    args: [market.dollarOn(base)],
  } as const;
  await buyer.transact(base, { to: getAddress(here.royaltyReceiver), data: encodeFunctionData(forward) });
}

function dollars(units: string): string {
  return `$${(Number(units) / 1e6).toFixed(2)}`;
}
