import { type Benchmark, type BenchmarkOptions, type Comparison, median } from './benchmark';
import { type Contest, prepareContest } from './follower-contest';
import { withPostgres } from './services';

const ROUNDS = 3;
const FULL = { blocks: 500, perBlock: 200 };
const SMALL = { blocks: 40, perBlock: 50 };

/**
 * The follower, with hash history and two endpoints that must agree, against two ways to load the same
 * transfers from one endpoint without either. All three in turn, once to warm up and
 * three times measured; medians are compared.
 */
export const benchFollower: Benchmark = (options) =>
  withPostgres(async (adminUrl) => {
    const contest = await prepareContest(adminUrl, options.small ? SMALL : FULL);
    try {
      return await compete(contest, options);
    } finally {
      await contest.stop();
    }
  });

async function compete(contest: Contest, { small, log }: BenchmarkOptions): Promise<Comparison[]> {
  const ms = { follower: [] as number[], perRow: [] as number[], perRange: [] as number[] };
  // Each runs once unmeasured: a process that follows chains runs for months, its first second is not its speed.
  if (!small) {
    for (const contestant of [contest.follower, contest.perRow, contest.perRange])
      await contestant.call(contest);
  }
  for (let round = 1; round <= (small ? 1 : ROUNDS); round += 1) {
    ms.follower.push(await contest.follower());
    ms.perRow.push(await contest.perRow());
    ms.perRange.push(await contest.perRange());
    const shown = Object.entries(ms).map(([name, values]) => `${name} ${values.at(-1)?.toFixed(0)} ms`);
    log(`round ${round}: ${contest.events} events, ${shown.join(', ')}`);
  }
  const rate = (values: readonly number[]) => (contest.events / median(values)) * 1_000;
  const figure = rate(ms.follower);
  return [
    { name: 'follower vs one insert per row', unit: 'events/s', figure, peer: rate(ms.perRow), bar: 10 },
    { name: 'follower vs one unnest per range', unit: 'events/s', figure, peer: rate(ms.perRange), bar: 1 },
  ];
}
