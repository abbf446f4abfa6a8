import { event } from '../../test/support/travel-events';
import { BASE } from '../../test/support/travel-steps';
import { isOutcome } from './evidence-gatherer';

const DIGEST = '0xd1';
const sent = event('StatementSent', { nonce: '7' }, { digest: DIGEST });

test('a digest alone is no proof that a statement was voided: its nonce must be the one that is used up', () => {
  const voided = (nonce: string) => event('StatementVoided', { nonce }, { chainId: BASE, digest: DIGEST });
  expect(isOutcome(voided('7'), sent)).toBe(true);
  expect(isOutcome(voided('8'), sent)).toBe(false);
});

test('what its source says of a statement is no outcome, and nothing is one before it was sent', () => {
  const applied = event('StatementApplied', {}, { digest: DIGEST });
  expect(isOutcome({ ...applied, chainId: BASE }, sent)).toBe(true);
  expect(isOutcome(applied, sent)).toBe(false);
  expect(isOutcome({ ...applied, chainId: BASE }, undefined)).toBe(false);
});
