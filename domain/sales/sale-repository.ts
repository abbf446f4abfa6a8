import type { Hex } from 'viem';
import type { AccountId, ChainId, MoneyId } from '../../schema/caip';
import type { PaymentId, ProjectId, RegistryId, SaleId, WorkId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { SaleFilter, SuspendedPaymentFilter } from '../../schema/inputs/sale';
import type { Page } from '../../schema/types/connection';
import { type Sale, type SalePayment, SaleState } from '../../schema/types/sale';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readPage } from '../page';
import { type ExaminedPlace, OF_TRANSACTION, placeValues } from './examined-place';

type SaleRow = Omit<Sale, 'evidence'> & EvidenceRow;
type PaymentRow = Omit<SalePayment, 'evidence'> & EvidenceRow & Pick<ExaminedPlace, 'transactionHash'>;

interface EvidenceRow {
  readonly chainId: ChainId;
  readonly blockNumber: string;
  readonly blockHash: Hex;
  readonly transactionHash: Hex;
  readonly logPlace: number;
}

/** A sale as it is recorded. */
export interface NewSale
  extends Omit<Sale, 'id' | 'state' | 'createdAt' | 'evidence' | 'price' | 'expected' | 'paid'> {
  readonly id: SaleId;
  readonly price: bigint;
  readonly expected: bigint;
  readonly paid: bigint;
  readonly logPlace: number;
}

/** A payment as it is recorded. */
export interface NewPayment extends Omit<SalePayment, 'amount' | 'suspended' | 'evidence' | 'paidAt'> {
  readonly amount: bigint;
  /** What of it is in suspense. */
  readonly suspended: bigint;
  readonly logPlace: number;
}

/** The block that a transaction is in. */
export interface BlockOf extends ExaminedPlace {
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly blockTime: Date;
}

/** A sale whose window has closed, with what it lacks. */
export interface DueSale {
  readonly id: SaleId;
  readonly inclusion: number;
}

const EVIDENCE = `chain_id as "chainId", block_number as "blockNumber", block_hash as "blockHash",
  transaction_hash as "transactionHash", log_place as "logPlace"`;
const COLUMNS = `id, project_id as "projectId", registry_id as "registryId", work_id as "workId", state, venue,
  order_hash as "orderHash", seller, buyer, asset, price::text as price, bundled, marks, policy_revision as "policyRevision",
  ground, verdict, expected::text as expected, paid::text as paid, due_at as "dueAt", sold_at as "soldAt",
  created_at as "createdAt", ${EVIDENCE}`;
const PAYMENT_COLUMNS = `id, payer, receiver, asset, amount::text as amount, suspended::text as suspended,
  paid_at as "paidAt", ${EVIDENCE}`;
const SUSPENDED = "(select * from sale_payments where suspended > 0 and state <> 'REVERTED') as p";

/** Sales and payments, as they were found. What a reorg takes back stays, marked so, until it is found again. */
export class SaleRepository {
  async findByIds(tx: TenantTx, ids: readonly SaleId[]): Promise<Sale[]> {
    const rows: SaleRow[] = await tx.manager.query(
      `select ${COLUMNS} from sales where tenant_id = $1 and id = any($2)`,
      [tx.tenantId, ids],
    );
    return rows.map(toSale);
  }

