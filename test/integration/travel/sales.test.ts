import { type Address, parseEther } from 'viem';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { evmAccountId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import type { Sale } from '../../../schema/types/sale';
import { accountAt } from '../../devnet/accounts';
import { money, SEAPORT, SeaportMarket, token } from '../../support/seaport-market';
import { TravelHarness } from '../../support/travel';
import { addressOf, Gallery, tokenOf } from '../../support/travel-gallery';
import { HOME, until } from '../../support/travel-steps';

/** Two collectors. */
const [ADA, BOB] = [8, 9];
const holder = (index: number) => evmAccountId(HOME, accountAt(index).address);
const addressAt = (index: number) => accountAt(index).address;

let harness: TravelHarness;
let gallery: Gallery;
let market: SeaportMarket;
let collection: Address;
let receiver: Address;

beforeAll(async () => {
  harness = await TravelHarness.start({ chains: { seaport: [SEAPORT] } });
  gallery = await Gallery.open(harness, { mirrorChainIds: [] });
  market = await SeaportMarket.open(harness, HOME);
  collection = addressOf(gallery.registry, HOME, 'collection');
  const { royaltyReceiver } = contractsOn(gallery.registry, HOME);
  if (royaltyReceiver === null) throw new Error('the registry has a receiver');
  receiver = royaltyReceiver;
  await market.approveTokens(ADA, collection);
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

async function salesOf(workId: WorkId): Promise<Sale[]> {
  const page = await harness.domain.sales.page(
    gallery.tenantId,
    { first: 100, after: undefined, order: 'OLDEST_FIRST' },
    { workId },
  );
  return page.edges.map(({ node }) => node);
}

test('a sale for native money is recorded, with its royalty, and credited once', async () => {
  const [work] = await gallery.mint(holder(ADA));
  if (work === undefined) throw new Error('one work was asked for');
  const tokenId = tokenOf(await gallery.work(work));
  const order = await market.sign(
    ADA,
    [token(collection, tokenId)],
    [money(parseEther('0.95'), addressAt(ADA)), money(parseEther('0.05'), receiver)],
  );
  await market.fulfil(BOB, order);
  const sale = await until('the sale is final', async () => {
    const [found] = await salesOf(work);
    return found?.state === 'FINAL' && found;
  });
  expect(sale).toMatchObject({
    seller: holder(ADA),
    buyer: holder(BOB),
    price: String(parseEther('1')),
    expected: String(parseEther('0.05')),
    verdict: 'EXACT',
    ground: 'PROVEN',
  });
}, 120_000);
