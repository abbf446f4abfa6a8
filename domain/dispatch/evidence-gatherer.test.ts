import { chainHashOf } from '../../chains/evm/registry/manifest';
import type { ChainId } from '../../schema/caip';
import { event } from '../../test/support/travel-events';
import { BASE, HOME, MOONBEAM } from '../../test/support/travel-steps';
import { isEndedBy, isOutcome, statementsOf } from './evidence-gatherer';

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

test('a departed work is carried by the statements of its own transaction that have its nonce to its destination', () => {
  const transactionHash = '0xabc';
  const to = (nonce: string, dstChainHash: string) =>
    event('StatementSent', { nonce, dstChainHash }, { transactionHash });
  const departed = event('WorkDeparted', { nonce: '7', dstChainHash: '0xb' }, { transactionHash });
  const [ccip, layerZero] = [to('7', '0xb'), to('7', '0xb')];
  const others = [
    to('8', '0xb'),
    to('7', '0xc'),
    { ...to('7', '0xb'), chainId: BASE },
    event('StatementSent', { nonce: '7', dstChainHash: '0xb' }),
  ];
  expect(statementsOf(departed, [ccip, ...others, layerZero])).toEqual([ccip, layerZero]);
  expect(statementsOf(undefined, [ccip])).toEqual([]);
});

describe('a claim from a retired chain at hop 3', () => {
  const reclaim = event('WorkReclaimed', { chainHash: chainHashOf(BASE), hop: '3' });
  const move = (sourceChainId: ChainId, destinationChainId: ChainId, hop: number | null) =>
    isEndedBy({ sourceChainId, destinationChainId, hop }, reclaim);

  test('ends what was on its way there, statements of revisions included', () => {
    expect(move(HOME, BASE, 3)).toBe(true);
    expect(move(HOME, BASE, null)).toBe(true);
  });

  test('ends departures from there of which home never heard, and no others', () => {
    expect(move(BASE, HOME, 4)).toBe(true);
    expect(move(BASE, HOME, 2)).toBe(false);
  });

  test('leaves moves to and from other chains alone, and what home sends later', () => {
    expect(move(HOME, MOONBEAM, 4)).toBe(false);
    expect(move(HOME, MOONBEAM, null)).toBe(false);
    expect(move(MOONBEAM, HOME, 5)).toBe(false);
    expect(move(HOME, BASE, 4)).toBe(false);
    expect(move(HOME, BASE, 1)).toBe(false);
  });

  test('nothing but a claim does', () => {
    const departed = event('WorkDeparted', { dstChainHash: chainHashOf(BASE), hop: '3' });
    expect(isEndedBy({ sourceChainId: HOME, destinationChainId: BASE, hop: 3 }, departed)).toBe(false);
  });
});
