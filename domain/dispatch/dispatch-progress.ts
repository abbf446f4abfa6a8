import { transportOfNumber } from '../../chains/evm/registry/calls';
import { type ChainTransaction, hasFailed, TransactionState } from '../../chains/transactions/transaction';
import { ErrorCode } from '../../schema/error-codes';
import { StatementTransport } from '../../schema/types/chain';
import {
  type BridgeMessage,
  type DispatchFailure,
  DispatchOrigin,
  DispatchState,
} from '../../schema/types/dispatch';
import { heldBecause } from '../held-transaction';
import { numberArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import type { DispatchRecord } from './dispatch-record';
import type { DispatchChange } from './dispatch-repository';
import { describeRevert } from './revert-reason';

/** What the chains show of one dispatch. */
export interface DispatchEvidence {
  /** The `StatementSent` of its statement, one by each bridge that carries it; none if its source has none. */
  readonly messages: readonly RegistryEvent[];
  /** What happened to its statement on the destination (applied, failed, held, disputed, voided), in chain order. */
  readonly outcomes: readonly RegistryEvent[];
  /** Its own transaction, if the platform sends it and has signed one. */
  readonly transaction: ChainTransaction | undefined;
  /** True if one of its ends was retired and the work claimed at home, without anything that it brought. */
  readonly reclaimed: boolean;
}

/**
 * Computes where a dispatch stands from evidence alone. Reorgs take evidence away, so a state may
 * also go back; the caller writes whatever this answers.
 */
export function dispatchProgress(dispatch: DispatchRecord, evidence: DispatchEvidence): DispatchChange {
  const { messages, outcomes } = evidence;
  const [sent] = messages;
  const outcome = outcomes.find(({ name }) => name === 'StatementApplied') ?? outcomes.at(-1);
  if (sent === undefined)
    return evidence.reclaimed
      ? { ...NOT_SENT, ...ENDED_BY_RETIREMENT }
      : beforeSending(dispatch, evidence.transaction);
  const endedByRetirement = evidence.reclaimed && !(outcome?.name === 'StatementApplied' && outcome.final);
  return {
    digest: sent.digest,
    transport: transportOf(messages),
    messageId: textArg(sent, 'messageId'),
    messages: messages.map(messageOf),
    sourceTransactionHash: sent.transactionHash,
    destinationTransactionHash: outcome?.transactionHash ?? null,
    ...(endedByRetirement ? ENDED_BY_RETIREMENT : afterSending(dispatch, sent, outcome)),
  };
}

function afterSending(
  dispatch: DispatchRecord,
  sent: RegistryEvent,
  outcome: RegistryEvent | undefined,
): DispatchChange {
  if (outcome?.name === 'StatementFailed') {
    return {
      state: DispatchState.FAILED,
      waitingFor: null,
      alert: null,
      failure: failure(
        ErrorCode.ExecutionReverted,
        `The destination refused it: ${describeRevert(textArg(outcome, 'reason'))}`,
        'Remove the cause, then call retryDispatch: the statement is applied again, nothing is sent twice.',
      ),
    };
  }
  if (outcome !== undefined && outcome.name !== 'StatementApplied') return stopped(outcome);
  if (outcome !== undefined) {
    return outcome.final && sent.final
      ? { state: DispatchState.CONFIRMED, failure: null, waitingFor: null, alert: null }
      : {
          state: DispatchState.DELIVERED,
          failure: null,
          waitingFor: 'finality on the destination',
          alert: null,
        };
  }
  if (!sent.final) {
    return { state: DispatchState.SENT, failure: null, waitingFor: 'finality on the source', alert: null };
  }
  // What the nudger has found out since then, a refusal by the bridge's own execution included, stays as it is.
  const refusedByBridge =
    dispatch.state === DispatchState.FAILED &&
    dispatch.digest === sent.digest &&
    dispatch.destinationTransactionHash === null;
  if (refusedByBridge || dispatch.state === DispatchState.SOURCE_FINAL) return {};
  return {
    state: DispatchState.SOURCE_FINAL,
    failure: null,
    waitingFor: 'delivery by the bridge',
    alert: null,
  };
}

/** A statement that its destination has and does not apply. */
function stopped({ name }: RegistryEvent): DispatchChange {
  switch (name) {
    case 'StatementVoided':
      return {
        state: DispatchState.VOIDED,
        waitingFor: null,
        alert: null,
        failure: failure(
          ErrorCode.StatementVoided,
          'The destination will never apply it.',
          'Its source gives back what it carried once it has heard of the void.',
        ),
      };
    case 'StatementDisputed':
      return {
        state: DispatchState.HELD,
        waitingFor: 'a void',
        alert: 'The bridges brought different statements under one number: one of them is broken or forged.',
        failure: failure(
          ErrorCode.StatementDisputed,
          'The bridges contradict each other; neither statement is applied.',
          'Find out which bridge lies, then call voidMessage.',
        ),
      };
    default:
      return {
        state: DispatchState.HELD,
        waitingFor: 'its release on the destination',
        alert: null,
        failure: failure(
          ErrorCode.StatementHeld,
          'The destination holds it: a guardian said so, or too many works came at once.',
          'Call releaseStatement, or voidMessage to have the source take the works back.',
        ),
      };
  }
}

/** How a statement travels, by the events of its sending. */
export function transportOf(messages: readonly RegistryEvent[]): StatementTransport {
  const [first, second] = messages.map((sent) => messageOf(sent).transport);
  if (first === undefined) throw new Error('a statement was sent by a bridge');
  return second === undefined ? first : StatementTransport.BOTH;
}

function messageOf(sent: RegistryEvent): BridgeMessage {
  return {
    transport: transportOfNumber(numberArg(sent, 'transport')),
    messageId: textArg(sent, 'messageId'),
  };
}

const NOT_SENT = {
  digest: null,
  messageId: null,
  messages: [],
  sourceTransactionHash: null,
  destinationTransactionHash: null,
  alert: null,
} satisfies DispatchChange;

/** A chain that was given up applies nothing more, and nothing that comes from it is applied. */
const ENDED_BY_RETIREMENT = {
  state: DispatchState.VOIDED,
  waitingFor: null,
  alert: null,
  failure: failure(
    ErrorCode.ChainRetired,
    'One of its chains was retired before it had a final effect.',
    'None: the work was claimed at home, from where it can be sent again.',
  ),
} satisfies DispatchChange;

/** Nobody but the holder can send again what a reorg took from the holder's own transaction. */
const FALLEN = {
  state: DispatchState.VOIDED,
  waitingFor: null,
  failure: {
    code: ErrorCode.Conflict,
    reason: 'The holder’s transaction is no longer on the source chain.',
    nextStep:
      'The holder sends again; if the transaction returns to the chain, the dispatch goes on by itself.',
    missingWei: null,
  },
} as const;

function beforeSending(dispatch: DispatchRecord, transaction: ChainTransaction | undefined): DispatchChange {
  if (dispatch.origin === DispatchOrigin.HOLDER) return { ...NOT_SENT, ...FALLEN };
  if (transaction === undefined) {
    // A refusal before anything was signed stays as it was recorded, until it is retried.
    const refused = dispatch.state === DispatchState.FAILED && dispatch.digest === null;
    return refused ? {} : { ...NOT_SENT, state: DispatchState.REQUESTED, failure: null, waitingFor: null };
  }
  if (transaction.state === TransactionState.Held) {
    const { waitingFor, ...held } = heldBecause(transaction);
    return { ...NOT_SENT, state: DispatchState.HELD, waitingFor, failure: held };
  }
  if (hasFailed(transaction)) {
    return {
      ...NOT_SENT,
      state: DispatchState.FAILED,
      sourceTransactionHash: transaction.inclusion?.hash ?? null,
      waitingFor: null,
      failure: failure(
        ErrorCode.ExecutionReverted,
        `The source refused it: ${describeRevert(transaction.revertData)}`,
        'Remove the cause, then call retryDispatch.',
      ),
    };
  }
  return {
    ...NOT_SENT,
    state: DispatchState.SUBMITTED,
    failure: null,
    waitingFor: 'inclusion on the source',
  };
}

/** @param nextStep - The way on, as a sentence. */
export function failure(code: ErrorCode, reason: string, nextStep: string): DispatchFailure {
  return { code, reason, nextStep, missingWei: null };
}
