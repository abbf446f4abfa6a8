import type { PaymentId, SaleId } from '../../schema/ids';
import { EntryKind } from '../../schema/types/ledger';
import { type EntryKey, WHOLE } from '../ledger/ledger-entry';

/**
 * The keys of all that can have been posted of a transaction under one inclusion: what its sales owe, what of each
 * payment fell to each of them, what they lacked, and what belonged to none. Keys that were not used do no harm.
 */
export function keysOf(
  saleIds: readonly SaleId[],
  paymentIds: readonly PaymentId[],
  inclusion: number,
): EntryKey[] {
  const key = (subject: SaleId | PaymentId, part: EntryKey['part'], kind: EntryKind): EntryKey => ({
    subject,
    part,
    kind,
    inclusion,
  });
  return [
    ...saleIds.flatMap((saleId) => [
      key(saleId, WHOLE, EntryKind.SALE),
      key(saleId, WHOLE, EntryKind.UNPAID),
      ...paymentIds.flatMap((paymentId) => [
        key(saleId, paymentId, EntryKind.PAYMENT),
        key(saleId, paymentId, EntryKind.DEPOSIT),
        key(saleId, paymentId, EntryKind.RESTATEMENT),
      ]),
    ]),
    ...paymentIds.flatMap((paymentId) => [
      key(paymentId, WHOLE, EntryKind.DEPOSIT),
      key(paymentId, WHOLE, EntryKind.LICENCE),
      key(paymentId, WHOLE, EntryKind.RESTATEMENT),
    ]),
  ];
}
