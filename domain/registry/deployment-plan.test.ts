import { evmAccountId } from '../../schema/caip';
import { ADA } from '../../test/support/travel-events';
import { BASE, HOME, MOONBEAM } from '../../test/support/travel-steps';
import { deploymentPlan, readySteps } from './deployment-plan';

const payee = evmAccountId(BASE, ADA);
const planned = { homeChainId: HOME, mirrorChainIds: [BASE, MOONBEAM], payee };
const plan = deploymentPlan({ ...planned, releasePolicy: 'ONE' });
const keys = (steps: readonly { key: string }[]) => steps.map(({ key }) => key);
const without = (done: (key: string) => boolean) => plan.filter(({ key }) => !done(key));

test('a plan has a factory, nine components and a split per chain, and three statements per lane', () => {
  expect(plan).toHaveLength(3 * 11 + 2 * 2 * 3);
  expect(new Set(keys(plan)).size).toBe(plan.length);
});

test('first come the factories, then the components of those chains that have one', () => {
  expect(keys(readySteps(plan))).toEqual([`factory@${HOME}`, `factory@${BASE}`, `factory@${MOONBEAM}`]);
  const homeFactory = readySteps(without((key) => key === `factory@${HOME}`));
  expect(homeFactory.filter(({ chainId }) => chainId === HOME)).toHaveLength(9);
  expect(homeFactory).toHaveLength(9 + 2);
});

test('a handshake begins when both ends stand, whatever a third chain lacks', () => {
  const open = without((key) => key.endsWith(`@${HOME}`) || key.endsWith(`@${BASE}`));
  expect(keys(readySteps(open))).toEqual([
    `factory@${MOONBEAM}`,
    `openLane:${BASE}:CCIP`,
    `openLane:${BASE}:LAYERZERO`,
  ]);
});

test('the statements of a handshake follow one another, each lane at its own pace', () => {
  const deployed = without((key) => key.includes('@'));
  expect(keys(readySteps(deployed))).toHaveLength(4);
  const answered = deployed.filter(({ key }) => key !== `openLane:${BASE}:CCIP`);
  expect(keys(readySteps(answered))).toContain(`answerLane:${BASE}:CCIP`);
  const last = deployed.filter(({ key }) => key === `confirmLane:${BASE}:CCIP`);
  expect(keys(readySteps(last))).toEqual([`confirmLane:${BASE}:CCIP`]);
  expect(readySteps([])).toEqual([]);
});

test('whose the royalties are is stated on each chain as soon as its contracts stand', () => {
  const open = without(
    (key) =>
      key.startsWith('factory@') ||
      key === `RoyaltyVault@${HOME}` ||
      (key.endsWith(`@${BASE}`) && !key.startsWith('split')),
  );
  expect(keys(readySteps(open)).filter((key) => key.startsWith('split'))).toEqual([`split@${BASE}`]);
  expect(plan.flatMap(({ action }) => (action.kind === 'split' ? action.payee : []))).toEqual(
    Array(3).fill(payee),
  );
});

test('where both bridges are asked for, each end of each lane asks for them once its contracts stand', () => {
  const both = deploymentPlan({ ...planned, releasePolicy: 'BOTH' });
  const policies = both.filter(({ action }) => action.kind === 'policy');
  expect(both).toHaveLength(plan.length + 4);
  expect(policies.map(({ key }) => key)).toEqual([
    `policy@${HOME}:${BASE}`,
    `policy@${BASE}:${HOME}`,
    `policy@${HOME}:${MOONBEAM}`,
    `policy@${MOONBEAM}:${HOME}`,
  ]);
  expect(readySteps(both).some(({ action }) => action.kind === 'policy')).toBe(false);
  const deployed = both.filter(({ action }) => ['lane', 'policy'].includes(action.kind));
  expect(readySteps(deployed)).toEqual(expect.arrayContaining(policies));
});
