import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedFault } from './schedule';
import type { SimWorld } from './world';

/** Carries a schedule out; every fault has been taken back when it settles. @throws What kept one from it. */
export async function runFaults(
  world: SimWorld,
  planned: readonly PlannedFault[],
  {
    lengthMs,
    signal,
    log,
  }: { readonly lengthMs: number; readonly signal: AbortSignal; readonly log: (line: string) => void },
): Promise<void> {
  const begun = Date.now();
  const until = async (atMs: number) => {
    const wait = delay(Math.max(0, begun + atMs - Date.now()), undefined, { signal });
    await wait.catch(() => undefined); // cut short: what has begun is taken back, and nothing else begins
  };
  const tracks = new Set(planned.map(({ track }) => track));
  const runs = [...tracks].map(async (name) => {
    for (const { atMs, lastsMs, fault } of planned.filter(({ track }) => track === name)) {
      await until(atMs);
      if (signal.aborted) return;
      if (Date.now() - begun > lengthMs) {
        log(`left out, the machine is behind: ${fault.name}`);
        continue;
      }
      log(`begins  ${fault.name}`);
      try {
        await fault.begin(world);
        await until(Date.now() - begun + lastsMs);
      } finally {
        await fault.end(world);
      }
      if (lastsMs > 0) log(`ends    ${fault.name}`);
    }
  });
  const settled = await Promise.allSettled(runs);
  for (const run of settled) if (run.status === 'rejected') throw run.reason;
}
