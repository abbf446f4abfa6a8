import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChainId } from '../../schema/caip';
import { accountAt } from '../devnet/accounts';
import { CollectorWallet } from '../e2e/support/collector-wallet';
import { Life } from './life';
import type { PlannedLife } from './load-plan';
import type { SimWorld } from './world';

const KEEP_WALLETS_MS = 400;

/** Carries planned lives out, side by side, through the API and from collectors' wallets. */
export class Load {
  readonly lives: Life[] = [];
  private readonly wallets = new Map<string, CollectorWallet>();
  private readonly ways: Promise<void>[] = [];
  private readonly over = new AbortController();
  private readonly rested = new AbortController();
  private keeping: Promise<void> = Promise.resolve();

  constructor(private readonly world: SimWorld) {}

  /** Begins at once; {@link finish} has what fails. */
  begin(seed: number, planned: readonly PlannedLife[]): void {
    const { signal } = this.over;
    setMaxListeners(0, signal);
    this.lives.push(...planned.map((plan, index) => this.lifeOf(plan, `sim-${seed}-${index}`)));
    for (const [index, { bornAtMs }] of planned.entries()) {
      const wait = delay(bornAtMs, undefined, { signal }).then(
        () => this.lives[index]?.live(),
        () => undefined, // never born: the run is over
      );
      this.ways.push(wait);
    }
    for (const way of this.ways) way.catch(() => undefined);
    this.keeping = this.keepWallets();
    this.keeping.catch(() => undefined);
  }

  /** Begins nothing more. */
  end(): void {
    this.over.abort();
  }

  /** Waits until every step that was begun is over. @throws What was refused, or what is not over in time. */
  async finish(withinMs: number): Promise<void> {
    this.end();
    const timer = new AbortController();
    const overdue = delay(withinMs, undefined, { signal: timer.signal }).then(() => {
      const waits = this.lives.flatMap(({ waitsFor }) => waitsFor ?? []);
      throw new Error(`not over within ${withinMs} ms of quiet:\n${waits.join('\n')}`);
    });
    overdue.catch(() => undefined); // told by the race
    try {
      // A wallet that fails ends the race; one that is kept never does.
      const failed = this.keeping.then(() => new Promise<never>(() => undefined));
      await Promise.race([Promise.all(this.ways), failed, overdue]);
    } finally {
      timer.abort();
      this.rested.abort();
    }
  }

  private lifeOf(plan: PlannedLife, key: string): Life {
    const { stage, tenants } = this.world;
    const tenant = tenants[plan.tenant];
    if (tenant === undefined) throw new Error(`there is no tenant ${plan.tenant}`);
    const walletOf = (collector: number, chainId: ChainId) => this.walletOf(collector, chainId);
    return new Life(plan, key, { stage, tenant, walletOf, isOver: () => this.over.signal.aborted });
  }

  private async keepWallets(): Promise<void> {
    while (!this.rested.signal.aborted) {
      for (const wallet of this.wallets.values()) await wallet.keep();
      await delay(KEEP_WALLETS_MS);
    }
  }

  private walletOf(collector: number, chainId: ChainId): CollectorWallet {
    const key = `${collector}@${chainId}`;
    const wallet =
      this.wallets.get(key) ??
      new CollectorWallet(accountAt(collector), chainId, this.world.stage.devnet.directUrl(chainId));
    this.wallets.set(key, wallet);
    return wallet;
  }
}
