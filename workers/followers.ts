import type { Logger } from 'pino';
import { BlockFollower } from '../chains/follower/block-follower';
import { pollIntervalMs, runFollower } from '../chains/follower/run-follower';
import { BlockStore } from '../domain/chain-state/block-store';
import { AdvisoryLeaderLock } from '../domain/chain-state/follower-lock';
import { composeDomain } from '../domain/compose';
import { openFoundations } from '../domain/open-foundations';
import { REGISTRY_EVENT_TOPICS } from '../domain/provenance/event-decoder';
import type { WorkerConfig } from './config';
import { Loop } from './loop';

/** How long a slow endpoint is waited for when heads are compared, in milliseconds. */
const ENDPOINT_PATIENCE_MS = 2_000;

export interface Followers {
  /** Lets the tick at hand end on each chain, frees the chains' locks and closes everything. */
  stop(): Promise<void>;
}

/**
 * Composes and starts one follower process: on every chain of the table it records blocks and events
 * (if it holds the chain's lock) and moves unfinished transactions along.
 */
export async function startFollowers(config: WorkerConfig, logger: Logger): Promise<Followers> {
  const foundations = await openFoundations(config, {
    applicationName: 'colophon-follower',
    poolSize: 12,
    logger,
  });
  const domain = composeDomain(foundations);
  const store = new BlockStore(foundations.system, domain.followerSink);
  const lock = new AdvisoryLeaderLock(config.SYSTEM_DATABASE_URL);
  const stopping = new AbortController();

  const running = foundations.chainTable.all().map((chain) => {
    const pollMs = pollIntervalMs(chain);
    const follower = new BlockFollower(foundations.chains.get(chain.chainId), store, {
      eventTopics: REGISTRY_EVENT_TOPICS,
      patienceMs: ENDPOINT_PATIENCE_MS,
    });
    return runFollower({ follower, lock, pollMs, signal: stopping.signal, logger });
  });
  const transactionLoops = foundations.chainTable.all().map((chain) => {
    const loop = new Loop({
      name: `transactions of ${chain.chainId}`,
      everyMs: pollIntervalMs(chain),
      pass: () => domain.transactions.tick(chain.chainId),
      log: logger,
    });
    loop.start();
    return loop;
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all([...running, ...transactionLoops.map((loop) => loop.stop())]);
      await foundations.close();
    },
  };
}
