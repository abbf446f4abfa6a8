import 'reflect-metadata';
import { benchApi } from './api';
import { type Benchmark, describe, ratioOf } from './benchmark';
import { benchDispatch } from './dispatch';
import { benchFairness } from './fairness';
import { benchFollower } from './follower';
import { benchLedger } from './ledger';
import { benchSettlement } from './settlement';
import { benchWebhooks } from './webhooks';

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  follower: benchFollower,
  dispatch: benchDispatch,
  webhooks: benchWebhooks,
  ledger: benchLedger,
  api: benchApi,
  fairness: benchFairness,
  settlement: benchSettlement,
};

/** `npm run bench -- NAME [--small]`: exits with 1 below a bar (never with `--small`), with 2 for an unknown name. */
async function main(): Promise<void> {
  const [name = '', ...flags] = process.argv.slice(2);
  const benchmark = BENCHMARKS[name];
  const unknown = flags.filter((flag) => flag !== '--small');
  if (benchmark === undefined || unknown.length > 0) {
    console.error(`usage: npm run bench -- ${Object.keys(BENCHMARKS).join('|')} [--small]`);
    process.exitCode = 2;
    return;
  }
  const small = flags.includes('--small');
  const comparisons = await benchmark({ small, log: (line) => console.log(line) });
  console.log(comparisons.map(describe).join('; '));
  if (!small && comparisons.some((comparison) => ratioOf(comparison) < comparison.bar)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
