import type { ChainId } from '../../schema/caip';
import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';
import type { DispatchState } from '../../schema/types/dispatch';

/** The work is on its way; one move must end before the next begins. */
export class WorkInFlightError extends DomainError {
  readonly code = ErrorCode.WorkInFlight;
  override readonly retryable = true;

  constructor() {
    super('The work is in flight, or another send of it has been asked for.');
  }
}

/** The work is frozen: on chain, by its tenant, or by a breach of the record. */
export class WorkFrozenError extends DomainError {
  readonly code = ErrorCode.WorkFrozen;

  constructor(reason: string | null) {
    super(`The work is frozen. ${reason ?? ''}`.trimEnd());
  }
}

/** The work has been burned; it cannot move any more. */
export class WorkBurnedError extends DomainError {
  readonly code = ErrorCode.WorkBurned;

  constructor() {
    super('The work was burned.');
  }
}

/** The work is where it is to be sent. */
export class WorkAlreadyThereError extends DomainError {
  readonly code = ErrorCode.WorkAlreadyThere;

  constructor(chainId: ChainId) {
    super(`The work is on ${chainId} already.`);
  }
}

/** The caller's tenant neither holds the work nor has its holder's permit. */
export class NotWorkHolderError extends DomainError {
  readonly code = ErrorCode.NotWorkHolder;

  constructor() {
    super('A collector holds this work. Use prepareSendWork, and let the holder send or sign a permit.');
  }
}

/** The permit is not the holder's, has lapsed, or is for another request. */
export class PermitInvalidError extends DomainError {
  readonly code = ErrorCode.PermitInvalid;

  constructor(reason: string) {
    super(`The permit cannot be used: ${reason}.`);
  }
}

/** A contract holds the work, and nobody knows whose its address is on the destination. */
export class ReceiverNotNamedError extends DomainError {
  readonly code = ErrorCode.BadUserInput;

  constructor() {
    super(
      'to: must be given, because a contract holds the work: its address may be nobody’s on another chain.',
    );
  }
}

/** The holder of an adopted work has not let the adapter take its token. */
export class EscrowNotApprovedError extends DomainError {
  readonly code = ErrorCode.EscrowNotApproved;

  constructor() {
    super(
      'The holder must first let the adapter take the token into escrow: have his wallet send `escrowApproval` of prepareSendWork.',
    );
  }
}

/** No lane leads there from where the work is. */
export class LaneNotSupportedError extends DomainError {
  readonly code = ErrorCode.LaneNotSupported;

  constructor(source: ChainId, destination: ChainId, homeChainId: ChainId) {
    super(
      source === homeChainId
        ? `The registry is not on ${destination}.`
        : `From ${source} a work travels home first: send it to ${homeChainId}, then on to ${destination}.`,
    );
  }
}

/** The lane's handshake is not complete. */
export class LaneNotOpenError extends DomainError {
  readonly code = ErrorCode.LaneNotOpen;
  override readonly retryable = true;

  constructor(source: ChainId, destination: ChainId) {
    super(`No lane from ${source} to ${destination} that fits the request is open.`);
  }
}

/** The registry's chains take nothing that one bridge alone brings. */
export class ReleasePolicyError extends DomainError {
  readonly code = ErrorCode.ReleasePolicy;

  constructor() {
    super('This registry asks for both bridges: choose BOTH, or leave the choice open.');
  }
}

/** The guardian lets nothing leave on any lane that fits. */
export class LanePausedError extends DomainError {
  readonly code = ErrorCode.LanePaused;
  override readonly retryable = true;

  constructor(source: ChainId, destination: ChainId) {
    super(`Every lane from ${source} to ${destination} that fits the request is paused.`);
  }
}

/** Nothing about the dispatch can be retried in its state. */
export class DispatchNotRetryableError extends DomainError {
  readonly code = ErrorCode.DispatchNotRetryable;

  constructor(state: DispatchState, detail?: ErrorDetail) {
    super(`A dispatch in state ${state} cannot be retried; only FAILED ones can.`, detail);
  }
}
