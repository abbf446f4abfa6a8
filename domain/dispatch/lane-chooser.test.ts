import { ReleasePolicyError } from './dispatch-errors';
import { allowedChoice, chooseLane, fits, type LaneOffer } from './lane-chooser';

const ccip: LaneOffer = { transport: 'CCIP', feeWei: 2n ** 70n, deliverySecondsP50: 4 };
const layerZero: LaneOffer = { transport: 'LAYERZERO', feeWei: 2n ** 70n + 1n, deliverySecondsP50: 3 };

test('CHEAPEST takes the lower fee, to the wei', () => {
  expect(chooseLane('CHEAPEST', [layerZero, ccip])).toBe(ccip);
});

test('FASTEST takes the lower median; a lane never observed counts as slower than any that was', () => {
  expect(chooseLane('FASTEST', [ccip, layerZero])).toBe(layerZero);
  expect(chooseLane('FASTEST', [ccip, { ...layerZero, deliverySecondsP50: null }])).toBe(ccip);
});

test('FASTEST takes the cheaper among equals, two lanes without observations included', () => {
  const unobserved = [layerZero, ccip].map((offer) => ({ ...offer, deliverySecondsP50: null }));
  expect(chooseLane('FASTEST', unobserved)?.transport).toBe('CCIP');
});

test('a bridge by name is taken whatever it costs, or nothing', () => {
  expect(chooseLane('LAYERZERO', [ccip, layerZero])).toBe(layerZero);
  expect(chooseLane('LAYERZERO', [ccip])).toBeUndefined();
  expect(chooseLane('CHEAPEST', [])).toBeUndefined();
});

test('a policy allows every bridge, a name only its own', () => {
  expect(fits('CHEAPEST', 'CCIP') && fits('FASTEST', 'LAYERZERO') && fits('CCIP', 'CCIP')).toBe(true);
  expect(fits('CCIP', 'LAYERZERO')).toBe(false);
});

test('where both bridges are asked for, an open choice means both, and one bridge by name is refused', () => {
  const policy = (releasePolicy: 'ONE' | 'BOTH') => ({ releasePolicy });
  for (const choice of ['CHEAPEST', 'FASTEST', 'BOTH'] as const)
    expect(allowedChoice(policy('BOTH'), choice)).toBe('BOTH');
  for (const choice of ['CCIP', 'LAYERZERO'] as const) {
    expect(() => allowedChoice(policy('BOTH'), choice)).toThrow(ReleasePolicyError);
    expect(allowedChoice(policy('ONE'), choice)).toBe(choice);
  }
});
