import type { ChainId } from '../../../schema/caip';
import { evmAccountId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import type { Settlement } from '../../../schema/types/settlement';
import { ProcessCrew } from '../../support/processes';
import { oneOf } from '../../support/random';
import { tokenOf } from '../../support/travel-gallery';
import { BASE, MOONBEAM, until } from '../../support/travel-steps';
import { SalesDesk, type Trade, traderAt } from './sales-desk';
import { PAYEES } from './sales-model';
import { type PlannedSale, type SalesPlan, tradersOf } from './sales-plan';
import { allIsFinal, claimNative, everywhere, messagesLost, settleAll, someIsOwed } from './sales-settling';
import { MIRRORS, ROYALTY_BPS } from './sales-terms';
import { Listener } from './told';
import { WorkerDeaths } from './worker-deaths';

const NETWORKS = ['ccip', 'layerZero'] as const;
const OVER_BOTH: ReadonlyMap<ChainId, 'CCIP' | 'LAYERZERO'> = new Map([
  [BASE, 'CCIP'],
  [MOONBEAM, 'LAYERZERO'],
]);
const THE_OTHER_WAY: ReadonlyMap<ChainId, 'CCIP' | 'LAYERZERO'> = new Map([
  [BASE, 'LAYERZERO'],
  [MOONBEAM, 'CCIP'],
]);

/** What happened in a run. */
export interface SalesReport {
  readonly kills: number;
  readonly lost: number;
  readonly claims: number;
  readonly settlements: readonly Settlement[];
  /** From the first sale to the last, and from then to the last claim. */
  readonly sellingMs: number;
  readonly settlingMs: number;
}

/** Carries a plan out: sales on two mirrors at once, reorgs and kills between, settlements beside and after. */
export class SalesRun {
  private made = 0;
  private readonly deaths: { readonly afterSales: number; readonly at: SalesPlan['deaths'][number]['at'] }[];

  private constructor(
    private readonly trade: Trade,
    private readonly plan: SalesPlan,
    readonly works: readonly WorkId[],
    readonly listener: Listener,
    private readonly desks: readonly SalesDesk[],
    private readonly crew: ProcessCrew,
  ) {
    this.deaths = [...plan.deaths];
  }

  /** Mints the works, sends them to the mirrors, and states the policy and its splits. */
  static async prepare(trade: Trade, plan: SalesPlan): Promise<SalesRun> {
    const { harness, gallery } = trade;
    const { worksPerMirror } = plan.form;
    const listener = await Listener.open(harness, gallery.tenantId, ['sale.recorded', 'settlement.*']);
    const count = MIRRORS.length * worksPerMirror;
    const works = await gallery.mint(...Array.from({ length: count }, () => gallery.self));
    const mirrorOf = (nth: number) => oneOf(MIRRORS, Math.floor(nth / worksPerMirror));
    const moves = await Promise.all(
      works.map((workId, nth) => {
        const to = evmAccountId(mirrorOf(nth), traderAt(nth % worksPerMirror));
        return gallery.send(workId, mirrorOf(nth), oneOf(['CCIP', 'LAYERZERO'] as const, nth), { to });
      }),
    );
    await harness.domain.policies.set(gallery.tenantId, {
      projectId: gallery.registry.projectId,
      expectedRevision: 0,
      effectiveFrom: undefined,
      policy: policyOf(plan),
    });
    await until('every vault splits by the policy, for good', async () => {
      const terms = await harness.domain.royaltyTerms.onChains(gallery.tenantId, gallery.registryId);
      return terms.every((one) => one.splitPolicyRevision === 1 && !one.splitProvisional);
    });
    const tokens = (await Promise.all(works.map((workId) => gallery.work(workId)))).map(tokenOf);
    const desks = await Promise.all(
      MIRRORS.map((chainId) => {
        const there = tokens.filter((_, nth) => mirrorOf(nth) === chainId);
        return SalesDesk.open(trade, chainId, there, tradersOf(plan.form));
      }),
    );
    for (const { id, workId } of moves) {
      const { state } = await gallery.reached(id, 'CONFIRMED', 'FAILED');
      if (state === 'FAILED') throw new Error(`work ${workId} has not arrived`);
    }
    await harness.stopWorkers();
    const crew = new ProcessCrew(harness.environment, harness.folder);
    return new SalesRun(trade, plan, works, listener, desks, crew);
  }

  async carryOut(): Promise<SalesReport> {
    const { trade, plan } = this;
    const worker = await WorkerDeaths.begin(this.crew);
    const begun = Date.now();
    await this.sell(worker, 'first');
    await this.loseNext();
    const [first] = await Promise.all([
      someIsOwed(trade).then(() => settleAll(trade, OVER_BOTH)),
      this.sell(worker, 'second'),
    ]);
    await worker.settled();
    const sold = Date.now();
    await allIsFinal(trade);
    await this.loseNext();
    for (const at of plan.deathsInSettling) worker.queue(at);
    const second = await settleAll(trade, THE_OTHER_WAY);
    // Dollars that have arrived are paid out where their payees are.
    const third = await settleAll(trade, everywhere('CHEAPEST'));
    await worker.settled();
    const claims = await Promise.all(MIRRORS.map((chainId) => claimNative(trade, chainId)));
    return {
      kills: worker.count,
      lost: await messagesLost(trade),
      claims: claims.reduce((sum, count) => sum + count, 0),
      settlements: [...first, ...second, ...third],
      sellingMs: sold - begun,
      settlingMs: Date.now() - sold,
    };
  }

  async stop(): Promise<void> {
    await this.crew.stopAll();
    await this.listener.stop();
  }

  /** Makes one half of the sales, on both mirrors at once, and sees what came of them forwarded. */
  private async sell(worker: WorkerDeaths, half: 'first' | 'second'): Promise<void> {
    await Promise.all(
      this.desks.map(async (desk) => {
        for (const batch of halfOf(this.plan.batches.get(desk.chainId) ?? [], half)) {
          await desk.sell(batch);
          this.made += batch.length;
          await this.queueDeaths(worker);
        }
        await desk.forwarded();
      }),
    );
  }

  /** Queues the deaths that are due; sales go on beside one, and wait for those before it. */
  private async queueDeaths(worker: WorkerDeaths): Promise<void> {
    const due = this.deaths.filter(({ afterSales }) => afterSales < this.made);
    this.deaths.splice(0, due.length);
    for (const { at } of due) {
      await worker.settled();
      worker.queue(at);
    }
  }

  private async loseNext(): Promise<void> {
    for (const network of NETWORKS)
      await this.trade.harness.devnet.setDeliveryFaults(network, {
        loseNext: 1,
        duplicateProbability: 0.3,
        seed: `sales-${this.plan.form.seed}`,
      });
  }
}

function halfOf(batches: readonly (readonly PlannedSale[])[], half: 'first' | 'second') {
  const middle = Math.ceil(batches.length / 2);
  return half === 'first' ? batches.slice(0, middle) : batches.slice(middle);
}

function policyOf({ form }: SalesPlan) {
  const [artist] = PAYEES;
  if (artist === undefined) throw new Error('somebody is paid');
  return {
    royaltyBps: Number(ROYALTY_BPS),
    splits: PAYEES.map(({ account, role, bps }) => ({ account, role, shareBps: bps })),
    primaryWallet: artist.account,
    currencies: [],
    enforcement: 'OBSERVE' as const,
    operators: [],
    paymentWindowSeconds: form.windowSeconds,
  };
}
