import { DeliveryGate } from './delivery-faults';

const LANE = 'eip155:1>eip155:2';
const IDS = Array.from({ length: 1000 }, (_, index) => `0x${index.toString(16).padStart(64, '0')}`);

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

test('without faults every message is verified and executed at once, one time', () => {
  const gate = new DeliveryGate();
  expect(gate.mayVerify(LANE, 'a')).toBe(true);
  expect(gate.mayExecute(LANE, 'a')).toBe(true);
  expect(gate.copies(LANE, 'a')).toBe(1);
});

test('latency and lateness delay verification from when the message was first seen', () => {
  const gate = new DeliveryGate();
  gate.change({ faults: { latencyMs: 100, lateProbability: 1, lateMs: 50 } });
  expect(gate.mayVerify(LANE, 'a')).toBe(false);
  jest.setSystemTime(149);
  expect(gate.mayVerify(LANE, 'a')).toBe(false);
  jest.setSystemTime(150);
  expect(gate.mayVerify(LANE, 'a')).toBe(true);
});

test('exactly the next N messages are lost, for ever, however often they are asked about', () => {
  const gate = new DeliveryGate();
  gate.change({ faults: { loseNext: 2 } });
  const ask = () => ['a', 'a', 'b', 'c', 'd'].map((id) => gate.mayExecute(LANE, id));
  expect(ask()).toEqual([false, false, false, true, true]);
  expect(ask()).toEqual([false, false, false, true, true]);
  expect(gate.lostCount).toBe(2);
});

test('a message that was once released is not lost later', () => {
  const gate = new DeliveryGate();
  expect(gate.mayExecute(LANE, 'a')).toBe(true);
  gate.change({ faults: { loseNext: 1 } });
  expect(gate.mayExecute(LANE, 'a')).toBe(true);
  expect(gate.lostCount).toBe(0);
});

test('the same seed strikes the same messages in any order, in about the share asked for', () => {
  const strike = (seed: string, ids: readonly string[]) => {
    const gate = new DeliveryGate();
    gate.change({ faults: { seed, loseProbability: 0.2 } });
    return ids.filter((id) => !gate.mayExecute(LANE, id));
  };
  const struck = strike('one', IDS);
  expect(struck.length).toBeGreaterThan(150);
  expect(struck.length).toBeLessThan(250);
  expect(strike('one', [...IDS].reverse()).reverse()).toEqual(struck);
  expect(strike('two', IDS)).not.toEqual(struck);
});

test('a held-back message is overtaken by a later one', () => {
  const gate = new DeliveryGate();
  gate.change({ faults: { reorderProbability: 1, reorderMs: 100 } });
  expect(gate.mayExecute(LANE, 'first')).toBe(false);
  gate.change({ faults: { reorderProbability: 0 } });
  expect(gate.mayExecute(LANE, 'second')).toBe(true);
  expect(gate.mayExecute(LANE, 'first')).toBe(false);
  jest.setSystemTime(100);
  expect(gate.mayExecute(LANE, 'first')).toBe(true);
});

test("a lane's faults override the general ones on that lane alone", () => {
  const gate = new DeliveryGate();
  gate.change({ faults: { running: false } });
  gate.change({ lane: LANE, faults: { running: true, loseNext: 1, duplicateProbability: 1 } });
  expect(gate.mayVerify('eip155:2>eip155:1', 'a')).toBe(false);
  expect(gate.mayVerify(LANE, 'b')).toBe(true);
  expect([gate.mayExecute(LANE, 'b'), gate.mayExecute(LANE, 'c')]).toEqual([false, true]);
  expect(gate.copies(LANE, 'c')).toBe(2);
});
