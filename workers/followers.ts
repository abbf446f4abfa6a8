import type { Logger } from 'pino';
import type { EvmChain } from '../chains/chain-table';
import { BlockFollower } from '../chains/follower/block-follower';
import { pollIntervalMs, runFollower } from '../chains/follower/run-follower';
import { BlockStore } from '../domain/chain-state/block-store';
import { AdvisoryLeaderLock } from '../domain/chain-state/follower-lock';
import { composeDomain } from '../domain/compose';
import { Loop } from '../domain/loop';
import { type OpenFoundations, openFoundations } from '../domain/open-foundations';
import { REGISTRY_EVENT_TOPICS } from '../domain/provenance/event-decoder';
import type { WorkerConfig } from './config';

/** How long a slow endpoint is waited for when heads are compared, in milliseconds. */
const ENDPOINT_PATIENCE_MS = 2_000;

export interface Followers {
  /** Resolves if the database answers. @throws The database's error. */
  checkReady(): Promise<void>;
  /** Lets the tick at hand end on each chain, frees the chains' locks and closes everything. */
  stop(): Promise<void>;
}

/**
 * Composes and starts one follower process: on every chain of the table, or on those that it is told, it records blocks
 * and events (if it holds the chain's lock) and moves unfinished transactions along.
 *
 * @throws Error if it is told a chain that is not in the table.
 */
export async function startFollowers(config: WorkerConfig, logger: Logger): Promise<Followers> {
  const foundations = await openFoundations(config, {
    applicationName: 'colophon-follower',
    poolSize: 12,
    logger,
  });
  const followed = await chainsOf(config, foundations).catch(async (error: unknown) => {
    await foundations.close();
    throw error;
  });
  const domain = composeDomain(foundations);
  const store = new BlockStore(foundations.system, domain.followerSink);
  const lock = new AdvisoryLeaderLock(config.SYSTEM_DATABASE_URL);
  const stopping = new AbortController();

  const running = followed.map((chain) => {
    const pollMs = pollIntervalMs(chain);
    const follower = new BlockFollower(foundations.chains.get(chain.chainId), store, {
      eventTopics: REGISTRY_EVENT_TOPICS,
      patienceMs: ENDPOINT_PATIENCE_MS,
    });
    return runFollower({ follower, lock, pollMs, signal: stopping.signal, logger });
  });
  const transactionLoops = followed.map((chain) => {
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
    checkReady: () => foundations.checkReady(),
    async stop() {
      stopping.abort();
      await Promise.all([...running, ...transactionLoops.map((loop) => loop.stop())]);
      await foundations.close();
    },
  };
}

async function chainsOf(
  { FOLLOW_CHAINS }: Pick<WorkerConfig, 'FOLLOW_CHAINS'>,
  { chainTable }: Pick<OpenFoundations, 'chainTable'>,
): Promise<readonly EvmChain[]> {
  return FOLLOW_CHAINS?.map((chainId) => chainTable.get(chainId)) ?? chainTable.all();
}
