import { type Address, encodeFunctionData, type Hex, keccak256, parseEther, toHex } from 'viem';
import { royaltyReceiverAbi } from '../../../chains/abi/royalty-receiver';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import type { ChainId } from '../../../schema/caip';
import type { Sale, SaleState } from '../../../schema/types/sale';
import { accountAt } from '../../devnet/accounts';
import { fulfilment, money, SeaportMarket, type SignedOrder, token } from '../../support/seaport-market';
import type { Till } from '../../support/till';
import type { TravelHarness } from '../../support/travel';
import { addressOf, type Gallery } from '../../support/travel-gallery';
import { chainClient, until } from '../../support/travel-steps';
import type { PlannedSale } from './sales-plan';
import type { Currency } from './sales-terms';

/** A gallery whose royalties are paid in two currencies. */
export interface Trade {
  readonly harness: TravelHarness;
  readonly gallery: Gallery;
  readonly till: Till;
}

/** Accounts of the devnet's phrase that nobody else uses. */
const FIRST_TRADER = 100;
const PORTER = 99;
/** Enough for every price of a run. */
const PURSE = parseEther('100000');
const DOLLARS = 10n ** 15n;
const CURRENCIES = ['native', 'dollar'] as const;
/** A killed worker's jobs wait until their leases have lapsed. */
const PATIENCE_MS = 420_000;

export const traderAt = (trader: number) => accountAt(FIRST_TRADER + trader).address;

/** Makes planned sales on one mirror, on the real Seaport. */
export class SalesDesk {
  private constructor(
    private readonly trade: Trade,
    readonly chainId: ChainId,
    private readonly market: SeaportMarket,
    /** The tokens of the mirror's works, by their numbers. */
    private readonly tokens: readonly bigint[],
  ) {}

  /** @param traders - How many there are; the first hold the works, in their order. */
  static async open(
    trade: Trade,
    chainId: ChainId,
    tokens: readonly bigint[],
    traders: number,
  ): Promise<SalesDesk> {
    const market = await SeaportMarket.open(trade.harness, chainId);
    const desk = new SalesDesk(trade, chainId, market, tokens);
    await desk.endow(PORTER);
    for (let trader = 0; trader < traders; trader += 1)
      await trade.till.mintDollars(chainId, traderAt(trader), DOLLARS);
    await Promise.all(Array.from({ length: traders }, (_, trader) => desk.admit(FIRST_TRADER + trader)));
    return desk;
  }

  /** Makes sales of different works, at once. */
  async sell(batch: readonly PlannedSale[]): Promise<void> {
    if (batch.some(({ fate }) => fate !== 'STANDS')) return this.sellAcrossReorg(batch);
    await Promise.all(
      batch.map(async (sale) => this.market.fulfil(FIRST_TRADER + sale.buyer, await this.order(sale))),
    );
  }

  /** Waits until the platform has moved all that lies in the receiver into the vault, which is sooner if it is asked. */
  async forwarded(): Promise<void> {
    const { harness, gallery } = this.trade;
    const { tenantId, registryId } = gallery;
    await until(
      `the receiver on ${this.chainId} is empty`,
      async () => {
        await harness.domain.royaltyForwarder.ask(
          tenantId,
          { registryId, sourceChainId: this.chainId },
          true,
        );
        const lying = await Promise.all(CURRENCIES.map((currency) => this.lying(currency)));
        return lying.every((amount) => amount === 0n);
      },
      PATIENCE_MS,
    );
  }

  /**
   * Makes sales, has what they paid forwarded, waits until they are recorded, and takes it all back; then those come
   * again whose fate it is, as the same transactions in another block.
   */
  private async sellAcrossReorg(batch: readonly PlannedSale[]): Promise<void> {
    const { devnet } = this.trade.harness;
    const { chainId } = this;
    await devnet.pauseMining(chainId);
    const raws = await Promise.all(batch.map(async (sale) => this.signed(sale)));
    for (const raw of raws) await this.broadcast(raw);
    await devnet.mine(chainId, 1);
    let depth = 1;
    for (const currency of CURRENCIES) {
      if ((await this.lying(currency)) === 0n) continue;
      await this.broadcast(await this.market.signed(PORTER, { value: 0n, ...this.forwarding(currency) }));
      await devnet.mine(chainId, 1);
      depth += 1;
    }
    const hashes = raws.map((raw) => keccak256(raw));
    const blocks = await this.blocksOf(hashes);
    await this.recorded(hashes, 'PROVISIONAL');
    // No deeper: what was sold before is to stay.
    await devnet.reorg(chainId, depth);
    await devnet.mine(chainId, 1);
    await this.recorded(hashes, 'REVERTED');
    const again = raws.filter((_, nth) => batch[nth]?.fate === 'AGAIN');
    for (const raw of again) await this.broadcast(raw);
    await devnet.resumeMining(chainId);
    const now = await this.blocksOf(again.map((raw) => keccak256(raw)));
    if (now.some((block) => blocks.includes(block)))
      throw new Error('a sale came again in the block that fell');
  }

