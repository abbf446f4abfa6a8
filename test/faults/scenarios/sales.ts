import type { Address } from 'viem';
import { royaltyVaultAbi } from '../../../chains/abi/royalty-vault';
import { payeeOf } from '../../../chains/evm/registry/payees';
import type { Balance } from '../../../domain/ledger/ledger-repository';
import { chainOfMoney, evmAccountId, isNativeMoney, splitAccountId } from '../../../schema/caip';
import { encodeGlobalId } from '../../../schema/global-id';
import type { Sale } from '../../../schema/types/sale';
import { tokenOf } from '../../support/travel-gallery';
import { ALL_CHAINS, chainClient, until } from '../../support/travel-steps';
import { isLongForm } from '../support/long-form';
import { SalesAudit, saleKey } from '../support/sales-audit';
import { receiverOn, type Trade } from '../support/sales-desk';
import { holdingsOf, missingOf, PAYEES } from '../support/sales-model';
import { type ChainSale, salesOnChain } from '../support/sales-on-chain';
import { everySale, planSales, type SalesForm, summaryOf } from '../support/sales-plan';
import { type SalesReport, SalesRun } from '../support/sales-run';
import { MIRRORS, royaltyOf } from '../support/sales-terms';
import { linkedStory } from '../support/told';

const SHORT: SalesForm = {
  seed: 1,
  sales: 20,
  worksPerMirror: 2,
  unpaid: 2,
  underpaid: 2,
  reorgs: 1,
  never: 1,
  killsInSales: 1,
  killsInSettling: 1,
  windowSeconds: 20,
  timeoutMs: 300_000,
};
const LONG: SalesForm = {
  seed: 1,
  sales: 300,
  worksPerMirror: 5,
  unpaid: 30,
  underpaid: 30,
  reorgs: 3,
  never: 6,
  killsInSales: 5,
  killsInSettling: 5,
  windowSeconds: 60,
  timeoutMs: 25 * 60_000,
};
/** Another plan than the usual one: `SALES_SEED=7 npm run test:faults:sales`. */
const SEED = process.env['SALES_SEED'];
const FORM: SalesForm = {
  ...(isLongForm ? LONG : SHORT),
  ...(SEED !== undefined && { seed: Number(SEED) }),
};
const CURRENCIES = ['native', 'dollar'] as const;
const PREPARE_MS = 240_000;
/** Windows close and webhooks come while tests wait. */
const PATIENCE_MS = 420_000;

