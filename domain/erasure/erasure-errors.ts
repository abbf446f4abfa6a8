import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** Only a suspended tenant is deleted: nothing may change while it is exported. */
export class TenantNotSuspendedError extends DomainError {
  readonly code = ErrorCode.TenantNotSuspended;

  constructor() {
    super('The tenant is not suspended. Suspend it, export it, then delete it.');
  }
}

/** No export with that manifest was made since the tenant was suspended. */
export class TenantNotExportedError extends DomainError {
  readonly code = ErrorCode.TenantNotExported;

  constructor() {
    super('No export with this manifestHash was made since the tenant was suspended. Run colophon export.');
  }
}
