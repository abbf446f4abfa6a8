import type { PaymentId, SaleId, TenantId } from '../../schema/ids';
import type { AttributePayment, WithdrawAttribution } from '../../schema/inputs/sale';
import { AccountKind, EntryKind, Ground } from '../../schema/types/ledger';
import { type PaymentAttribution, type Sale, SaleState } from '../../schema/types/sale';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { notifyAllChanged } from '../events/change-notifier';
import type { Ledger } from '../ledger/ledger';
import type { EntryKey, NewEntry, Posting } from '../ledger/ledger-entry';
import { NotFoundError } from '../not-found-error';
import { PaymentNotSuspendedError, SaleNotAttributableError } from './attribution-errors';
import type { AttributionRepository, SuspendedPayment } from './attribution-repository';
import type { SaleRepository } from './sale-repository';

export interface AttributionStores {
  readonly sales: SaleRepository;
  readonly attributions: AttributionRepository;
}

/** What is attributed, as it was decided. */
interface Attribution {
  readonly payment: SuspendedPayment;
  readonly sale: Sale;
  readonly key: EntryKey;
  readonly amount: bigint;
  readonly settled: bigint;
}

/** Lets people tell which sales payments in suspense were for. Payees are not touched: the vault has credited them. */
export class AttributionService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: AttributionStores,
    private readonly ledger: Ledger,
  ) {}

  /**
   * Takes a payment, or part of it, out of suspense for a sale of the same project whose window has closed; what it
   * settles of that sale is no bad debt any more. Both must be final.
   *
   * @throws {@link NotFoundError}, {@link PaymentNotSuspendedError}, {@link SaleNotAttributableError}
   */
  async attribute(tenantId: TenantId, input: AttributePayment): Promise<PaymentAttribution> {
    const { paymentId, saleId, reason } = input;
    return this.database.transaction(tenantId, async (tx) => {
      await this.ledger.hold(tx);
      const attribution = await this.decide(tx, input);
      const { amount, settled, key } = attribution;
      await this.stores.attributions.begin(tx, { paymentId, saleId, amount, settled, reason });
      await this.ledger.post(tx, [entryOf(attribution)]);
      await this.ledger.finalise(tx, [key]);
      await notifyAllChanged(tx, 'Sale', [saleId]);
      return this.get(tx, paymentId, saleId);
    });
  }

  /** Puts what was attributed back into suspense, by a linked entry. @throws {@link NotFoundError} if nothing stands. */
  async withdraw(
    tenantId: TenantId,
    { paymentId, saleId }: WithdrawAttribution,
  ): Promise<PaymentAttribution> {
    return this.database.transaction(tenantId, async (tx) => {
      await this.ledger.hold(tx);
      const ended = await this.stores.attributions.end(tx, paymentId, saleId);
      if (ended === undefined) throw new NotFoundError('PaymentAttribution', paymentId);
      await this.ledger.reverse(tx, [attributionKey(ended)]);
      await notifyAllChanged(tx, 'Sale', [saleId]);
      return this.get(tx, paymentId, saleId);
    });
  }

  private async decide(tx: TenantTx, input: AttributePayment): Promise<Attribution> {
    const { paymentId, saleId } = input;
    const payment = await this.stores.attributions.lockPayment(tx, paymentId);
    if (payment === undefined) throw new NotFoundError('SalePayment', paymentId);
    const [sale] = await this.stores.sales.findByIds(tx, [saleId]);
    if (sale === undefined) throw new NotFoundError('Sale', saleId);
    const amount = input.amount ?? payment.suspended;
    if (payment.state !== SaleState.FINAL) throw new PaymentNotSuspendedError(`it is ${payment.state}`);
    if (amount === 0n || amount > payment.suspended)
      throw new PaymentNotSuspendedError(`${payment.suspended} of it is in suspense`);
    if (sale.state !== SaleState.FINAL) throw new SaleNotAttributableError(`it is ${sale.state}`);
    if (sale.projectId !== payment.projectId)
      throw new SaleNotAttributableError('the payment came to another project');
    const known = await this.stores.attributions.find(tx, paymentId, saleId);
    if (known?.standing === true)
      throw new SaleNotAttributableError('part of the payment is attributed to it; withdraw that first');
    const { unpaid, settled: before } = await this.stores.attributions.lockClaim(tx, saleId);
    if (unpaid === undefined) throw new SaleNotAttributableError('its window is open');
    const open = unpaid - before;
    const most = amount < open ? amount : open;
    const settled = input.settles ?? (sale.asset === payment.asset ? most : 0n);
    if (settled > (sale.asset === payment.asset ? most : open))
      throw new SaleNotAttributableError(`${open} of what it owes is unpaid`);
    const key = attributionKey({ paymentId, saleId, inclusion: known?.inclusion ?? 0 });
    return { payment, sale, key, amount, settled };
  }

  private async get(tx: TenantTx, paymentId: PaymentId, saleId: SaleId): Promise<PaymentAttribution> {
    const found = await this.stores.attributions.find(tx, paymentId, saleId);
    if (found === undefined) throw new Error('what was attributed is there');
    return found;
  }
}

/** Under which an attribution is in the books. */
export function attributionKey({
  paymentId,
  saleId,
  inclusion,
}: {
  readonly paymentId: PaymentId;
  readonly saleId: SaleId;
  readonly inclusion: number;
}): EntryKey {
  return { subject: saleId, part: paymentId, kind: EntryKind.ATTRIBUTION, inclusion };
}

function entryOf({ payment, sale, key, amount, settled }: Attribution): NewEntry {
  const on = (kind: AccountKind, asset: Posting['account']['asset'], of: bigint): Posting => ({
    account: { kind, owner: sale.projectId, asset },
    amount: of,
  });
  return {
    ...key,
    projectId: sale.projectId,
    occurredAt: payment.paidAt,
    ground: Ground.ALLOCATED,
    policyRevision: sale.policyRevision,
    postings: [
      on(AccountKind.SUSPENSE, payment.asset, amount),
      on(AccountKind.ROYALTY_DUE, payment.asset, -amount),
      on(AccountKind.ROYALTY_DUE, sale.asset, settled),
      on(AccountKind.BAD_DEBT, sale.asset, -settled),
    ],
  };
}
