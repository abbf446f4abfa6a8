import type { OwnProcess, ProcessCrew } from '../../support/processes';
import type { Death } from './sales-plan';

/** Kills the worker again and again, one death after the other; another takes its place at once. */
export class WorkerDeaths {
  count = 0;
  private last: Promise<void> = Promise.resolve();

  private constructor(
    private readonly crew: ProcessCrew,
    private worker: OwnProcess,
  ) {}

  static async begin(crew: ProcessCrew): Promise<WorkerDeaths> {
    return new WorkerDeaths(crew, await crew.start('worker'));
  }

  /** Once those before are over, the worker is to die: at a marker when it next passes it, or where it is. */
  queue(at: Death): void {
    this.last = this.last.then(() => this.kill(at));
    this.last.catch(() => undefined); // `settled` has the failure
  }

  /** Waits until all have come about. @throws Whatever kept one from it. */
  async settled(): Promise<void> {
    await this.last;
  }

  private async kill(at: Death): Promise<void> {
    if (at === 'ANYWHERE') await this.worker.kill();
    else this.worker = await this.crew.start('worker', { killAt: at });
    const { signal } = await this.worker.ended();
    if (signal !== 'SIGKILL') throw new Error(`the worker ended by itself instead of at ${at}`);
    this.count += 1;
    this.worker = await this.crew.start('worker');
  }
}
