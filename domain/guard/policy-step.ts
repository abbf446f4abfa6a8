import { isAddressEqual } from 'viem';
import type { GuardReader } from '../../chains/evm/registry/guard-reads';
import { isSplitSo, stateSplitCall, vaultOf } from '../../chains/evm/registry/royalties';
import { isSameTerms, stateRegistryCall } from '../../chains/evm/registry/terms';
import { GuardActionKind, type PolicyRequest } from '../../schema/types/guard-action';
import { call, type GuardStep, type GuardSubject, given, refused } from './guard-subject';

/**
 * The next step of what a royalty policy asks of a chain. Steps carry the number that the chain gives next: one that lost
 * its number to another statement is taken anew under the number after.
 */
export async function nextPolicyStep(subject: GuardSubject, chain: GuardReader): Promise<GuardStep> {
  const asked = given(subject.action.policy);
  switch (subject.action.kind) {
    case GuardActionKind.STATE_SPLIT:
      return stateSplit(subject, asked, chain);
    case GuardActionKind.TELL_POLICY:
      return tell(subject, asked, chain);
    default:
      return statePolicy(subject, asked, chain);
  }
}

async function statePolicy(
  subject: GuardSubject,
  asked: PolicyRequest,
  chain: GuardReader,
): Promise<GuardStep> {
  const wanted = given(asked.terms);
  const known = await chain.terms();
  if (isSameTerms(known, wanted)) return { kind: 'done', by: statesTerms(known.revision) };
  const hindrance = notNow(subject, asked, chain);
  if (hindrance !== undefined) return hindrance;
  if (!(await mayState(subject, chain)))
    return { kind: 'wait', waitingFor: 'the owner’s consent: call stateRoyaltyPolicy with it' };
  const { collection } = subject.contracts;
  return call(statesTerms(known.revision + 1), stateRegistryCall(collection, known, wanted), ['POLICY']);
}

async function stateSplit(
  subject: GuardSubject,
  asked: PolicyRequest,
  chain: GuardReader,
): Promise<GuardStep> {
  const shares = given(asked.shares);
  const known = await chain.split();
  if (isSplitSo(known, shares)) return { kind: 'done', by: statesSplit(known.revision) };
  const hindrance = notNow(subject, asked, chain);
  if (hindrance !== undefined) return hindrance;
  const vault = vaultOf(subject.contracts);
  return call(statesSplit(known.revision + 1n), stateSplitCall(vault, known.revision, shares), ['OWNER']);
}

async function tell(
  { takenOver }: GuardSubject,
  { revision }: PolicyRequest,
  chain: GuardReader,
): Promise<GuardStep> {
  const known = await chain.terms();
  if (known.revision >= revision) return { kind: 'done', by: 'arrival' };
  if (takenOver !== undefined) return refused(`Revision ${takenOver.by} goes there in its place.`);
  return { kind: 'telling', revision };
}

/** A policy is stated from when it holds until the next one does. */
function notNow(
  { takenOver }: GuardSubject,
  { from }: PolicyRequest,
  { now }: GuardReader,
): GuardStep | undefined {
  if (takenOver !== undefined && now >= takenOver.from)
    return refused(`Revision ${takenOver.by} of the policy took its place.`);
  if (now >= BigInt(from)) return undefined;
  const until = new Date(from * 1_000).toISOString();
  return { kind: 'wait', waitingFor: `the policy to hold, from ${until} on`, untilSeconds: BigInt(from) };
}

/**
 * What our account could state alone in a registry that somebody else owns takes the owner's consent. Where the role
 * is not ours the call is prepared, and whoever sends it consents by that.
 */
async function mayState({ action, self }: GuardSubject, chain: GuardReader): Promise<boolean> {
  if (action.consentNonce !== null) return true;
  if (isAddressEqual(await chain.holderOf('OWNER'), self)) return true;
  return !isAddressEqual(await chain.holderOf('POLICY'), self);
}

function statesTerms(revision: number): string {
  return `stateRegistry-${revision}`;
}

function statesSplit(revision: bigint): string {
  return `stateSplit-${revision}`;
}
