import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';
import type { Stranded } from './route-scout';

/** Nobody who was asked for is owed anything that is final. */
export class NothingToSettleError extends DomainError {
  readonly code = ErrorCode.NothingToSettle;
  override readonly retryable = true;

  /** @param isToCome - Whether something is on its way from a receiver to its vault. */
  constructor(isToCome: boolean) {
    const toCome = ' What lies in royalty receivers is being forwarded: ask again when that is final.';
    super(`No payee that was asked for is owed anything by a final block.${isToCome ? toCome : ''}`);
  }
}

/** All that is owed is less than the owner's rules have settled. */
export class LessThanSettledError extends DomainError {
  readonly code = ErrorCode.NothingToSettle;
  override readonly retryable = true;

  constructor() {
    super('What is owed is less than the rules of its assets let settle (`minAmount`).');
  }
}

/** No bridge carries any of what is owed to where its payees are. */
export class SettlementNoRouteError extends DomainError {
  readonly code = ErrorCode.SettlementNoRoute;

  constructor(stranded: readonly Stranded[]) {
    const each = stranded.map(
      ({ batch: { asset, destinationChainId }, reason }) => `${asset} to ${destinationChainId} (${reason})`,
    );
    super(
      `No bridge carries what is owed: ${each.join(', ')}. It stays credited where it is, and its payees can withdraw it there.`,
    );
  }
}

/** The settlement is on its way, or over. */
export class SettlementNotCancellableError extends DomainError {
  readonly code = ErrorCode.SettlementNotCancellable;

  constructor(state: string) {
    super(`The settlement cannot be cancelled: it is ${state}.`);
  }
}

/** The settlement needs no approval, has it, is over, or is about another amount by now. */
export class SettlementNotAwaitingApprovalError extends DomainError {
  readonly code = ErrorCode.SettlementNotAwaitingApproval;

  constructor(reason: string) {
    super(`The settlement does not wait for this approval: ${reason}.`);
  }
}

/** Two approvals are those of two people. */
export class SettlementApprovedBeforeError extends DomainError {
  readonly code = ErrorCode.SettlementApprovedBefore;

  constructor() {
    super('You have approved the settlement before; another person has to approve it, too.');
  }
}

/** The money is no token of a chain on which the registry has a vault. */
export class NoVaultForAssetError extends DomainError {
  readonly code = ErrorCode.BadUserInput;

  constructor() {
    super('asset: must be an ERC-20 of a chain on which the registry has a royalty vault.');
  }
}

/** The contract does not say that it moves the token. */
export class OftMismatchError extends DomainError {
  readonly code = ErrorCode.OftMismatch;

  /** @param moved - What it says it moves; undefined if nothing there says so. */
  constructor(oft: string, moved: string | undefined) {
    const said = moved === undefined ? 'no contract there says what it moves' : `it moves ${moved}`;
    super(`oft: ${oft} is no OFT of the token: ${said}.`);
  }
}
