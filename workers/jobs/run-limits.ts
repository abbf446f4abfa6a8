/**
 * What may cut a run short. An `AbortSignal` is made when a job asks for it: most jobs do not, and it costs more than all
 * else that is kept for a run.
 */
export class RunLimits {
  /** Rejects when the run is cut short. */
  readonly cut: Promise<never>;
  private reject: (reason: Error) => void = () => undefined;
  private reason: Error | undefined;
  private controller: AbortController | undefined;

  constructor() {
    this.cut = new Promise((_, reject) => {
      this.reject = reject;
    });
  }

  /** Aborts when the run is cut short, or at once if it is already. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.reason !== undefined) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  /** Cuts the run short; the first reason counts. */
  abort(reason: Error): void {
    this.reason ??= reason;
    this.controller?.abort(this.reason);
    this.reject(this.reason);
  }
}