  private async recorded(hashes: readonly Hex[], state: SaleState): Promise<void> {
    const { harness, gallery } = this.trade;
    await until(
      `${hashes.length} sales on ${this.chainId} are ${state}`,
      async () => {
        const page = { first: 100, after: undefined };
        const { edges } = await harness.domain.sales.page(gallery.tenantId, page, { chainId: this.chainId });
        const states = new Map(edges.map(({ node }): [string, Sale['state']] => [hashOf(node), node.state]));
        return hashes.every((hash) => states.get(hash) === state);
      },
      PATIENCE_MS,
    );
  }

  /** The blocks of transactions, each of which must have succeeded. */
  private async blocksOf(hashes: readonly Hex[]): Promise<Hex[]> {
    const client = chainClient(this.trade.harness, this.chainId);
    const receipts = await Promise.all(hashes.map((hash) => client.waitForTransactionReceipt({ hash })));
    if (receipts.some(({ status }) => status !== 'success')) throw new Error('a sale was refused');
    return receipts.map(({ blockHash }) => blockHash);
  }

  private async order({ seller, work, price, paid, currency }: PlannedSale): Promise<SignedOrder> {
    const { gallery, till } = this.trade;
    const tokenId = this.tokens[work];
    if (tokenId === undefined) throw new Error(`there is no work ${work}`);
    const inMoney = till.token(this.chainId, currency);
    return this.market.sign(
      FIRST_TRADER + seller,
      [token(addressOf(gallery.registry, this.chainId, 'collection'), tokenId)],
      [
        money(price - paid, traderAt(seller), inMoney),
        money(paid, receiverOn(this.trade, this.chainId), inMoney),
      ].filter(({ startAmount }) => startAmount > 0n),
    );
  }

  private async signed(sale: PlannedSale): Promise<Hex> {
    const call = fulfilment(await this.order(sale), traderAt(sale.buyer));
    return this.market.signed(FIRST_TRADER + sale.buyer, call);
  }

  private forwarding(currency: Currency) {
    const args = [this.trade.till.token(this.chainId, currency)] as const;
    const data = encodeFunctionData({ abi: royaltyReceiverAbi, functionName: 'forward', args });
    return { to: receiverOn(this.trade, this.chainId), data };
  }

  private lying(currency: Currency): Promise<bigint> {
    return this.trade.till.wallet(this.chainId, currency, receiverOn(this.trade, this.chainId));
  }

  private async broadcast(raw: Hex): Promise<void> {
    await this.trade.harness.devnet.rpc(this.chainId, 'eth_sendRawTransaction', [raw]);
  }

  private async admit(index: number): Promise<void> {
    await this.endow(index);
    await this.market.approveTokens(
      index,
      addressOf(this.trade.gallery.registry, this.chainId, 'collection'),
    );
    await this.market.approveMoney(index, this.trade.till.token(this.chainId, 'dollar'));
  }

  private async endow(index: number): Promise<void> {
    const purse = [accountAt(index).address, toHex(PURSE)];
    await this.trade.harness.devnet.rpc(this.chainId, 'anvil_setBalance', purse);
  }
}

/** Where marketplaces pay the royalties of a gallery's registry. */
export function receiverOn({ gallery }: Pick<Trade, 'gallery'>, chainId: ChainId): Address {
  const { royaltyReceiver } = contractsOn(gallery.registry, chainId);
  if (royaltyReceiver === null) throw new Error('every registry has a receiver');
  return royaltyReceiver;
}

function hashOf({ evidence }: Sale): string {
  return evidence.transactionHash;
}
