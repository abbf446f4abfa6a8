import { type Address, isAddressEqual } from 'viem';
import { checkEscrowCall } from '../../chains/evm/registry/adoption';
import {
  endHoldCall,
  freezeCall,
  gateLaneCall,
  holdStatementCall,
  limitPlan,
  releaseStatementCall,
  retirementPlan,
  sendVoidCall,
  voidPlan,
} from '../../chains/evm/registry/guard-calls';
import type { GuardReader, HeldRole } from '../../chains/evm/registry/guard-reads';
import {
  acceptOwnershipCall,
  guardianPlan,
  ROLE_CALLS,
  setRoleCall,
} from '../../chains/evm/registry/role-calls';
import { type ChainId, splitAccountId } from '../../schema/caip';
import { TransportKind } from '../../schema/types/chain';
import { GuardActionKind, RegistryRole } from '../../schema/types/guard-action';
import { withFeeMargin } from '../dispatch/fee-margin';
import {
  call,
  DONE,
  type GuardStep,
  type GuardSubject,
  given,
  refused,
  type StatementSubject,
} from './guard-subject';
import { nextLicenceStep } from './licence-step';
import { forwardRoyalties, nameOft } from './money-step';
import { nextPolicyStep } from './policy-step';
import { throughTheQueue } from './queued-step';

const GUARDS: readonly HeldRole[] = ['OWNER', 'GUARDIAN'];

/**
 * The next step of an action, computed from its chain alone: so that it may be asked for at any time, by anyone,
 * after any crash, and an action that somebody else has completed is complete.
 */
export async function nextGuardStep(subject: GuardSubject, chain: GuardReader): Promise<GuardStep> {
  const { kind } = subject.action;
  switch (kind) {
    case GuardActionKind.PAUSE_LANE:
    case GuardActionKind.RESUME_LANE:
      return gateLane(subject, chain);
    case GuardActionKind.SET_LIMIT:
      return setLimit(subject, chain);
    case GuardActionKind.FREEZE_WORK:
    case GuardActionKind.UNFREEZE_WORK:
      return gateWork(subject, chain);
    case GuardActionKind.CHECK_ESCROW:
      return checkEscrow(subject, chain);
    case GuardActionKind.HOLD_STATEMENT:
      return holdStatement(subject, statementOf(subject), chain);
    case GuardActionKind.RELEASE_STATEMENT:
      return releaseStatement(subject, statementOf(subject), chain);
    case GuardActionKind.VOID_MESSAGE:
      return voidMessage(subject, statementOf(subject), chain);
    case GuardActionKind.RETIRE_CHAIN:
      return retireChain(subject, chain);
    case GuardActionKind.SET_ROLE:
      return setRole(subject, chain);
    case GuardActionKind.OFFER_LICENCE:
    case GuardActionKind.WITHDRAW_OFFER:
    case GuardActionKind.GRANT_LICENCE:
    case GuardActionKind.REVOKE_LICENCE:
      return nextLicenceStep(subject, chain);
    case GuardActionKind.STATE_POLICY:
    case GuardActionKind.STATE_SPLIT:
    case GuardActionKind.TELL_POLICY:
      return nextPolicyStep(subject, chain);
    case GuardActionKind.FORWARD_ROYALTIES:
      return forwardRoyalties(subject, chain);
    case GuardActionKind.SET_REMITTANCE_OFT:
      return nameOft(subject, chain);
  }
}

async function gateLane(
  { action: { kind, peerChainId, transport }, contracts }: GuardSubject,
  chain: GuardReader,
): Promise<GuardStep> {
  const peer = given(peerChainId);
  const bridge = given(transport);
  const wanted = kind === GuardActionKind.PAUSE_LANE;
  if ((await chain.isPaused(peer, bridge)) === wanted) return DONE;
  const functionName = wanted ? 'pauseLane' : 'resumeLane';
  return call(functionName, gateLaneCall(contracts.lanes, functionName, peer, bridge), GUARDS);
}

async function setLimit(
  { action: { peerChainId, limit }, contracts }: GuardSubject,
  chain: GuardReader,
): Promise<GuardStep> {
  const peer = given(peerChainId);
  const wanted = given(limit);
  const { capacity, perDay } = await chain.limitOf(peer, wanted.inbound);
  if (capacity === wanted.capacity && perDay === wanted.perDay) return DONE;
  return throughTheQueue(contracts, limitPlan(contracts.lanes, peer, wanted.inbound, wanted), chain);
}

async function gateWork(
  { action: { kind }, contracts, tokenId }: GuardSubject,
  chain: GuardReader,
): Promise<GuardStep> {
  const token = given(tokenId);
  const wanted = kind === GuardActionKind.FREEZE_WORK;
  if ((await chain.leg(token)).frozen === wanted) return DONE;
  const functionName = wanted ? 'freeze' : 'unfreeze';
  return call(functionName, freezeCall(contracts.collection, functionName, token), GUARDS);
}

/** The adapter numbers a loss as a revision that freezes the work, and a return as one that lifts that. */
async function checkEscrow({ contracts, tokenId }: GuardSubject, chain: GuardReader): Promise<GuardStep> {
  const token = given(tokenId);
  const [isLost, { frozen }] = await Promise.all([chain.isEscrowLost(token), chain.leg(token)]);
  return isLost === frozen
    ? DONE
    : call('checkEscrow', checkEscrowCall(contracts.collection, token), 'ANYONE');
}

