import type { MoneyId } from '../../schema/caip';
import type { PaymentId, ProjectId, SaleId } from '../../schema/ids';
import type { PaymentAttribution, SaleState } from '../../schema/types/sale';
import type { TenantTx } from '../../tenants/tenant-database';
import { type ExaminedPlace, OF_TRANSACTION, placeValues } from './examined-place';

/** A payment as it may be attributed. */
export interface SuspendedPayment {
  readonly projectId: ProjectId;
  readonly asset: MoneyId;
  readonly paidAt: Date;
  readonly state: SaleState;
  /** What of it is in suspense. */
  readonly suspended: bigint;
}

/** An attribution with how often it was taken back before. */
export interface StoredAttribution extends PaymentAttribution {
  readonly inclusion: number;
}

/** What a sale lacks. */
export interface SaleClaim {
  /** What it did not pay in time; undefined while it may still come. */
  readonly unpaid: bigint | undefined;
  /** What people have attributed to it of that. */
  readonly settled: bigint;
}

const COLUMNS = `payment_id as "paymentId", sale_id as "saleId", amount::text as amount, settled::text as settled, reason,
  standing, inclusion, attributed_at as "attributedAt"`;

/** What people have told of payments in suspense. */
export class AttributionRepository {
  /** Locks a payment until the transaction is over. */
  async lockPayment(tx: TenantTx, paymentId: PaymentId): Promise<SuspendedPayment | undefined> {
    const rows: (Omit<SuspendedPayment, 'suspended'> & { suspended: string })[] = await tx.manager.query(
      `select project_id as "projectId", asset, paid_at as "paidAt", state, coalesce(suspended, 0)::text as suspended
         from sale_payments where tenant_id = $1 and id = $2 for update`,
      [tx.tenantId, paymentId],
    );
    return rows.map((row) => ({ ...row, suspended: BigInt(row.suspended) }))[0];
  }

  /** Locks a sale until the transaction is over. */
  async lockClaim(tx: TenantTx, saleId: SaleId): Promise<SaleClaim> {
    await tx.manager.query('select from sales where tenant_id = $1 and id = $2 for update', [
      tx.tenantId,
      saleId,
    ]);
    const [row]: { unpaid: string | null; settled: string }[] = await tx.manager.query(
      `select case when due_at is null then '0' when closed_at is not null then greatest(expected - paid, 0)::text end as unpaid,
              coalesce((select sum(settled) from payment_attributions a
                         where a.tenant_id = $1 and a.sale_id = s.id and a.standing), 0)::text as settled
         from sales s where s.tenant_id = $1 and s.id = $2`,
      [tx.tenantId, saleId],
    );
    const unpaid = row?.unpaid ?? undefined;
    return { unpaid: unpaid === undefined ? undefined : BigInt(unpaid), settled: BigInt(row?.settled ?? 0) };
  }

  async find(tx: TenantTx, paymentId: PaymentId, saleId: SaleId): Promise<StoredAttribution | undefined> {
    const rows: StoredAttribution[] = await tx.manager.query(
      `select ${COLUMNS} from payment_attributions where tenant_id = $1 and payment_id = $2 and sale_id = $3`,
      [tx.tenantId, paymentId, saleId],
    );
    return rows[0];
  }

  /** Puts an attribution down as standing, and takes its amount out of suspense. */
  async begin(
    tx: TenantTx,
    {
      paymentId,
      saleId,
      amount,
      settled,
      reason,
    }: Omit<PaymentAttribution, 'standing' | 'attributedAt' | 'amount' | 'settled'> & {
      readonly amount: bigint;
      readonly settled: bigint;
    },
  ): Promise<void> {
    await tx.manager.query(
      `insert into payment_attributions (tenant_id, payment_id, sale_id, amount, settled, reason)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (tenant_id, payment_id, sale_id) do update
         set amount = excluded.amount, settled = excluded.settled, reason = excluded.reason, standing = true,
             attributed_at = now()`,
      [tx.tenantId, paymentId, saleId, amount, settled, reason],
    );
    await this.addSuspended(tx, paymentId, -amount);
  }

  /** Takes an attribution back, and its amount into suspense. @returns As it stood; undefined if it did not. */
  async end(tx: TenantTx, paymentId: PaymentId, saleId: SaleId): Promise<StoredAttribution | undefined> {
    const [ended] = await this.take(tx, 'payment_id = $2 and sale_id = $3', [paymentId, saleId]);
    return ended;
  }

  /** As {@link end}, of all that concern the sales and payments of a transaction. */
  async endOf(tx: TenantTx, place: ExaminedPlace): Promise<StoredAttribution[]> {
    const of = (table: string) =>
      `(select id from ${table} where ${OF_TRANSACTION.replace('$1', 'a.tenant_id')})`;
    return this.take(tx, `(sale_id in ${of('sales')} or payment_id in ${of('sale_payments')})`, [
      ...placeValues(place),
    ]);
  }

  private async take(tx: TenantTx, condition: string, values: unknown[]): Promise<StoredAttribution[]> {
    const ended: StoredAttribution[] = await tx.manager.query(
      `with ended as (
         update payment_attributions a set standing = false, inclusion = inclusion + 1
          where tenant_id = $1 and standing and ${condition} returning *)
       select ${COLUMNS} from ended`,
      [tx.tenantId, ...values],
    );
    for (const { paymentId, amount } of ended) await this.addSuspended(tx, paymentId, BigInt(amount));
    return ended.map((one) => ({ ...one, inclusion: one.inclusion - 1 }));
  }

  private async addSuspended(tx: TenantTx, paymentId: PaymentId, amount: bigint): Promise<void> {
    await tx.manager.query(
      'update sale_payments set suspended = suspended + $3 where tenant_id = $1 and id = $2',
      [tx.tenantId, paymentId, amount],
    );
  }
}
