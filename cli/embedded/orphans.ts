import { EmbeddedServiceError } from './embedded-errors';
import { pollUntil } from './poll';
import { findProcessesIn, signalProcess } from './processes';

/** How to end a server: which signal asks it, which one insists, and how long each may take. */
export interface StopPolicy {
  readonly askSignal: NodeJS.Signals;
  readonly insistSignal: NodeJS.Signals;
  readonly timeoutMs: number;
}

interface OrphanSearch {
  /** The server's data directory, canonical. */
  readonly directory: string;
  readonly program: string;
  readonly policy: StopPolicy;
  readonly log: (message: string) => void;
}

/**
 * Ends what a killed launcher left running on a data directory: its server, or the server's own
 * children if the server was killed too. Only to be called by the owner of the directory's lock.
 *
 * @throws {@link EmbeddedServiceError} if it does not end.
 */
export async function stopOrphans({ directory, program, policy, log }: OrphanSearch): Promise<void> {
  const find = () => findProcessesIn(directory, program);
  if (find().length === 0) return;

  log(`Stopping the ${program} that an earlier run left on ${directory}.`);
  for (const signal of [policy.askSignal, policy.insistSignal]) {
    const running = find();
    const pids = new Set(running.map(({ pid }) => pid));
    // A server ends its children itself, in order.
    for (const { pid, parentPid } of running) if (!pids.has(parentPid)) signalProcess(pid, signal);
    if (await pollUntil(() => find().length === 0, policy.timeoutMs)) return;
  }
  const pids = find().map(({ pid }) => pid);
  throw new EmbeddedServiceError(
    `An earlier ${program} (process ${pids.join(', ')}) on ${directory} does not end. End it by hand and start again.`,
  );
}
