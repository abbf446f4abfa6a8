import { UsageError } from '../../cli/cli-errors';
import { planLoad } from './load-plan';
import { planFaults, SHALLOW } from './schedule';
import { parseSimArguments } from './sim-arguments';

describe('arguments of a simulation', () => {
  test('name seeds in a row, and a length in minutes', () => {
    expect(parseSimArguments(['--seed', '7', '--seeds', '3', '--minutes', '0.5'])).toEqual({
      seeds: [7, 8, 9],
      minutes: 0.5,
      circumstances: { ...SHALLOW, outage: false },
      again: '--minutes 0.5',
      keep: false,
      planOnly: false,
    });
  });

  test.each([
    ['--seed', 'x'],
    ['--seed', '0'],
    ['--seed', '1.5'],
    ['--seeds', '-1'],
    ['--minutes', '0'],
    ['--minutes', 'long'],
    ['--minutes', '1441'],
    ['--sed', '1'],
    ['--earlier', '/nowhere'],
  ])('that are wrong are refused with their name: %s %s', (option, value) => {
    expect(() => parseSimArguments([option, value])).toThrow(UsageError);
    expect(() => parseSimArguments([option, value])).toThrow(option);
  });
});

describe('a seed', () => {
  const plan = (seed: number) =>
    JSON.stringify([planFaults(seed, 60_000, SHALLOW), planLoad(seed, 60_000, 2)], undefined, 1);

  test('draws the same faults and the same load each time, and another seed draws others', () => {
    expect(plan(7)).toBe(plan(7));
    expect(plan(7)).not.toBe(plan(8));
  });

  test('kills about ten times a minute', () => {
    const kills = planFaults(11, 100 * 60_000, SHALLOW).filter(({ track }) => track === 'kills');
    expect(kills.length).toBeGreaterThan(1_000);
  });
});
