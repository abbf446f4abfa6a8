import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The URL is none that webhooks may be sent to. */
export class WebhookUrlRefusedError extends DomainError {
  readonly code = ErrorCode.WebhookUrlRefused;

  constructor(reason: string, detail?: ErrorDetail) {
    super(reason, detail);
  }
}

/** The tenant has as many endpoints as it may have. */
export class WebhookLimitReachedError extends DomainError {
  readonly code = ErrorCode.WebhookLimitReached;

  constructor(limit: number) {
    super(`A tenant has at most ${limit} webhook endpoints. Delete one first.`);
  }
}

/** Nothing is sent to an endpoint that is disabled. */
export class WebhookDisabledError extends DomainError {
  readonly code = ErrorCode.WebhookDisabled;

  constructor() {
    super('The endpoint is disabled. Enable it first.');
  }
}

/** The time range holds more events than one replay sends. */
export class WebhookReplayTooLargeError extends DomainError {
  readonly code = ErrorCode.WebhookReplayTooLarge;

  constructor(limit: number) {
    super(`The time range holds more than ${limit} events. Replay it in parts.`);
  }
}