/** Sales on two mirrors, from the order to the wallet, with reorgs, lost messages and kills on the way. */
export function describeSales(tradeOf: () => Trade): void {
  describe(`${FORM.sales} sales on two mirrors, of which reorgs, lost messages and kills spare none`, () => {
    const plan = planSales(FORM);
    const planned = everySale(plan);
    const standing = planned.filter(({ fate }) => fate !== 'NEVER');
    let trade: Trade;
    let audit: SalesAudit;
    let run: SalesRun;
    let report: SalesReport;
    /** As the product has them, and as the chains have them. */
    let sales: Sale[];
    let onChain: Map<string, ChainSale>;

    beforeAll(async () => {
      process.stdout.write(`${summaryOf(plan)}\n`);
      trade = tradeOf();
      audit = new SalesAudit(trade);
      run = await SalesRun.prepare(trade, plan);
      report = await run.carryOut();
      const perMirror = await Promise.all(MIRRORS.map((chainId) => salesOnChain(trade, chainId)));
      onChain = new Map(perMirror.flat().map((sale) => [sale.transactionHash, sale]));
      sales = await until('nothing about the sales is provisional', allFinal, PATIENCE_MS);
      process.stdout.write(`${figuresOf(report)}\n`);
    }, PREPARE_MS + FORM.timeoutMs);
    afterAll(() => run?.stop());

    async function allFinal(): Promise<Sale[] | false> {
      const now = await audit.sales(run.works);
      return now.every(({ state }) => state !== 'PROVISIONAL') && now;
    }

    /** What a chain has of a sale of the record. */
    function seen({ evidence }: Sale): ChainSale {
      const sale = onChain.get(evidence.transactionHash);
      if (sale === undefined) throw new Error(`no chain has ${evidence.transactionHash}`);
      return sale;
    }
    const final = () => sales.filter(({ state }) => state === 'FINAL');

    test('every wallet has what the policy says, to the wei, and no vault has anything of it left', async () => {
      const expected = holdingsOf(planned);
      const held = await Promise.all(
        expected.map(async (holding) => {
          // CAST: the address of an eip155 account.
          const address = splitAccountId(holding.payee).address as Address;
          return { ...holding, amount: await trade.till.wallet(holding.chainId, holding.currency, address) };
        }),
      );
      expect(held).toEqual(expected);
      const places = ALL_CHAINS.flatMap((chainId) => CURRENCIES.map((currency) => ({ chainId, currency })));
      for (const { chainId, currency } of places) {
        const token = trade.till.token(chainId, currency);
        const vault = { address: trade.till.vault(chainId), abi: royaltyVaultAbi } as const;
        const credits = await Promise.all(
          PAYEES.map(({ account }) =>
            chainClient(trade.harness, chainId).readContract({
              ...vault,
              functionName: 'creditOf',
              args: [token, payeeOf(account)],
            }),
          ),
        );
        expect(credits).toEqual(PAYEES.map(() => 0n));
        expect(await trade.till.wallet(chainId, currency, receiverOn(trade, chainId))).toBe(0n);
      }
    });

    test('the record has each sale that the chains have, once and as they have it, and no other', async () => {
      expect(onChain.size).toBe(standing.length);
      expect(final()).toHaveLength(onChain.size);
      expect(new Set(final().map(({ evidence }) => evidence.transactionHash)).size).toBe(onChain.size);
      const works = await Promise.all(run.works.map((workId) => trade.gallery.work(workId)));
      const tokens = new Map(works.map((work) => [work.id, tokenOf(work)]));
      for (const sale of final()) {
        const { chainId, tokenId, seller, buyer, price, paid, currency } = seen(sale);
        expect({ ...sale, asset: isNativeMoney(sale.asset) ? 'native' : sale.asset }).toMatchObject({
          venue: 'SEAPORT',
          seller: evmAccountId(chainId, seller),
          buyer: evmAccountId(chainId, buyer),
          price: String(price),
          paid: String(paid),
          expected: String(royaltyOf(price)),
          asset:
            currency === trade.till.token(chainId, 'native') ? 'native' : expect.stringContaining(currency),
        });
        expect(tokens.get(sale.workId)).toBe(tokenId);
        expect(chainOfMoney(sale.asset)).toBe(chainId);
      }
      const fallen = sales.filter(({ state }) => state === 'REVERTED');
      expect(fallen).toHaveLength(FORM.never);
      expect(fallen.filter(({ evidence }) => onChain.has(evidence.transactionHash))).toEqual([]);
    });

    test('each payment is credited once, of sales that stand alone', async () => {
      const payments = await audit.standing('PAYMENT');
      const credited = new Map(
        [...payments].map(([saleId, entries]) => [
          saleId,
          entries.flatMap(({ postings }) =>
            postings.filter(({ kind }) => kind === 'RECEIVER').map(({ amount }) => amount),
          ),
        ]),
      );
      const paid = final().filter((sale) => seen(sale).paid > 0n);
      expect(credited).toEqual(new Map(paid.map((sale) => [saleKey(sale), [String(seen(sale).paid)]])));
      expect(new Set((await audit.standing('SALE')).keys())).toEqual(new Set(final().map(saleKey)));
    });

    test(
      'what is missing is called unpaid after the window of its sale, and not before',
      async () => {
        const short = () => final().filter((sale) => seen(sale).paid < royaltyOf(seen(sale).price));
        const closed = await until(
          'every window has closed',
          async () => {
            const entries = await audit.standing('UNPAID');
            return entries.size === short().length && entries;
          },
          PATIENCE_MS,
        );
        sales = await audit.sales(run.works);
        for (const sale of short()) {
          const [entry, ...more] = closed.get(saleKey(sale)) ?? [];
          const { soldAt, paid } = seen(sale);
          expect(more).toEqual([]);
          expect(sale.verdict).toBe(paid === 0n ? 'UNPAID' : 'UNDER');
          expect(entry?.postedAt.getTime()).toBeGreaterThanOrEqual(
            (Number(soldAt) + FORM.windowSeconds) * 1_000,
          );
        }
        expect(final().filter(({ verdict }) => verdict === 'EXACT')).toHaveLength(
          standing.length - short().length,
        );
        const told = run.listener.told.filter(({ type }) => type === 'sale.recorded');
        expect(told.filter(({ data }) => data.verdict === 'UNPAID')).toEqual([]);
      },
      PATIENCE_MS,
    );

    test(
      'the books sum to zero in every currency, owe these payees nothing, and write off what was not paid',
      async () => {
        const payees = new Set<string>(PAYEES.map(({ account }) => account));
        const isOpen = ({ kind, owner, balance }: Balance) =>
          balance !== 0n && (payees.has(owner) || kind === 'IN_TRANSIT' || kind === 'SALE_CLEARING');
        // What payees took themselves is in the books once it is final.
        const balances = await until('the books owe them nothing', async () => {
          const now = await audit.balances();
          return !now.some(isOpen) && now;
        });
        const sums = new Map<string, bigint>();
        for (const { asset, balance } of balances) sums.set(asset, (sums.get(asset) ?? 0n) + balance);
        expect([...sums.values()].filter((sum) => sum !== 0n)).toEqual([]);
        for (const chainId of MIRRORS) {
          for (const currency of CURRENCIES) {
            const lost = balances
              .filter(({ kind }) => kind === 'BAD_DEBT')
              .filter(
                ({ asset }) =>
                  chainOfMoney(asset) === chainId && isNativeMoney(asset) === (currency === 'native'),
              );
            const sum = lost.reduce((total, { balance }) => total + balance, 0n);
            expect(sum).toBe(missingOf(planned, chainId, currency));
          }
        }
      },
      PATIENCE_MS,
    );

    test(
      'vaults, record and books tell the same of every currency',
      async () => {
        const lines = await audit.reconciled();
        expect(lines.flatMap(({ differences }) => differences)).toEqual([]);
        expect(lines.map(({ booked }) => booked)).toEqual(lines.map(({ balance }) => balance));
        expect(new Set(lines.map(({ chainId }) => chainId))).toEqual(new Set(ALL_CHAINS));
      },
      PATIENCE_MS,
    );

    test('settlements crossed both bridges, each once, and none was begun that had no route', async () => {
      const { settlements } = report;
      expect(settlements.filter(({ state }) => state === 'FAILED')).toEqual([]);
      const ended = settlements.filter(({ state }) => state === 'CREDITED');
      for (const { credits } of ended.filter(({ route }) => route !== 'LOCAL'))
        expect(credits.map(({ received }) => received)).toEqual(credits.map(({ amount }) => amount));
      // What is paid out is all that is owed by then: also what came after it was asked for.
      const paidOut = new Map<string, bigint>();
      for (const { credits } of ended.filter(
        ({ route, asset }) => route === 'LOCAL' && !isNativeMoney(asset),
      ))
        for (const { payee, received } of credits)
          paidOut.set(payee, (paidOut.get(payee) ?? 0n) + BigInt(received ?? 0));
      const dollars = holdingsOf(planned).filter(
        ({ currency, amount }) => currency === 'dollar' && amount > 0n,
      );
      expect(dollars.map(({ payee }) => paidOut.get(payee))).toEqual(dollars.map(({ amount }) => amount));
      expect(new Set(ended.map(({ route }) => route))).toEqual(new Set(['LOCAL', 'CCIP', 'LAYERZERO']));
      const names = (await Promise.all(MIRRORS.map((chainId) => trade.till.remitted(chainId)))).flat();
      expect(new Set(names).size).toBe(names.length);
      expect(report.kills).toBe(FORM.killsInSales + FORM.killsInSettling);
      expect(report.lost).toBeGreaterThan(0);
    });

    test(
      'webhooks told each sale and settlement from provisional to final or reverted, linked and verified',
      async () => {
        const { listener } = run;
        const saleStories = () =>
          sales.map((sale) => [sale, linkedStory(listener.about('sale.recorded', saleKey(sale)))] as const);
        const settled = () =>
          report.settlements.map((settlement) => {
            const subject = encodeGlobalId('Settlement', settlement.id);
            const story = (type: string) => linkedStory(listener.about(`settlement.${type}`, subject));
            return { ...settlement, story };
          });
        await until(
          'everything has been told',
          async () =>
            saleStories().every(([{ state }, story]) =>
              story.endsWith(state === 'FINAL' ? 'final' : 'reverted'),
            ) &&
            settled().every(({ state, story }) =>
              story(state === 'FAILED' ? 'failed' : 'credited').endsWith('final'),
            ),
          PATIENCE_MS,
        );
        expect(listener.refused).toEqual([]);
        const again = saleStories().filter(
          ([{ state }, story]) => state === 'FINAL' && story.includes('reverted'),
        );
        expect(again).toHaveLength(planned.filter(({ fate }) => fate === 'AGAIN').length);
        for (const { state, route, story } of settled()) {
          expect(story('requested')).toBe('final');
          const isSent = state === 'CREDITED' && route !== 'LOCAL';
          expect(story('sent').split(', ').at(-1)).toBe(isSent ? 'final' : '');
        }
      },
      PATIENCE_MS,
    );

    function figuresOf({ kills, lost, claims, settlements, sellingMs, settlingMs }: SalesReport): string {
      const byRoute = ['CCIP', 'LAYERZERO', 'LOCAL', null].map(
        (route) => `${settlements.filter((one) => one.route === route).length} ${route ?? 'without a route'}`,
      );
      const seconds = (ms: number) => `${(ms / 1_000).toFixed(0)} s`;
      const amounts = CURRENCIES.map((currency) => {
        const of = standing.filter((sale) => sale.currency === currency);
        return `${of.reduce((sum, { paid }) => sum + paid, 0n)} ${currency}`;
      });
      return (
        `seed ${FORM.seed}: ${onChain.size} sales on chain, ${sales.length} in the record; ${kills} kills, ` +
        `${lost} messages lost; ${settlements.length} settlements (${byRoute.join(', ')}), ${claims} claims; ` +
        `paid ${amounts.join(', ')}; sold in ${seconds(sellingMs)}, settled in ${seconds(settlingMs)}; ` +
        `${run.listener.deliveries} webhooks`
      );
    }
  });
}
