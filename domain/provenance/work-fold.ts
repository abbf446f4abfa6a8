import { zeroAddress, zeroHash } from 'viem';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import type { ChainId } from '../../schema/caip';
import { LegState, WorkState } from '../../schema/types/work';
import { groupBy } from '../group-by';
import { byPlace, numberArg, type RegistryEvent, textArg } from './registry-event';

/** A leg as the events of its chain leave it. */
export interface FoldedLeg {
  readonly chainId: ChainId;
  readonly state: LegState;
  readonly holder: string | null;
  readonly hop: number;
  readonly revision: number;
  readonly frozen: boolean;
  readonly provisional: boolean;
}

/** A work as all its events leave it. */
export interface FoldedWork {
  readonly state: WorkState;
  readonly chainId: ChainId | null;
  readonly holder: string | null;
  readonly hop: number;
  readonly revision: number;
  /** What the present revision commits to, as home states it; null before the first. */
  readonly stateHash: string | null;
  readonly frozen: boolean;
  readonly provisional: boolean;
  readonly legs: readonly FoldedLeg[];
}

type Draft = { -readonly [Key in keyof FoldedLeg]: FoldedLeg[Key] };

/**
 * The events without what a retired chain showed and home gave the work back over: what was not final there, and
 * departures that never reached home, whose hops home counts again.
 */
function withoutRetired(events: readonly RegistryEvent[]): readonly RegistryEvent[] {
  const reclaims = events.filter(({ name }) => name === 'WorkReclaimed');
  return events.filter((event) => {
    const reclaim = reclaims.find((one) => textArg(one, 'chainHash') === chainHashOf(event.chainId));
    if (reclaim === undefined) return true;
    const isUnheard = event.name === 'WorkDeparted' && numberArg(event, 'hop') > numberArg(reclaim, 'hop');
    return event.final && !isUnheard;
  });
}

/**
 * Computes a work and its legs from nothing but its contract events. A pure function of the events:
 * after a reorg the same fold over what remains gives the true record, with nothing to undo.
 *
 * @param shown - All canonical events of one work, in any order.
 * @param homeChainId - Where it was minted.
 */
export function foldWork(shown: readonly RegistryEvent[], homeChainId: ChainId): FoldedWork {
  const events = withoutRetired(shown);
  const moves = (name: RegistryEvent['name']) => events.filter((event) => event.name === name);
  // An arrival counts as a departure too: the destination's follower may be ahead of the source's.
  const hop = Math.max(
    0,
    ...[...moves('WorkDeparted'), ...moves('WorkArrived')].map((event) => numberArg(event, 'hop')),
  );
  // What was reclaimed from a retired chain is at home, whatever that chain shows. A move that was voided ends
  // where it began.
  const arrival = [...moves('WorkReclaimed'), ...moves('WorkArrived'), ...moves('WorkRecredited')].find(
    (event) => numberArg(event, 'hop') === hop,
  );
  const inFlight = hop > 0 && arrival === undefined;
  const whereabouts = hop === 0 ? homeChainId : arrival?.chainId;

  const legs = [...groupBy(events, ({ chainId }) => chainId)]
    .map(([chainId, ofChain]) => foldLeg(chainId, ofChain, homeChainId))
    .map((leg) => {
      if (leg.chainId === whereabouts) return leg;
      if (arrival?.name === 'WorkReclaimed') return markRetired(leg, arrival);
      const left = markLeft(leg, hop, homeChainId);
      return arrival?.final === true ? left : markInFlight(left, hop);
    });
  const current = legs.find(({ chainId }) => chainId === whereabouts);
  const home = legs.find(({ chainId }) => chainId === homeChainId);
  return {
    state: workState(legs, inFlight, current),
    chainId: inFlight ? null : (whereabouts ?? null),
    holder: current?.holder ?? null,
    hop,
    revision: home?.revision ?? 0,
    stateHash: statedHash(events),
    // A mirror that the work has left may never have been told that home has lifted a freeze.
    frozen: [home, current].some((leg) => leg?.frozen === true),
    provisional: events.some(({ final }) => !final),
    legs,
  };
}

function workState(legs: readonly FoldedLeg[], inFlight: boolean, current: FoldedLeg | undefined): WorkState {
  if (inFlight) return WorkState.IN_FLIGHT;
  if (legs.length === 0) return WorkState.MINTING;
  return current?.state === LegState.BURNED ? WorkState.BURNED : WorkState.LIVE;
}

