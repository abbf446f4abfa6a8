import { chainHashOf } from '../../chains/evm/registry/manifest';
import { groupBy } from '../group-by';
import { byPlace, numberArg, type RegistryEvent, textArg } from './registry-event';

/** What has happened so far to a work, as far as it lets later events happen. */
export interface Causes {
  /** The moves that have begun, by {@link moveOf}. */
  readonly departed: ReadonlySet<string>;
  /** The greatest revision that home has stated. */
  readonly revision: number;
}

/**
 * Hop and destination of a departure, by its arguments. The hop alone does not tell moves apart: home counts again the
 * hops of departures from a retired chain that never reached it.
 */
export function moveOf({ hop, dstChainHash }: Readonly<Record<string, unknown>>): string {
  return `${hop}/${dstChainHash}`;
}

/** As {@link moveOf}, of the departure that an arrival comes of. */
export function arrivedMoveOf(arrival: RegistryEvent): string {
  return moveOf({ hop: textArg(arrival, 'hop'), dstChainHash: chainHashOf(arrival.chainId) });
}

/**
 * Puts the events of one work on several chains into an order in which causes come before effects:
 * each chain's own order is kept, an arrival follows its departure, an applied revision follows its
 * statement. Chains finalise at their own pace, so an effect whose cause is not among the events (or
 * in `before`) is left out, with all that follows it on its chain, until the cause is there.
 *
 * Where the causes leave a choice the order is fixed by chain id, so that equal input gives equal output.
 */
export function causalOrder(events: readonly RegistryEvent[], before: Causes): RegistryEvent[] {
  const queues = queuesByChain(events);
  const departed = new Set(before.departed);
  let { revision } = before;
  const ordered: RegistryEvent[] = [];

  const isReady = (event: RegistryEvent | undefined): event is RegistryEvent => {
    if (event === undefined) return false;
    if (event.name === 'WorkArrived') return departed.has(arrivedMoveOf(event));
    if (event.name === 'RevisionApplied') return numberArg(event, 'revision') <= revision;
    return true;
  };

  for (;;) {
    const queue = queues.find(([head]) => isReady(head));
    const event = queue?.shift();
    if (event === undefined) return ordered;
    if (event.name === 'WorkDeparted') departed.add(moveOf(event.args));
    if (event.name === 'RevisionStated') revision = Math.max(revision, numberArg(event, 'revision'));
    ordered.push(event);
  }
}

function queuesByChain(events: readonly RegistryEvent[]): RegistryEvent[][] {
  const queues = groupBy([...events].sort(byPlace), ({ chainId }) => chainId);
  return [...queues.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, queue]) => queue);
}
