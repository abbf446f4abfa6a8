import { ADA, BOB, event } from '../../test/support/travel-events';
import { touchesEscrow, withoutEscrowing } from './escrow-transfers';
import type { RegistryEventName } from './registry-event';

const ADAPTER = '0x3333333333333333333333333333333333333333';
const TRANSACTION = `0x${'1'.repeat(64)}` as const;

const transfer = (from: string, to: string, transactionHash: `0x${string}` = TRANSACTION) =>
  event('Transfer', { from, to, tokenId: '42' }, { transactionHash });
const beside = (name: RegistryEventName, transactionHash: `0x${string}` = TRANSACTION) =>
  event(name, {}, { transactionHash });

test('a transfer by which the adapter takes or gives a token is told by the event beside it', () => {
  const departure = beside('WorkDeparted');
  expect(withoutEscrowing([transfer(ADA, ADAPTER), departure], ADAPTER)).toEqual([departure]);
  for (const name of ['WorkArrived', 'WorkRecredited', 'WorkReclaimed', 'ReleaseClaimed'] as const) {
    const release = beside(name);
    expect(withoutEscrowing([transfer(ADAPTER, BOB), release], ADAPTER)).toEqual([release]);
  }
});

test('what moves a token through the adapter’s hands without it stays: elsewhere, of another work, the other way', () => {
  const alone = transfer(ADAPTER, BOB);
  const otherWork = { ...beside('WorkArrived'), tokenId: '8' };
  for (const other of [beside('WorkArrived', `0x${'2'.repeat(64)}`), otherWork, beside('WorkDeparted')]) {
    expect(withoutEscrowing([alone, other], ADAPTER)).toEqual([alone, other]);
  }
  const sunk = transfer(ADA, ADAPTER);
  const arrival = beside('WorkArrived');
  expect(withoutEscrowing([sunk, arrival], ADAPTER)).toEqual([sunk, arrival]);
});

test('transfers between people stay, and do not touch escrow', () => {
  const sale = transfer(ADA, BOB);
  expect(withoutEscrowing([sale, beside('WorkDeparted')], ADAPTER)).toHaveLength(2);
  expect(touchesEscrow(sale, ADAPTER)).toBe(false);
  expect(touchesEscrow(transfer(ADA, ADAPTER), ADAPTER)).toBe(true);
  expect(touchesEscrow(transfer(ADAPTER, BOB), ADAPTER)).toBe(true);
  expect(touchesEscrow(beside('WorkDeparted'), ADAPTER)).toBe(false);
});
