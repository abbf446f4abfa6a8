import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The tenant has a key of this address already. */
export class SigningKeyExistsError extends DomainError {
  readonly code = ErrorCode.SigningKeyExists;

  constructor(address: string) {
    super(`The tenant has brought the key of ${address} already.`);
  }
}

/** The tenant has as many keys as it may have: none is removed, since a transaction may need it again. */
export class SigningKeyLimitReachedError extends DomainError {
  readonly code = ErrorCode.SigningKeyLimitReached;

  constructor(limit: number) {
    super(`A tenant brings at most ${limit} keys.`);
  }
}

/** The keystore file is none, asks for more work than is done for it, or does not open with this password. */
export class KeystoreFileInvalidError extends DomainError {
  readonly code = ErrorCode.KeystoreFileInvalid;

  constructor(reason: string) {
    super(`The keystore file ${reason}.`);
  }
}

/** Registries name the account for their roles, and a change of keys does not change that on chain. */
export class AccountHoldsRolesError extends DomainError {
  readonly code = ErrorCode.AccountHoldsRoles;

  constructor(address: string, registryName: string) {
    super(
      `${address} was given the roles of the registry “${registryName}” at its birth. Hand them over first, or say leaveRoles: true; until the new account has the roles, the registry refuses what it asks.`,
    );
  }
}
