import type { ChainId } from '../../schema/caip';
import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The deployment knows no such chain. */
export class ChainNotSupportedError extends DomainError {
  readonly code = ErrorCode.ChainNotSupported;

  constructor(chainId: string) {
    super(`Chain ${chainId} is not supported here; the query "chains" lists those that are.`);
  }
}

/** The project has a registry already, and its contracts are for ever. */
export class RegistryExistsError extends DomainError {
  readonly code = ErrorCode.Conflict;

  constructor(detail?: ErrorDetail) {
    super('The project has a registry already.', detail);
  }
}

/** The registry's contracts or lanes are not all there yet. */
export class RegistryNotReadyError extends DomainError {
  readonly code = ErrorCode.RegistryNotReady;
  override readonly retryable = true;

  constructor(progress: string) {
    super(`The registry is still being deployed (${progress} steps done).`);
  }
}

/** The project's edition cap leaves no room. */
export class EditionCapExceededError extends DomainError {
  readonly code = ErrorCode.EditionCapExceeded;

  constructor(editionCap: number, accepted: number, asked: number) {
    super(
      `The edition is capped at ${editionCap}; ${accepted} works exist or are being minted, ${asked} more do not fit.`,
    );
  }
}

/** The registry lets no work be minted without the artist's signature. */
export class ArtistSignatureMissingError extends DomainError {
  readonly code = ErrorCode.ArtistSignatureMissing;

  /** @param index - Place of the work in the request, from 0. */
  constructor(index: number) {
    super(
      `works.${index}.artistSignature: this registry asks for it; let the artist sign what prepareMintWorks answers.`,
    );
  }
}

/** The signature is not the artist's, or of another work, registry or royalty policy. */
export class ArtistSignatureInvalidError extends DomainError {
  readonly code = ErrorCode.ArtistSignatureInvalid;

  /** @param index - Place of the work in the request, from 0. */
  constructor(index: number) {
    super(
      `works.${index}.artistSignature: is not the artist’s signature of the mint that was prepared with this nonce.`,
    );
  }
}

/** The registry asks for no artist's signature, and no contract would look at one. */
export class ArtistSignatureUnusedError extends DomainError {
  readonly code = ErrorCode.Conflict;

  constructor(field: string) {
    super(`${field}: this registry asks for no signature of the artist.`);
  }
}

/** A prepared mint was used before: it makes one work. */
export class PreparedMintUsedError extends DomainError {
  readonly code = ErrorCode.Conflict;

  constructor(detail?: ErrorDetail) {
    super('A prepared mint makes one work, and this one was used: prepare another.', detail);
  }
}

/** An account was named on another chain than the call is about. */
export class WrongAccountChainError extends DomainError {
  readonly code = ErrorCode.BadUserInput;

  constructor(field: string, expected: ChainId) {
    super(`${field}: must be an account on ${expected}, with a valid address.`);
  }
}

/** Where the owner's contract is missing, nobody could act for it, or somebody else could. */
export class OwnerNotEverywhereError extends DomainError {
  readonly code = ErrorCode.OwnerNotEverywhere;

  constructor(chainIds: readonly ChainId[]) {
    super(
      `owner: is a contract, and not there on ${chainIds.join(', ')}. Deploy it at the same address there first.`,
    );
  }
}

/** The contracts pay royalties to an EVM address, and the project's artist has none. */
export class RoyaltyReceiverError extends DomainError {
  readonly code = ErrorCode.BadUserInput;

  constructor(artistAccount: string) {
    super(
      `The project’s artist ${artistAccount} cannot be paid royalties by contracts on EVM chains: ` +
        'create the project with an eip155 account other than the zero address.',
    );
  }
}

/** The work has no token yet. */
export class WorkNotMintedError extends DomainError {
  readonly code = ErrorCode.WorkNotMinted;
  override readonly retryable = true;

  constructor() {
    super('The work is not minted yet.');
  }
}

/** No contract at the address says that it is an ERC-721. */
export class NotErc721Error extends DomainError {
  readonly code = ErrorCode.BadUserInput;

  constructor(collection: string) {
    super(`collection: no contract at ${collection} says (ERC-165) that it is an ERC-721.`);
  }
}

/** The adopted contract knows no holder of the token. */
export class NoSuchTokenError extends DomainError {
  readonly code = ErrorCode.BadUserInput;

  /** @param index - Place of the token in the request, from 0. */
  constructor(index: number, tokenId: bigint) {
    super(`tokenIds.${index}: the adopted contract says of nobody that he owns the token ${tokenId}.`);
  }
}

/** What was asked for is for registries that mint their own works, and this one adopts; or the other way round. */
export class RegistryKindError extends DomainError {
  readonly code = ErrorCode.RegistryKind;
}

/** The tenant's accounts on the registry's chains are not all the same, but its contracts have one owner. */
export class AccountsDifferError extends DomainError {
  readonly code = ErrorCode.AccountsDiffer;

  constructor() {
    super('Other keys send on some of these chains than on others. Use one on all of them: useSigningKey.');
  }
}