/** A leg that still looks live although a later move is known: its own follower has not seen the departure yet. */
function markLeft(leg: FoldedLeg, hop: number, homeChainId: ChainId): FoldedLeg {
  if (leg.state !== LegState.LIVE) return leg;
  const state = leg.chainId === homeChainId ? LegState.ESCROWED : LegState.BURNED;
  return { ...leg, state, holder: null, hop, provisional: true };
}

/** A leg on a retired chain: that chain will never show that home has given the work back. */
function markRetired(leg: FoldedLeg, reclaim: RegistryEvent): FoldedLeg {
  if (leg.state !== LegState.LIVE) return leg;
  return { ...leg, state: LegState.BURNED, holder: null, provisional: !reclaim.final };
}

/** A leg that was just left shows IN_FLIGHT until the arrival is final: only then is it certain what became of it. */
function markInFlight(leg: FoldedLeg, hop: number): FoldedLeg {
  const wasLeft = hop > 0 && leg.hop === hop;
  return wasLeft ? { ...leg, state: LegState.IN_FLIGHT } : leg;
}

function foldLeg(chainId: ChainId, events: readonly RegistryEvent[], homeChainId: ChainId): FoldedLeg {
  const leg: Draft = {
    chainId,
    state: LegState.BURNED,
    holder: null,
    hop: 0,
    revision: 0,
    frozen: false,
    provisional: events.some(({ final }) => !final),
  };
  for (const event of [...events].sort(byPlace)) APPLY[event.name]?.(leg, event, homeChainId);
  return leg;
}

type Apply = (leg: Draft, event: RegistryEvent, homeChainId: ChainId) => void;

const APPLY: { readonly [Name in RegistryEvent['name']]?: Apply } = {
  WorkMinted: (leg, event) => settle(leg, textArg(event, 'to'), 0),
  WorkAdopted: (leg, event) => settle(leg, textArg(event, 'holder'), 0),
  WorkArrived: (leg, event) => settle(leg, textArg(event, 'holder'), numberArg(event, 'hop')),
  WorkRecredited: (leg, event) => settle(leg, textArg(event, 'holder'), numberArg(event, 'hop')),
  WorkReclaimed: (leg, event) => settle(leg, textArg(event, 'holder'), numberArg(event, 'hop')),
  Transfer: (leg, event) => {
    const isBurned = textArg(event, 'to') === zeroAddress;
    // Only an adopted contract's tokens are burned and made again without an event of ours.
    if (leg.state === LegState.BURNED && textArg(event, 'from') === zeroAddress) leg.state = LegState.LIVE;
    if (leg.state !== LegState.LIVE) return;
    leg.state = isBurned ? LegState.BURNED : LegState.LIVE;
    leg.holder = isBurned ? null : textArg(event, 'to');
  },
  ReleaseClaimed: (leg, event) => {
    leg.holder = textArg(event, 'recipient');
  },
  // Home escrows what leaves it, a mirror burns it.
  WorkDeparted: (leg, event, homeChainId) => {
    leg.state = leg.chainId === homeChainId ? LegState.ESCROWED : LegState.BURNED;
    leg.holder = null;
    leg.hop = numberArg(event, 'hop');
  },
  WorkBurned: (leg) => {
    leg.state = LegState.BURNED;
    leg.holder = null;
  },
  WorkFrozen: (leg) => {
    leg.frozen = true;
  },
  WorkUnfrozen: (leg) => {
    leg.frozen = false;
  },
  RevisionStated: (leg, event) => raise(leg, event),
  RevisionApplied: (leg, event) => raise(leg, event),
};

function settle(leg: Draft, holder: string, hop: number): void {
  leg.state = LegState.LIVE;
  leg.holder = holder;
  leg.hop = hop;
}

function raise(leg: Draft, event: RegistryEvent): void {
  leg.revision = Math.max(leg.revision, numberArg(event, 'revision'));
}

function statedHash(events: readonly RegistryEvent[]): string | null {
  const stated = events.filter(({ name }) => name === 'RevisionStated').sort(byPlace);
  const last = stated.at(-1);
  // Home numbers a local freeze as a revision too: before the first stated one its hash is empty.
  return last === undefined || textArg(last, 'stateHash') === zeroHash ? null : textArg(last, 'stateHash');
}
