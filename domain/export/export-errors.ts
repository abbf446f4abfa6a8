import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** Nothing is exported over a file that is there. */
export class ExportFileExistsError extends DomainError {
  readonly code = ErrorCode.BadUserInput;

  constructor(file: string) {
    super(`${file} is there already. Name another file, or remove it first.`);
  }
}

/** There is no tenant to export. */
export class TenantUnknownError extends DomainError {
  readonly code = ErrorCode.NotFound;

  constructor(tenantId: string) {
    super(`There is no tenant ${tenantId}.`);
  }
}
