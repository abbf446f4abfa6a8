import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EvmChain } from '../chain-table';
import { chainHead, finalHead, followerAlert, followerLeads, followerTicks, recordedHead } from '../metrics';
import type { BlockFollower, FollowerState } from './block-follower';
import type { LeaderLock, Lease } from './chain-store';

/** No chain is asked more often than this. */
const MIN_POLL_MS = 100;
/** How often a process that does not lead tries to. */
const STANDBY_MS = 1_000;
/** The pause after a failed tick doubles up to this. */
const MAX_PAUSE_MS = 30_000;

/** Half a block, so that a new block is seen half a block late on average at worst. */
export function pollIntervalMs({ blockTimeMs }: Pick<EvmChain, 'blockTimeMs'>): number {
  return Math.max(MIN_POLL_MS, Math.floor(blockTimeMs / 2));
}

export interface FollowerRun {
  readonly follower: BlockFollower;
  readonly lock: LeaderLock;
  readonly pollMs: number;
  /** Aborting it lets the tick at hand finish, then frees the lock. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * Follows one chain until `signal` is aborted: waits to be the only process that does, then ticks.
 *
 * Never rejects: whatever fails, the database included, is logged and tried again.
 */
export async function runFollower({ follower, lock, pollMs, signal, logger }: FollowerRun): Promise<void> {
  const { chainId } = follower.state;
  let lease: Lease | undefined;
  let failures = 0;
  while (!signal.aborted) {
    let pause = pollMs;
    try {
      if (lease?.isHeld !== true) lease = await lock.tryAcquire(chainId);
      followerLeads.set({ chain: chainId }, lease === undefined ? 0 : 1);
      if (lease === undefined) pause = Math.max(pollMs, STANDBY_MS);
      else {
        await follower.tick();
        followerTicks.inc({ chain: chainId, outcome: 'done' });
        show(follower.state);
      }
      failures = 0;
    } catch (error) {
      failures += 1;
      followerTicks.inc({ chain: chainId, outcome: 'failed' });
      pause = Math.min(MAX_PAUSE_MS, pollMs * 2 ** failures);
      logger.error({ err: error, chainId }, 'follower tick failed');
    }
    await interruptible(pause, signal);
  }
  await lease
    ?.release()
    .catch((error: unknown) => logger.warn({ err: error, chainId }, 'follower lock not freed'));
}

function show({ chainId: chain, chainHead: head, position, alert }: FollowerState): void {
  if (head !== undefined) chainHead.set({ chain }, head);
  if (position !== undefined) {
    recordedHead.set({ chain }, position.head.number);
    finalHead.set({ chain }, position.final.number);
  }
  followerAlert.set({ chain }, alert === undefined ? 0 : 1);
}

async function interruptible(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
