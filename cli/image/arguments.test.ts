import { UsageError } from '../cli-errors';
import { parseImageCommand } from './arguments';

test.each([
  [['api'], { name: 'api', settings: {} }],
  [['migrate'], { name: 'migrate', settings: {} }],
  [['rotate-keys'], { name: 'rotate-keys', settings: {} }],
  [['check-database'], { name: 'check-database', json: false }],
  [['check-database', '--json'], { name: 'check-database', json: true }],
  [['rebuild', '--all'], { name: 'rebuild', rebuild: { chainIds: undefined, replace: false, json: false } }],
  [['worker'], { name: 'worker', settings: {} }],
  [
    ['worker', '--pool', 'shared', '--pool', 'gallery'],
    { name: 'worker', settings: { POOLS: 'shared,gallery' } },
  ],
  [['follower', '--chain', 'eip155:1'], { name: 'follower', settings: { FOLLOW_CHAINS: 'eip155:1' } }],
])('%j is what the container becomes', (args, expected) => {
  expect(parseImageCommand(args)).toEqual(expected);
});

test.each([
  [[]],
  [['start']],
  [['api', '--pool', 'shared']],
  [['worker', 'shared']],
  [['follower', '--chain']],
  [['check-database', '--all']],
  [['rebuild']],
])('%j is refused rather than guessed at', (args) => {
  expect(() => parseImageCommand(args)).toThrow(UsageError);
});