  async page(tx: TenantReads, request: PageRequest, filter: SaleFilter): Promise<Page<Sale>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: 'sales',
      where: {
        project_id: filter?.projectId,
        work_id: filter?.workId,
        chain_id: filter?.chainId,
        state: filter?.state,
        verdict: filter?.verdict,
        venue: filter?.venue,
        asset: filter?.asset,
        seller: filter?.seller,
        buyer: filter?.buyer,
      },
      toNode: toSale,
    });
  }

  /** Payments of which something is in suspense. */
  async suspendedPage(
    tx: TenantReads,
    request: PageRequest,
    filter: SuspendedPaymentFilter,
  ): Promise<Page<SalePayment>> {
    return readPage(tx, request, {
      columns: PAYMENT_COLUMNS,
      table: SUSPENDED,
      where: { project_id: filter?.projectId, asset: filter?.asset },
      toNode: toPayment,
    });
  }

  /** What stands of a transaction's sales, in the order of their logs. */
  async standing(tx: TenantTx, place: ExaminedPlace): Promise<Sale[]> {
    const rows: SaleRow[] = await tx.manager.query(
      `select ${COLUMNS} from sales where ${OF_TRANSACTION} and state <> 'REVERTED' order by log_place, id`,
      [tx.tenantId, ...placeValues(place)],
    );
    return rows.map(toSale);
  }

  /** The ids of what stands of a transaction's payments. */
  async standingPayments(tx: TenantTx, place: ExaminedPlace): Promise<PaymentId[]> {
    const rows: { id: PaymentId }[] = await tx.manager.query(
      `select id from sale_payments where ${OF_TRANSACTION} and state <> 'REVERTED' order by log_place, id`,
      [tx.tenantId, ...placeValues(place)],
    );
    return rows.map(({ id }) => id);
  }

  /** The standing payments of transactions, in the order of their logs. */
  async payments(tx: TenantTx, ids: readonly SaleId[]): Promise<Map<SaleId, SalePayment[]>> {
    const rows: (PaymentRow & { saleId: SaleId })[] = await tx.manager.query(
      `select s.id as "saleId", p.* from sales s cross join lateral (
         select ${PAYMENT_COLUMNS} from sale_payments
          where tenant_id = $1 and registry_id = s.registry_id and chain_id = s.chain_id
            and transaction_hash = s.transaction_hash and state <> 'REVERTED'
       ) p where s.tenant_id = $1 and s.id = any($2) order by s.id, p."logPlace", p.id`,
      [tx.tenantId, ids],
    );
    const found = new Map<SaleId, SalePayment[]>(ids.map((id) => [id, []]));
    for (const { saleId, ...row } of rows) found.get(saleId)?.push(toPayment(row));
    return found;
  }

  /** Records the sales of a transaction, as provisional; one that is known, and was taken back, is found again. */
  async record(tx: TenantTx, block: BlockOf, sales: readonly NewSale[]): Promise<void> {
    if (sales.length === 0) return;
    await tx.manager.query(
      `insert into sales (tenant_id, registry_id, chain_id, transaction_hash, block_number, block_hash, sold_at, state,
                          id, project_id, work_id, log_place, venue, order_hash, seller, buyer, asset, price, bundled,
                          marks, policy_revision, ground, verdict, expected, paid, due_at)
       select $1, $2, $3, $4, $5, $6, $7, 'PROVISIONAL', id, project_id, work_id, log_place, venue, order_hash, seller,
              buyer, asset, price, bundled, array(select jsonb_array_elements_text(marks)), policy_revision, ground,
              verdict, expected, paid, due_at
         from unnest($8::uuid[], $9::uuid[], $10::uuid[], $11::int[], $12::text[], $13::text[], $14::text[], $15::text[],
                     $16::text[], $17::numeric[], $18::boolean[], $19::jsonb[], $20::int[], $21::text[], $22::text[],
                     $23::numeric[], $24::numeric[], $25::timestamptz[])
              as s (id, project_id, work_id, log_place, venue, order_hash, seller, buyer, asset, price, bundled, marks,
                    policy_revision, ground, verdict, expected, paid, due_at)
       on conflict (tenant_id, id) do update set
         block_number = excluded.block_number, block_hash = excluded.block_hash, sold_at = excluded.sold_at,
         state = excluded.state, venue = excluded.venue, order_hash = excluded.order_hash, seller = excluded.seller,
         buyer = excluded.buyer, asset = excluded.asset, price = excluded.price, bundled = excluded.bundled,
         marks = excluded.marks, policy_revision = excluded.policy_revision, ground = excluded.ground,
         verdict = excluded.verdict, expected = excluded.expected, paid = excluded.paid, due_at = excluded.due_at,
         closed_at = null`,
      [
        tx.tenantId,
        ...placeValues(block),
        block.blockNumber,
        block.blockHash,
        block.blockTime,
        ...columns(
          sales.map((sale) => ({ ...sale, marks: JSON.stringify(sale.marks) })),
          'id',
          'projectId',
          'workId',
          'logPlace',
          'venue',
          'orderHash',
          'seller',
          'buyer',
          'asset',
          'price',
          'bundled',
          'marks',
          'policyRevision',
          'ground',
          'verdict',
          'expected',
          'paid',
          'dueAt',
        ),
      ],
    );
  }

  /** As {@link record}, for payments. */
  async recordPayments(
    tx: TenantTx,
    projectId: ProjectId,
    block: BlockOf,
    payments: readonly NewPayment[],
  ): Promise<void> {
    if (payments.length === 0) return;
    await tx.manager.query(
      `insert into sale_payments (tenant_id, registry_id, chain_id, transaction_hash, block_number, block_hash, paid_at,
                                  state, project_id, id, log_place, payer, receiver, asset, amount, suspended)
       select $1, $2, $3, $4, $5, $6, $7, 'PROVISIONAL', $8, p.*
         from unnest($9::uuid[], $10::int[], $11::text[], $12::text[], $13::text[], $14::numeric[], $15::numeric[]) as p
       on conflict (tenant_id, id) do update set
         block_number = excluded.block_number, block_hash = excluded.block_hash, paid_at = excluded.paid_at,
         state = excluded.state, payer = excluded.payer, receiver = excluded.receiver, asset = excluded.asset,
         amount = excluded.amount, suspended = excluded.suspended`,
      [
        tx.tenantId,
        ...placeValues(block),
        block.blockNumber,
        block.blockHash,
        block.blockTime,
        projectId,
        ...columns(payments, 'id', 'logPlace', 'payer', 'receiver', 'asset', 'amount', 'suspended'),
      ],
    );
  }

  /** Adds to what of a payment is in suspense. */
  async suspend(tx: TenantTx, paymentId: PaymentId, amount: bigint): Promise<void> {
    await tx.manager.query(
      'update sale_payments set suspended = coalesce(suspended, 0) + $3 where tenant_id = $1 and id = $2',
      [tx.tenantId, paymentId, amount],
    );
  }

  /** Says of what stands of a transaction's sales and payments that it is final, or taken back. */
  async setState(tx: TenantTx, place: ExaminedPlace, state: SaleState): Promise<void> {
    const closed = state === SaleState.REVERTED ? ', due_at = null, closed_at = null' : '';
    for (const [table, more] of [
      ['sales', closed],
      ['sale_payments', ''],
    ])
      await tx.manager.query(
        `update ${table} set state = $5 ${more} where ${OF_TRANSACTION} and state not in ('REVERTED', $5)`,
        [tx.tenantId, ...placeValues(place), state],
      );
  }

  /** Who sold works in sales that stand, from one time to another, both included. */
  async sellersBetween(
    tx: TenantTx,
    workIds: readonly WorkId[],
    from: Date,
    to: Date,
  ): Promise<Map<WorkId, Set<string>>> {
    const rows: { workId: WorkId; seller: AccountId }[] = await tx.manager.query(
      `select distinct work_id as "workId", seller from sales
        where tenant_id = $1 and work_id = any($2) and sold_at between $3 and $4 and state <> 'REVERTED'`,
      [tx.tenantId, workIds, from, to],
    );
    const sellers = new Map<WorkId, Set<string>>(workIds.map((workId) => [workId, new Set()]));
    for (const { workId, seller } of rows) sellers.get(workId)?.add(seller);
    return sellers;
  }

  /** Final sales of a registry whose window has closed, and that lack something; locked. */
  async due(tx: TenantTx, registryId: RegistryId, limit: number): Promise<DueSale[]> {
    return tx.manager.query(
      `select s.id, t.inclusion from sales s
         join sale_transactions t on t.tenant_id = s.tenant_id and t.registry_id = s.registry_id
          and t.chain_id = s.chain_id and t.transaction_hash = s.transaction_hash
        where s.tenant_id = $1 and s.registry_id = $2 and s.state = 'FINAL' and s.due_at < now() and s.closed_at is null
        order by s.due_at, s.id limit $3 for update of s`,
      [tx.tenantId, registryId, limit],
    );
  }

  /**
   * What a registry's receiver has forwarded of a token before a log of a transaction, less all that was known to have
   * come to it by then: what that transaction itself found is left out.
   */
  async forwardedUnknown(
    tx: TenantTx,
    { registryId, chainId, transactionHash, blockNumber }: Omit<BlockOf, 'blockHash' | 'blockTime'>,
    {
      token,
      asset,
      receiver,
    }: { readonly token: string; readonly asset: MoneyId; readonly receiver: string },
  ): Promise<bigint> {
    const [row]: { unknown: string }[] = await tx.manager.query(
      `select (coalesce((
          select sum((args->>'received')::numeric) from registry_events
           where tenant_id = $1 and registry_id = $2 and chain_id = $3 and name = 'MoneyReceived'
             and block_number <= $5 and transaction_hash <> $4
             and lower(args->>'token') = lower($6) and lower(args->>'payer') = lower($7)), 0)
        - coalesce((
          select sum(amount) from sale_payments
           where tenant_id = $1 and registry_id = $2 and chain_id = $3 and state <> 'REVERTED'
             and block_number <= $5 and transaction_hash <> $4
             and asset = $8 and lower(split_part(receiver, ':', 3)) = lower($7)), 0))::text as unknown`,
      [tx.tenantId, registryId, chainId, transactionHash, blockNumber, token, receiver, asset],
    );
    return BigInt(row?.unknown ?? 0);
  }

  /** When the next window of a registry's final sales closes. */
  async nextDue(tx: TenantTx, registryId: RegistryId): Promise<Date | undefined> {
    const [row]: { at: Date | null }[] = await tx.manager.query(
      `select min(due_at) as at from sales
        where tenant_id = $1 and registry_id = $2 and due_at is not null and closed_at is null and state = 'FINAL'`,
      [tx.tenantId, registryId],
    );
    return row?.at ?? undefined;
  }

  async close(tx: TenantTx, ids: readonly SaleId[]): Promise<void> {
    await tx.manager.query(
      `update sales set closed_at = now(), verdict = case verdict when 'UNMATCHED' then 'UNPAID' else verdict end
        where tenant_id = $1 and id = any($2)`,
      [tx.tenantId, ids],
    );
  }
}

function columns<Row>(rows: readonly Row[], ...names: readonly (keyof Row)[]): unknown[][] {
  return names.map((name) => rows.map((row) => row[name]));
}

function toSale({ chainId, blockNumber, blockHash, transactionHash, logPlace, ...sale }: SaleRow): Sale {
  return { ...sale, evidence: { chainId, blockNumber, blockHash, transactionHash, logPlace } };
}

function toPayment({
  chainId,
  blockNumber,
  blockHash,
  transactionHash,
  logPlace,
  ...payment
}: PaymentRow): SalePayment {
  return { ...payment, evidence: { chainId, blockNumber, blockHash, transactionHash, logPlace } };
}
