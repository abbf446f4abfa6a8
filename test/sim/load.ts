import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChainId } from '../../schema/caip';
import { accountAt } from '../devnet/accounts';
import { until } from '../devnet/polling';
import { CollectorWallet } from '../e2e/support/collector-wallet';
import { oneOf } from '../support/random';
import { Life } from './life';
import type { PlannedLife } from './load-plan';
import type { SimWorld } from './world';

const KEEP_WALLETS_MS = 400;
const BIRTH = { timeoutMs: 180_000, everyMs: 200 } as const;

/** Carries planned lives out, side by side, through the API and from collectors' wallets. */
export class Load {
  readonly lives: Life[] = [];
  private readonly wallets = new Map<string, CollectorWallet>();
  private readonly ways: Promise<void>[] = [];
  /** Aborted when nothing more is to begin, and when nothing is under way. */
  private readonly over = new AbortController();
  private readonly rested = new AbortController();
  private fail: (reason: unknown) => void = () => undefined;
  private readonly failure = new Promise<never>((_, reject) => {
    this.fail = reject;
  });

  constructor(private readonly world: SimWorld) {
    setMaxListeners(0, this.over.signal);
    this.failure.catch(() => undefined); // told to whoever waits
  }

  /**
   * Resolves once the works are born that are there from the beginning; the others follow by themselves.
   *
   * @throws What has failed by then; {@link finish} has what fails later.
   */
  async begin(seed: number, planned: readonly PlannedLife[]): Promise<void> {
    this.lives.push(...planned.map((plan, index) => this.lifeOf(plan, `sim-${seed}-${index}`)));
    const first = this.lives.filter(({ plan }) => plan.bornAtMs === 0);
    for (const life of first) this.follow(life.live());
    this.keepWallets().catch(this.fail);
    const areBorn = until('the works to begin with', () => first.every(({ isBorn }) => isBorn), BIRTH);
    await Promise.race([areBorn, this.failure]);
    for (const life of this.lives) if (!first.includes(life)) this.follow(this.bear(life));
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
      await Promise.race([Promise.all(this.ways), this.failure, overdue]);
    } finally {
      timer.abort();
      this.rested.abort();
    }
  }

  private follow(way: Promise<void>): void {
    way.catch(this.fail);
    this.ways.push(way);
  }

  private async bear(life: Life): Promise<void> {
    const { signal } = this.over;
    await delay(life.plan.bornAtMs, undefined, { signal }).catch(() => undefined); // never born: all is over
    if (!signal.aborted) await life.live();
  }

  private lifeOf(plan: PlannedLife, key: string): Life {
    const { stage, tenants } = this.world;
    const walletOf = (collector: number, chainId: ChainId) => this.walletOf(collector, chainId);
    const isOver = () => this.over.signal.aborted;
    return new Life(plan, key, { stage, tenant: oneOf(tenants, plan.tenant), walletOf, isOver });
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
