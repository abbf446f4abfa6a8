import { drawn } from '../../support/random';
import { MEMBERS } from '../world';
import { type Fault, type FaultKind, nothingToEnd, wholeBetween } from './fault';

const memberName = (random: () => number) => drawn(MEMBERS, random).name;

/** `kill -9` of one process; a supervisor starts another. */
export const kill: FaultKind = (random) => {
  const name = memberName(random);
  return { name: `kill -9 ${name}`, begin: ({ fleet }) => fleet.kill(name), end: nothingToEnd };
};

/** All processes of ours at once. */
export const killAll: FaultKind = () => ({
  name: 'kill -9 of every process',
  async begin({ fleet }) {
    await Promise.all(fleet.names.map((name) => fleet.kill(name)));
  },
  end: nothingToEnd,
});

/** A process that is held for longer than its leases last, and then goes on as if nothing had been. */
export const freeze: FaultKind = (random) => {
  const name = memberName(random);
  return {
    name: `freeze ${name}`,
    begin: async ({ fleet }) => fleet.freeze(name),
    end: async ({ fleet }) => fleet.resume(name),
  };
};

/** A process that drains and is replaced, as in a rollout. */
export const drain: FaultKind = (random) => {
  const name = memberName(random);
  return { name: `drain and replace ${name}`, begin: ({ fleet }) => fleet.replace(name), end: nothingToEnd };
};

/** A process whose wall clock is minutes off, until it is replaced by one whose clock is right. */
export const skewClock: FaultKind = (random): Fault => {
  const name = memberName(random);
  const seconds = wholeBetween(30, 600, random) * (random() < 0.5 ? -1 : 1);
  return {
    name: `clock of ${name} ${seconds > 0 ? '+' : ''}${seconds} s`,
    begin: ({ fleet }) =>
      fleet.replace(name, {
        environment: {
          NODE_OPTIONS: `--require ${require.resolve('../skewed-clock')}`,
          CLOCK_SKEW_MS: String(seconds * 1_000),
        },
      }),
    end: ({ fleet }) => fleet.replace(name, { environment: {} }),
  };
};

/** A process of an earlier release beside those of this one, as while a rollout is under way or taken back. */
export function earlierRelease(build: string): FaultKind {
  return (random) => {
    const name = memberName(random);
    return {
      name: `${name} is of the earlier release`,
      begin: ({ fleet }) => fleet.replace(name, { build }),
      end: ({ fleet }) => fleet.replace(name, { build: '' }),
    };
  };
}
