import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The URL is none that the platform asks: not https, with credentials in it, or not on a public address. */
export class RpcUrlRefusedError extends DomainError {
  readonly code = ErrorCode.RpcUrlRefused;
}
