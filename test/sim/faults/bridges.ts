import type { DeliveryFaults } from '../../devnet/delivery-faults';
import type { BridgeNetwork } from '../../devnet/devnet-controls';
import { drawn } from '../../support/random';
import { type FaultKind, nothingToEnd, wholeBetween } from './fault';

const HONEST: DeliveryFaults = {
  running: true,
  latencyMs: 0,
  lateProbability: 0,
  loseProbability: 0,
  duplicateProbability: 0,
  reorderProbability: 0,
};

type BridgeKind = (random: () => number) => DeliveryFaults;

const KINDS: Readonly<Record<string, BridgeKind>> = {
  'is out': () => ({ running: false }),
  'delays all': (random) => ({ latencyMs: wholeBetween(500, 5_000, random) }),
  'delays some': (random) => ({ lateProbability: 0.5, lateMs: wholeBetween(1_000, 8_000, random) }),
  'loses executions': () => ({ loseProbability: 0.5 }),
  'delivers twice': () => ({ duplicateProbability: 1 }),
  reorders: (random) => ({ reorderProbability: 0.5, reorderMs: wholeBetween(500, 4_000, random) }),
};

/** A network between the chains delivers badly for a while. What it has lost meanwhile it never executes. */
export function bridgeFault(network: BridgeNetwork): FaultKind {
  return (random) => {
    const what = drawn(Object.keys(KINDS), random);
    const faults = { ...KINDS[what]?.(random), seed: String(random()) };
    return {
      name: `${network} ${what}`,
      begin: ({ stage: { devnet } }) => devnet.setDeliveryFaults(network, faults),
      end: ({ stage: { devnet } }) => devnet.setDeliveryFaults(network, HONEST),
    };
  };
}

/** A network's own process dies, and forgets all that it had seen. */
export function killBridge(network: BridgeNetwork): FaultKind {
  return () => ({
    name: `kill -9 of the ${network} network`,
    async begin({ stage: { devnet } }) {
      await devnet.killDeliverer(network);
      await devnet.startDeliverer(network);
    },
    end: nothingToEnd,
  });
}
