import { statementsFor } from './announcement';

const said = (standing: Parameters<typeof statementsFor>[0], before: Parameters<typeof statementsFor>[1]) =>
  statementsFor(standing, before).map(
    ({ finality, takesUpPrior }) => `${finality}${takesUpPrior ? ' of it' : ''}`,
  );

test.each([
  ['provisional', undefined, ['provisional']],
  ['provisional', 'provisional', []],
  ['final', 'provisional', ['final of it']],
  ['final', undefined, ['final']],
  ['final', 'final', []],
  ['absent', 'provisional', ['reverted of it']],
  ['absent', 'final', ['reverted of it']],
  ['absent', undefined, []],
  ['absent', 'reverted', []],
  ['provisional', 'reverted', ['provisional']],
  ['final', 'reverted', ['final']],
  ['provisional', 'final', ['reverted of it', 'provisional']],
] as const)('of a fact that is %s, after %s, it says %j', (standing, before, expected) => {
  expect(said(standing, before)).toEqual(expected);
});
