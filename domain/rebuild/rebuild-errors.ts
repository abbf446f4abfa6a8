import type { ChainId } from '../../schema/caip';
import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';
import type { RegistryId } from '../../schema/ids';

/** What is recorded of a chain is only replaced while no follower writes. */
export class FollowerLeadsError extends DomainError {
  readonly code = ErrorCode.Conflict;
  override readonly retryable = true;

  constructor(chainId: ChainId) {
    super(
      `A follower records ${chainId}. Stop the followers of that chain, then run rebuild --replace again.`,
    );
  }
}

/** Events wait to be projected: workers, which also tell tenants of them, come first. */
export class ProjectionWaitsError extends DomainError {
  readonly code = ErrorCode.Conflict;
  override readonly retryable = true;

  constructor(registryId: RegistryId) {
    super(
      `Events of registry ${registryId} wait for a worker. Let workers finish, then run rebuild --replace again.`,
    );
  }
}
