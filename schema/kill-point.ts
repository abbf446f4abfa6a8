/**
 * The places where a crash would hurt most: one named marker on each side of every commit,
 * signature, broadcast, enqueue and cursor move. The fault suite arms each in turn, kills the
 * process there, restarts it and checks the invariants; a marker that is never reached fails it.
 */
export const KILL_POINTS = [
  'dispatch.before-commit',
  'dispatch.after-commit',
  'relay.before-enqueue',
  'relay.after-enqueue',
  'job.before-complete',
  'job.after-complete',
  'transaction.before-sign',
  'transaction.before-store',
  'transaction.after-store',
  'transaction.after-broadcast',
  'follower.before-commit',
  'follower.after-commit',
  'projection.before-commit',
  'projection.after-commit',
] as const;

export type KillPoint = (typeof KILL_POINTS)[number];

let armed: { readonly at: KillPoint; countdown: number } | undefined;

/** Arms one marker: the process dies by SIGKILL when it is reached for the `countdown`-th time. For `main.ts` only. */
export function armKillPoint(at: KillPoint, countdown = 1): void {
  armed = { at, countdown };
}

/** Marks a place. Does nothing unless armed. */
export function killPoint(here: KillPoint): void {
  if (armed?.at !== here) return;
  armed.countdown -= 1;
  if (armed.countdown === 0) process.kill(process.pid, 'SIGKILL');
}
