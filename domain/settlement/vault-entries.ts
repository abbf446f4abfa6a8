import type { MoneyId } from '../../schema/caip';
import type { MovementId } from '../../schema/ids';
import { AccountKind, EntryKind } from '../../schema/types/ledger';
import { type EntryKey, type Posting, WHOLE } from '../ledger/ledger-entry';
import { hexArg, type RegistryEvent, type RegistryEventName, textArg } from '../provenance/registry-event';
import { movementIdOf } from '../royalties/sale';
import type { PayeeAccounts } from './payee-accounts';

/** What vaults do, as entries of the books. */
export const VAULT_ENTRIES: { readonly [Name in RegistryEventName]?: EntryKind } = {
  MoneyReceived: EntryKind.RECEIPT,
  PayeeCredited: EntryKind.CREDIT,
  PayeePaid: EntryKind.PAYOUT,
  SettlementRemitted: EntryKind.REMITTANCE,
  SettlementCredited: EntryKind.ARRIVAL,
  LossRecorded: EntryKind.LOSS,
};
/** Those that are in the books as soon as they are seen, as the payments are that they follow; others wait for finality. */
export const SEEN_AT_ONCE: ReadonlySet<RegistryEventName> = new Set(['MoneyReceived', 'PayeeCredited']);

/** What one event of a vault puts on accounts by itself; what arrives from another vault takes more than its event. */
export function movementPostings(event: RegistryEvent, asset: MoneyId, payees: PayeeAccounts): Posting[] {
  const owner = payees.owner;
  const on = (kind: AccountKind, amount: bigint): Posting => ({ account: { kind, owner, asset }, amount });
  const amountOf = (argument: string) => BigInt(textArg(event, argument));
  switch (event.name) {
    case 'MoneyReceived':
      return [on(AccountKind.VAULT, amountOf('received')), on(AccountKind.RECEIVER, -amountOf('received'))];
    case 'PayeeCredited':
      return [
        on(AccountKind.UNSPLIT, amountOf('amount')),
        { account: payees.of(hexArg(event, 'payeeId'), asset), amount: -amountOf('amount') },
      ];
    case 'PayeePaid':
      return [
        on(AccountKind.VAULT, -amountOf('spent')),
        { account: payees.of(hexArg(event, 'payeeId'), asset), amount: amountOf('spent') },
      ];
    case 'LossRecorded':
      return [on(AccountKind.VAULT, -amountOf('lost')), on(AccountKind.VAULT_LOSS, amountOf('lost'))];
    case 'SettlementRemitted':
      return [on(AccountKind.VAULT, -amountOf('amount')), on(AccountKind.IN_TRANSIT, amountOf('amount'))];
    default:
      throw new Error(`${event.name} is no movement by itself`);
  }
}

export function movementOf({
  chainId,
  transactionHash,
  logIndex,
}: Pick<RegistryEvent, 'chainId' | 'transactionHash' | 'logIndex'>): MovementId {
  return movementIdOf({ chainId, transactionHash, logIndex, item: 0 });
}

export function movementKey(event: RegistryEvent, inclusion: number): EntryKey {
  const kind = VAULT_ENTRIES[event.name];
  if (kind === undefined) throw new Error(`${event.name} moves no money`);
  return { subject: movementOf(event), part: WHOLE, kind, inclusion };
}
