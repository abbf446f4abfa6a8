import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import type { ChainPosition } from './chain-store';
import type { EndpointView } from './endpoint-survey';

/** How many endpoints must agree on a block before it is final: two of three; with one or two, all; else a majority. */
export function quorumOf(endpointCount: number): number {
  return Math.floor(endpointCount / 2) + 1;
}

/** The highest block that `quorum` endpoints call final; undefined if fewer answer. */
export function agreedFinal(views: readonly EndpointView[], quorum: number): number | undefined {
  return views.map(({ final }) => final).sort((one, other) => other - one)[quorum - 1];
}

/** True when the endpoint's chain lacks a block that is recorded as final. */
export function contradictsFinal({ fork }: EndpointView, position: ChainPosition): boolean {
  return fork !== undefined && (fork.ancestor?.number ?? -1) < position.final.number;
}

/**
 * The endpoint to read new blocks from. A block that is recorded as final gives way only to `quorum`
 * endpoints that contradict it.
 *
 * @param previous - The last choice; kept while it has new blocks, so that two forks do not alternate.
 * @param avoided - An endpoint whose blocks have just been refused; taken only if no other is left.
 * @returns undefined if no endpoint may be followed.
 */
export function chooseSource(
  views: readonly EndpointView[],
  position: ChainPosition,
  { quorum, previous, avoided }: { quorum: number; previous?: RpcEndpoint; avoided?: RpcEndpoint },
): EndpointView | undefined {
  const breaching = views.filter((view) => contradictsFinal(view, position));
  const isBreach = breaching.length >= quorum;
  const candidates = isBreach ? breaching : views.filter((view) => !breaching.includes(view));
  const trusted = candidates.filter(({ endpoint }) => endpoint !== avoided);
  const pool = trusted.length > 0 ? trusted : candidates;
  const kept = pool.find(
    ({ endpoint, latest, fork }) =>
      endpoint === previous && fork === undefined && latest.number > position.head.number,
  );
  return kept ?? pool.reduce<EndpointView | undefined>(higher, undefined);
}

function higher(best: EndpointView | undefined, view: EndpointView): EndpointView {
  return best === undefined || view.latest.number > best.latest.number ? view : best;
}
