import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { rpc } from '../../devnet/json-rpc';
import type { Life, Side } from './life';
import { serveSynthetic } from './synthetic-server';

/** Home and mirror, whoever runs them. */
export interface GrowthChains {
  /** Two addresses of each chain, which must agree. */
  readonly urls: Readonly<Record<Side, readonly [string, string]>>;
  /** The newest block of both. */
  readonly head: number;
  /** Has blocks up to this number on both chains. */
  advance(block: number): Promise<void>;
  stop(): Promise<void>;
}

/** Synthetic chains in a process of their own. */
export async function forkSyntheticChains({ works, rounds }: Life): Promise<GrowthChains> {
  const child = fork(join(__dirname, 'synthetic-process.js'), [String(works), String(rounds)]);
  const ended = once(child, 'exit');
  const [port] = await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error('the synthetic chains ended before they listened');
    }),
  ]);
  return chainsAt(Number(port), async () => {
    child.kill();
    await ended;
  });
}

/** Synthetic chains in this process. */
export async function startSyntheticChains(life: Life): Promise<GrowthChains> {
  const { port, stop } = await serveSynthetic(life);
  return chainsAt(port, stop);
}

function chainsAt(port: number, stop: () => Promise<void>): GrowthChains {
  // The chain table takes no URL twice.
  const urlsOf = (side: Side) =>
    [`http://127.0.0.1:${port}/${side}`, `http://localhost:${port}/${side}`] as const;
  const urls = { home: urlsOf('home'), mirror: urlsOf('mirror') };
  let head = 0;
  return {
    urls,
    stop,
    get head() {
      return head;
    },
    async advance(block) {
      for (const [url] of Object.values(urls)) {
        // Made before anybody asks: a node has its blocks.
        await rpc(url, 'growth_prepare', [Math.max(head + 1, block - PREPARED_BLOCKS), block]);
        await rpc(url, 'growth_advance', [block]);
      }
      head = block;
    },
  };
}

/** Of a long way only the last blocks are made ahead of the question. */
const PREPARED_BLOCKS = 1_000;
