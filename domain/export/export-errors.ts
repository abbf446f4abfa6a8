import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';
import type { ExportState } from '../../schema/types/tenant-export';

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

/** One export of a tenant runs at a time. */
export class ExportInProgressError extends DomainError {
  readonly code = ErrorCode.ExportInProgress;
  override readonly retryable = true;

  constructor(detail?: ErrorDetail) {
    super('An export is under way. Wait for it, or cancel it first.', detail);
  }
}

/** A tenant has asked for as many exports as it may in a UTC day. */
export class ExportLimitReachedError extends DomainError {
  readonly code = ErrorCode.ExportLimitReached;
  override readonly retryable = true;

  constructor(limit: number) {
    super(`${limit} exports were asked for today, which is all that there may be in a UTC day.`);
  }
}

/** The archive is not written yet. */
export class ExportNotReadyError extends DomainError {
  readonly code = ErrorCode.ExportNotReady;
  override readonly retryable = true;

  constructor() {
    super('The archive is not ready yet.');
  }
}

/** The export failed, was given up, or its archive is not kept any more. */
export class ExportOverError extends DomainError {
  readonly code = ErrorCode.ExportOver;

  constructor(state: ExportState) {
    super(`The export is over: it is ${state}. Ask for another.`);
  }
}

/** The tenant has more than this deployment exports over the API. */
export class ExportTooLargeError extends DomainError {
  readonly code = ErrorCode.ExportTooLarge;

  constructor(maxBytes: number) {
    super(
      `There are more than ${maxBytes} bytes to export. Ask the platform’s operator, who can export all of it.`,
    );
  }
}

/** This deployment has no key that signs archives. */
export class ExportKeyMissingError extends DomainError {
  readonly code = ErrorCode.ExportKeyMissing;

  constructor() {
    super('This deployment has no key to sign archives with. Ask the platform’s operator.');
  }
}

/** Another run has begun, or the export was given up: what this one writes is nobody's. */
export class ExportRunVoidError extends DomainError {
  readonly code = ErrorCode.ExportOver;

  constructor() {
    super('The export was given up, or begun anew.');
  }
}
