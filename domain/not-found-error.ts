import { DomainError } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';
import type { NodeType } from '../schema/global-id';

/** What has no global id. */
type UnnamedType =
  | 'Session'
  | 'Wallet'
  | 'Tenant'
  | 'Plan'
  | 'LicenceTemplate'
  | 'LicenceOffer'
  | 'Licence'
  | 'SalePayment'
  | 'PaymentAttribution'
  | 'RoyaltyWalletChange';

/** There is no such row for this tenant. A foreign row reads the same: it must not be shown to exist. */
export class NotFoundError extends DomainError {
  readonly code = ErrorCode.NotFound;

  constructor(type: NodeType | UnnamedType, id: string) {
    super(`${type} not found.`, { context: { type, id } });
  }
}
