import { transportOfNumber } from '../../chains/evm/registry/calls';
import type { ChainTransaction } from '../../chains/transactions/transaction';
import { ErrorCode } from '../../schema/error-codes';
import { type DispatchFailure, DispatchState } from '../../schema/types/dispatch';
import { numberArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import type { DispatchRecord } from './dispatch-record';
import type { DispatchChange } from './dispatch-repository';
import { describeRevert } from './revert-reason';

/** What the chains show of one dispatch. */
export interface DispatchEvidence {
  /** The `StatementSent` of its statement, if it is on the source chain. */
  readonly sent: RegistryEvent | undefined;
  /** `StatementApplied` and `StatementFailed` of its statement on the destination, in chain order. */
  readonly outcomes: readonly RegistryEvent[];
  /** Its own transaction, if the platform sends it and has signed one. */
  readonly transaction: ChainTransaction | undefined;
}

/**
 * Computes where a dispatch stands from evidence alone. Reorgs take evidence away, so a state may
 * also go back; the caller writes whatever this answers.
 */
export function dispatchProgress(dispatch: DispatchRecord, evidence: DispatchEvidence): DispatchChange {
  const { sent, outcomes } = evidence;
  const outcome = outcomes.find(({ name }) => name === 'StatementApplied') ?? outcomes.at(-1);
  if (sent === undefined) return beforeSending(dispatch, evidence.transaction);
  return {
    digest: sent.digest,
    transport: transportOfNumber(numberArg(sent, 'transport')),
    messageId: textArg(sent, 'messageId'),
    sourceTransactionHash: sent.transactionHash,
    destinationTransactionHash: outcome?.transactionHash ?? null,
    ...afterSending(dispatch, sent, outcome),
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
      failure: failure(
        ErrorCode.ExecutionReverted,
        `The destination refused it: ${describeRevert(textArg(outcome, 'reason'))}`,
        'Remove the cause, then call retryDispatch: the statement is applied again, nothing is sent twice.',
      ),
    };
  }
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
  // A refusal by the bridge's own execution stays as it was recorded, until it is retried.
  if (sent.final && dispatch.state === DispatchState.FAILED && dispatch.digest === sent.digest) return {};
  return sent.final
    ? { state: DispatchState.SOURCE_FINAL, failure: null }
    : { state: DispatchState.SENT, failure: null, waitingFor: 'finality on the source' };
}

const NOT_SENT = {
  digest: null,
  messageId: null,
  sourceTransactionHash: null,
  destinationTransactionHash: null,
  alert: null,
} as const;

function beforeSending(dispatch: DispatchRecord, transaction: ChainTransaction | undefined): DispatchChange {
  if (transaction === undefined) {
    // A refusal before anything was signed stays as it was recorded, until it is retried.
    const refused = dispatch.state === DispatchState.FAILED || dispatch.state === DispatchState.VOIDED;
    return refused ? {} : { ...NOT_SENT, state: DispatchState.REQUESTED };
  }
  if (transaction.state === 'held') {
    const missingWei = String(transaction.missingWei ?? 0n);
    return {
      ...NOT_SENT,
      state: DispatchState.HELD,
      waitingFor: 'money for fees',
      failure: {
        ...failure(
          ErrorCode.InsufficientFunds,
          `The account ${transaction.from} lacks ${missingWei} wei.`,
          'Fund the account; the dispatch goes on by itself.',
        ),
        missingWei,
      },
    };
  }
  if (transaction.inclusion?.succeeded === false) {
    return {
      ...NOT_SENT,
      state: DispatchState.FAILED,
      sourceTransactionHash: transaction.inclusion.hash,
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
