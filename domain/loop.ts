import type { Logger } from 'pino';
import { passFailures } from './metrics';

export interface LoopOptions {
  /** Names the loop in logs. */
  readonly name: string;
  /** The longest pause between two passes, also after one that failed. */
  readonly everyMs: number;
  /** One pass. It should end soon after `signal` aborts. */
  readonly pass: (signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
}

/** Repeats a pass until stopped: when woken, and at the latest every `everyMs`. A failed pass is logged and repeated. */
export class Loop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private woken = false;
  private endRest: () => void = () => undefined;

  constructor(private readonly options: LoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Begins the next pass at once; during a pass, right after it. */
  wake(): void {
    this.woken = true;
    this.endRest();
  }

  /** Resolves when the pass in progress, if any, has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.endRest();
    await this.running;
  }

  private async run(): Promise<void> {
    const { name, pass, log } = this.options;
    while (!this.stopping.signal.aborted) {
      this.woken = false;
      let failed = false;
      try {
        await pass(this.stopping.signal);
      } catch (error) {
        failed = true;
        passFailures.inc({ loop: name });
        log.error({ err: error, loop: name }, 'a pass failed');
      }
      await this.rest(failed);
    }
  }

  /** After a failure it rests in full, whoever wakes it: the cause is likely still there. */
  private async rest(inFull: boolean): Promise<void> {
    if (this.stopping.signal.aborted || (this.woken && !inFull)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.options.everyMs);
      this.endRest = () => {
        if (inFull && !this.stopping.signal.aborted) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
