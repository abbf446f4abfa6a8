import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../../cli/cli-errors';
import { parseOptions } from '../../cli/parse-options';
import { type Circumstances, DEEP, SHALLOW } from './schedule';

export const SIM_USAGE = `usage: npm run test:sim -- [OPTIONS]

  --seed N      the first seed, 1 if absent: the same seed draws the same faults and the same load
  --seeds K     how many seeds are run, one after the other, on one start; 1 if absent
  --minutes M   how long faults and load last for each seed, 1 if absent; parts as in 0.5
  --deep        blocks of 100 ms that are final after 104, and reorgs of up to 100 of them
  --outage      nothing of ours runs for a day of the chains, in the midst of what each seed has begun
  --earlier DIR the compiled programs of an earlier release (its dist), which then run beside those of this one
  --keep        leaves the folder of logs and data also if all is well; a run that fails always does
  --plan        prints what the seeds draw, and runs nothing
`;

export interface SimOptions {
  readonly seeds: readonly number[];
  readonly minutes: number;
  readonly circumstances: Circumstances;
  /** What a person types after `--seed N` to have the same drawn again. */
  readonly again: string;
  readonly keep: boolean;
  readonly planOnly: boolean;
}

const MAX_SEED = 2 ** 31 - 1;
const MAX_SEEDS = 10_000;
const MAX_MINUTES = 24 * 60;

/** @throws {@link UsageError} that names what is wrong. */
export function parseSimArguments(args: readonly string[]): SimOptions {
  const { seed, seeds, minutes, deep, outage, earlier, keep, plan } = parseOptions(args, {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    minutes: { type: 'string' },
    deep: { type: 'boolean' },
    outage: { type: 'boolean' },
    earlier: { type: 'string' },
    keep: { type: 'boolean' },
    plan: { type: 'boolean' },
  });
  const first = wholeNumber('--seed', seed ?? '1', MAX_SEED);
  const count = wholeNumber('--seeds', seeds ?? '1', MAX_SEEDS);
  const length = Number(minutes ?? '1');
  if (!(length > 0 && length <= MAX_MINUTES))
    throw new UsageError(`--minutes needs a number above 0, at most ${MAX_MINUTES}, not ${minutes}.`);
  return {
    seeds: Array.from({ length: count }, (_, nth) => first + nth),
    minutes: length,
    circumstances: {
      ...(deep === true ? DEEP : SHALLOW),
      outage: outage === true,
      ...(earlier !== undefined && { earlierBuild: buildIn(earlier) }),
    },
    again: [
      `--minutes ${length}`,
      ...(deep === true ? ['--deep'] : []),
      ...(outage === true ? ['--outage'] : []),
      ...(earlier === undefined ? [] : [`--earlier ${earlier}`]),
    ].join(' '),
    keep: keep === true,
    planOnly: plan === true,
  };
}

function buildIn(folder: string): string {
  const build = resolve(folder);
  if (!existsSync(join(build, 'cli/image/main.js')))
    throw new UsageError(
      `--earlier needs a folder of compiled programs, and ${build} has no cli/image/main.js.`,
    );
  return build;
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most)
    throw new UsageError(`${option} needs a whole number from 1 to ${most}, not ${text}.`);
  return value;
}
