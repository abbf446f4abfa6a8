import type { FaultWorld } from '../../faults/support/fault-world';
import { CHAINS } from '../../faults/support/fault-world';
import type { OwnProcess } from '../../support/processes';
import { drawn } from '../../support/random';
import type { TravelForm } from './travel-plan';

const REORG_DEPTH = 3;
/** Shares of the messages of each network. Lost ones are verified and never executed by the network. */
const DELIVERY_FAULTS = {
  loseProbability: 0.05,
  lateProbability: 0.1,
  lateMs: 3_000,
  duplicateProbability: 0.1,
  reorderProbability: 0.1,
  reorderMs: 3_000,
  latencyMs: 300,
} as const;

/** Kills the worker and reorganises chains as moves end, on top of networks that deliver badly. */
export class Disturbances {
  kills = 0;
  reorgs = 0;
  private readonly killsAt: readonly number[];
  private readonly reorgsAt: readonly number[];
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly world: FaultWorld,
    { works, movesPerWork, kills, movesPerReorg }: TravelForm,
    private readonly random: () => number,
    /** The worker's process; replaced after each kill. */
    private worker: OwnProcess,
  ) {
    const moves = works * movesPerWork;
    this.killsAt = Array.from({ length: kills }, (_, kill) => Math.floor(((kill + 1) * moves) / (kills + 1)));
    this.reorgsAt = Array.from(
      { length: Math.floor(moves / movesPerReorg) },
      (_, reorg) => reorg * movesPerReorg + Math.ceil(movesPerReorg / 2),
    );
  }

  async begin(seed: number): Promise<void> {
    for (const network of ['ccip', 'layerZero'] as const) {
      await this.world.devnet.setDeliveryFaults(network, { ...DELIVERY_FAULTS, seed: `travel-${seed}` });
    }
  }

  /** To be called once for each move that has ended, with how many have. */
  movesEnded(count: number): void {
    if (this.reorgsAt.includes(count)) this.queue(() => this.reorg());
    if (this.killsAt.includes(count)) this.queue(() => this.killWorker());
  }

  /** Waits for those that are under way. @throws Whatever kept one from happening. */
  async settled(): Promise<void> {
    await this.last;
  }

  private queue(act: () => Promise<void>): void {
    this.last = this.last.then(act);
    this.last.catch(() => undefined); // `settled` has the failure
  }

  private async reorg(): Promise<void> {
    await this.world.devnet.reorg(drawn(CHAINS, this.random), REORG_DEPTH);
    this.reorgs += 1;
  }

  private async killWorker(): Promise<void> {
    await this.worker.kill();
    this.worker = await this.world.crew.start('worker');
    this.kills += 1;
  }
}
