import { CommandError } from '../cli-errors';

/** What a step has brought up. */
export interface Started<T> {
  readonly value: T;
  /** Told to the person, e.g. `on port 5432`. */
  readonly detail: string;
  stop?(): Promise<void>;
}

/** Brings services up one after another, telling each step, and takes them down in reverse. */
export class Startup {
  private readonly stops: { readonly name: string; stop(): Promise<void> }[] = [];

  /**
   * @param print - Told one line for each step that is done.
   * @param signal - Once aborted, no further step begins.
   */
  constructor(
    private readonly print: (line: string) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws {@link CommandError} that names the step, if `begin` fails or the start was called off. */
  async step<T>(name: string, begin: () => Promise<Started<T>>): Promise<T> {
    if (this.signal.aborted) throw new CommandError('The start was called off.');
    const begun = performance.now();
    try {
      const { value, detail, stop } = await begin();
      if (stop) this.stops.push({ name, stop });
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      this.print(`  ${name.padEnd(10)} ${detail} (${seconds} s)`);
      return value;
    } catch (cause) {
      throw new CommandError(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  /** Stops everything, newest first, whatever fails. @throws AggregateError of what failed. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (const { name, stop } of this.stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (cause) {
        failures.push(new CommandError(`${name} did not stop as it should: ${String(cause)}`, { cause }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
  }
}
