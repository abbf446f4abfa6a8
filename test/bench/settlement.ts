import { type Address, erc20Abi, getAddress, type Hex } from 'viem';
import { bridgeFeeIn } from '../../chains/bridge-fee';
import { type ChainId, evmAccountId } from '../../schema/caip';
import type { Settlement } from '../../schema/types/settlement';
import { Till } from '../support/till';
import { TravelHarness } from '../support/travel';
import { Gallery } from '../support/travel-gallery';
import { BASE, chainClient, HOME, MOONBEAM } from '../support/travel-steps';
import type { Benchmark, BenchmarkOptions, Comparison } from './benchmark';
import { withServices } from './services';
import { splitterGasPerSale } from './settlement-peer';

const ARTIST = getAddress('0x00000000000000000000000000000000a27157aa');
/** Base units of a dollar per sale: enough that a bridge is worth one. */
const ROYALTY = 50_000_000n;
/** At which gas is counted beside bridges' fees, in wei: local chains have prices of their own. */
const GAS_PRICE_WEI = 3_000_000_000n;
const FULL_BATCHES = [1, 10, 100];
const SMALL_BATCHES = [1, 3];
/** A sale of a batch of 100 costs a tenth of one by itself at most. */
const BAR = 10;

/** What a batch cost, per sale. */
interface BatchCost {
  readonly sales: number;
  readonly gas: number;
  readonly feeWei: number;
  readonly totalGwei: number;
}

/**
 * What it costs to settle a sale, by how many settle together: over CCIP and over LayerZero to the home vault, and paid
 * out there; beside each sale settled by itself, and beside OpenZeppelin's PaymentSplitter releasing each.
 */
export const benchSettlement: Benchmark = (options) =>
  withServices(async () => {
    const harness = await TravelHarness.start();
    try {
      return await measure(harness, options);
    } finally {
      await harness.stop();
    }
  });

async function measure(harness: TravelHarness, { small, log }: BenchmarkOptions): Promise<Comparison[]> {
  const gallery = await Gallery.open(harness, { artistAccount: evmAccountId(HOME, ARTIST) });
  const till = await Till.open(harness, gallery, [{ account: evmAccountId(HOME, ARTIST), bps: 10_000 }]);
  const batches = small ? SMALL_BATCHES : FULL_BATCHES;
  const comparisons: Comparison[] = [];
  const bridges = [
    ['CCIP', BASE],
    ['LAYERZERO', MOONBEAM],
  ] as const;
  for (const [lane, chainId] of bridges) {
    const costs: BatchCost[] = [];
    for (const sales of batches) {
      await till.sellMany(chainId, ROYALTY, sales);
      const remitted = await settled(till, { sourceChainId: chainId, lane }, ROYALTY * BigInt(sales));
      costs.push(await costOf(harness, remitted, chainId, sales));
    }
    comparisons.push(report(log, `${lane} to the home vault`, costs));
    const arrived = ROYALTY * BigInt(batches.reduce((sum, sales) => sum + sales, 0));
    await settled(till, { sourceChainId: HOME }, arrived);
  }
  const payouts: BatchCost[] = [];
  for (const sales of batches) {
    await till.sellMany(HOME, ROYALTY, sales);
    const paid = await settled(till, { sourceChainId: HOME }, ROYALTY * BigInt(sales));
    payouts.push(await costOf(harness, paid, HOME, sales));
  }
  comparisons.push(report(log, 'paid out on home', payouts));
  comparisons.push(await beside(harness, till, payouts, log));
  await expectPaid(harness, till);
  return comparisons;
}

async function settled(
  till: Till,
  input: Parameters<Till['settle']>[0],
  amount: bigint,
): Promise<Settlement> {
  const [asked] = await till.settle(input, amount);
  if (asked === undefined) throw new Error('a settlement was asked for');
  const ended = await till.ended(asked.id);
  if (ended.state !== 'CREDITED') throw new Error(`it ended ${ended.state}: ${ended.failure?.reason}`);
  return ended;
}

async function costOf(
  harness: TravelHarness,
  { sourceTransactionHash }: Settlement,
  chainId: ChainId,
  sales: number,
): Promise<BatchCost> {
  const receipt = await chainClient(harness, chainId).getTransactionReceipt({
    // CAST: recorded from a log.
    hash: sourceTransactionHash as Hex,
  });
  const feeWei = bridgeFeeIn(receipt, harness.foundations.chainTable.get(chainId));
  const totalWei = receipt.gasUsed * GAS_PRICE_WEI + feeWei;
  return {
    sales,
    gas: Number(receipt.gasUsed) / sales,
    feeWei: Number(feeWei) / sales,
    totalGwei: Number(totalWei) / 1e9 / sales,
  };
}

/** Prints every batch; compares a sale by itself with one of the largest batch. */
function report(log: BenchmarkOptions['log'], name: string, costs: readonly BatchCost[]): Comparison {
  for (const { sales, gas, feeWei, totalGwei } of costs)
    log(
      `${name}, ${sales} sales at once: per sale ${gas.toFixed(0)} gas, ${(feeWei / 1e9).toFixed(0)} gwei of fee, ` +
        `${totalGwei.toFixed(0)} gwei in all at 3 gwei a unit of gas`,
    );
  const [alone, largest] = [costs[0], costs.at(-1)];
  if (alone === undefined || largest === undefined) throw new Error('no batch was measured');
  log(
    `${name}: a sale among ${largest.sales} costs ${share(largest.totalGwei, alone.totalGwei)} of one by itself`,
  );
  return {
    name: `${name}, a sale by itself vs among ${largest.sales}`,
    unit: 'gwei',
    figure: alone.totalGwei,
    peer: largest.totalGwei,
    bar: BAR,
  };
}

async function beside(
  harness: TravelHarness,
  till: Till,
  payouts: readonly BatchCost[],
  log: BenchmarkOptions['log'],
): Promise<Comparison> {
  const largest = payouts.at(-1);
  if (largest === undefined) throw new Error('no batch was measured');
  const peerGas = await splitterGasPerSale(
    harness.devnet.directUrl(HOME),
    till.token(HOME, 'dollar'),
    ARTIST,
  );
  log(
    `OpenZeppelin PaymentSplitter 4.9 releases each sale for ${peerGas} gas; paid out among ${largest.sales} it is ` +
      `${share(largest.gas, peerGas)} of that`,
  );
  return {
    name: `PaymentSplitter's release of a sale vs a payout among ${largest.sales}`,
    unit: 'gas',
    figure: peerGas,
    peer: largest.gas,
    bar: BAR,
  };
}

/** Figures of money that did not arrive are worth nothing. */
async function expectPaid(harness: TravelHarness, till: Till): Promise<void> {
  const left = await Promise.all(
    [HOME, BASE, MOONBEAM].map((chainId) =>
      chainClient(harness, chainId).readContract({
        abi: erc20Abi,
        address: till.token(chainId, 'dollar'),
        functionName: 'balanceOf',
        args: [till.vault(chainId) as Address],
      }),
    ),
  );
  if (left.some((amount) => amount !== 0n)) throw new Error(`vaults still hold ${left.join(', ')}`);
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