async function holdStatement(
  { action: { holdSeconds }, contracts }: GuardSubject,
  statement: StatementSubject,
  chain: GuardReader,
): Promise<GuardStep> {
  if ((await chain.heldUntil(statement.digest)) !== 0n) return DONE;
  if (await chain.isApplied(statement)) return refused('The statement was applied before it could be held.');
  const held = holdStatementCall(contracts.lanes, statement.digest, given(holdSeconds));
  return call('holdStatement', held, ['GUARDIAN']);
}

async function releaseStatement(
  { contracts }: GuardSubject,
  statement: StatementSubject,
  chain: GuardReader,
): Promise<GuardStep> {
  const { digest } = statement;
  if ((await chain.heldUntil(digest)) > chain.now)
    return call('endHold', endHoldCall(contracts.lanes, digest), ['GUARDIAN']);
  const status = await chain.status(digest);
  if (status === 'VOIDED') return refused('The statement was voided.');
  // It has not come yet, or nothing kept it from being applied.
  if (status !== 'WAITING') return DONE;
  const released = releaseStatementCall(contracts.gateway, await statement.message());
  return call('releaseStatement', released, 'ANYONE');
}

/** Announced, carried out after the queue's delay, and told to the source by a statement of its own. */
async function voidMessage(
  { contracts }: GuardSubject,
  statement: StatementSubject,
  chain: GuardReader,
): Promise<GuardStep> {
  const { answerBy } = statement;
  if (await chain.isVoided(statement)) {
    const message = await statement.message();
    const feeWei = await chain.voidFee(message, answerBy);
    const sent = sendVoidCall(contracts.gateway, message, answerBy);
    return call('sendVoid', sent, 'ANYONE', withFeeMargin(feeWei));
  }
  if (await chain.isApplied(statement))
    return refused('The statement was applied before it could be voided.');
  return throughTheQueue(contracts, voidPlan(contracts.lanes, statement), chain);
}

/**
 * Nothing goes there any more, then it is fixed whose the works there are, and their tree is announced: a work that
 * left after that would be in nobody's hands once the chain is retired.
 */
async function retireChain(
  { action: { peerChainId, ownersRoot }, contracts }: GuardSubject,
  chain: GuardReader,
): Promise<GuardStep> {
  const retiring = given(peerChainId);
  const inForce = await chain.ownersRootOf(retiring);
  if (inForce !== undefined)
    return inForce === ownersRoot ? DONE : refused('The chain was retired under another list of owners.');
  for (const transport of Object.values(TransportKind)) {
    if (await chain.isPaused(retiring, transport)) continue;
    const paused = gateLaneCall(contracts.lanes, 'pauseLane', retiring, transport);
    return call(`pause-${transport}`, paused, GUARDS);
  }
  if (ownersRoot === null) return { kind: 'census' };
  return throughTheQueue(contracts, retirementPlan(contracts.lanes, retiring, ownersRoot), chain);
}

/** The owner's role takes two steps: it is offered, and the new owner takes it. */
async function setRole(subject: GuardSubject, chain: GuardReader): Promise<GuardStep> {
  const { action, contracts } = subject;
  const { collection } = contracts;
  const role = given(action.role);
  // CAST: an account of an EVM chain.
  const wanted = splitAccountId(given(action.account)).address as Address;
  if (isAddressEqual(await chain.holderOf(role), wanted)) return DONE;
  const handOver = setRoleCall(collection, role, wanted);
  if (role === RegistryRole.OWNER) {
    const isOffered = isAddressEqual(await chain.holderOf('PENDING_OWNER'), wanted);
    return isOffered
      ? call('acceptOwnership', acceptOwnershipCall(collection), ['PENDING_OWNER'])
      : call(ROLE_CALLS.OWNER, handOver, ['OWNER']);
  }
  if (role !== RegistryRole.GUARDIAN) return call(ROLE_CALLS[role], handOver, ['OWNER']);
  return (await mayResign(subject, chain))
    ? call(ROLE_CALLS.GUARDIAN, handOver, ['GUARDIAN'])
    : throughTheQueue(contracts, guardianPlan(collection, wanted), chain);
}

/** Whether our account, which is the guardian, may hand that over by itself: its own registry's, or by the owner's consent. */
async function mayResign({ action, self }: GuardSubject, chain: GuardReader): Promise<boolean> {
  if (!isAddressEqual(await chain.holderOf('GUARDIAN'), self)) return false;
  return action.consentNonce !== null || isAddressEqual(await chain.holderOf('OWNER'), self);
}

/** Who else has to send a step, if it is not for our account to send. */
export async function senderOf(
  { by }: Extract<GuardStep, { kind: 'call' }>,
  { self, isAdapter }: GuardSubject,
  chain: GuardReader,
): Promise<Address | undefined> {
  // What an adapter lacks a role for is sent, and refused by the chain.
  const roles =
    by === 'ANYONE' || (isAdapter && !by.includes('OWNER') && !by.includes('PENDING_OWNER')) ? [] : by;
  let sender: Address | undefined;
  for (const role of roles) {
    const holder = await chain.holderOf(role);
    if (isAddressEqual(holder, self)) return undefined;
    sender ??= holder;
  }
  return sender;
}

function statementOf({ statement }: GuardSubject): StatementSubject {
  return given(statement);
}

/** The chain on which an action's last statement is to arrive, if it sends one. */
export function answeredOn({ statement, action }: GuardSubject): ChainId | undefined {
  return action.kind === GuardActionKind.VOID_MESSAGE ? statement?.sourceChainId : undefined;
}
