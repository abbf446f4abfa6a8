import type { ChainTable } from '../../chains/chain-table';
import { RpcDisagreementError } from '../../chains/evm/rpc/rpc-errors';
import type { ExecutedTransaction } from '../../chains/evm/sales/executed-transaction';
import type { TransactionReader } from '../../chains/evm/sales/transaction-reader';
import { evmAccountId } from '../../schema/caip';
import { DomainError } from '../../schema/domain-error';
import type { RegistryId, TenantId } from '../../schema/ids';
import { closeSales } from '../../schema/jobs';
import type { Registry } from '../../schema/types/registry';
import { type Sale, SaleMark, SaleState } from '../../schema/types/sale';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { notifyAllChanged } from '../events/change-notifier';
import type { Ledger } from '../ledger/ledger';
import type { LicenceRepository } from '../licensing/licence-repository';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { ProjectRepository } from '../registry/project-repository';
import type { RegistryRepository } from '../registry/registry-repository';
import type { WorkRepository } from '../registry/work-repository';
import { type AssessedSale, assessTransaction, suspendedOf } from '../royalties/assessment';
import { ownPolicy } from '../royalties/own-policy';
import type { PolicyRepository, PolicyRevision } from '../royalties/policy-repository';
import { entriesOf, licenceEntry } from '../royalties/sale-entries';
import type { AttributionRepository } from './attribution-repository';
import { attributionKey } from './attribution-service';
import type { FoundPayment, FoundSale } from './found-sale';
import { registryReceivers } from './registry-receivers';
import type { BlockOf, SaleRepository } from './sale-repository';
import type { SaleTransaction, SaleTransactionRepository } from './sale-transaction-repository';
import { keysOf } from './transaction-books';
import { type Found, TransactionFinder } from './transaction-finder';

/** Transactions that are read at once, of each chain, and recorded in one go. */
const BATCH = 20;
/** A work that comes back within this time to who had sold it, in milliseconds, has gone in a circle. */
const CIRCLE_MS = 30 * 86_400_000;

/** Whoever must know of sales. */
export interface SaleListener {
  /** Runs in the transaction in which they were recorded, became final or were taken back. */
  salesChanged(tx: TenantTx, sales: readonly Sale[]): Promise<void>;
  /** Runs in the transaction in which their windows closed, of those that lack something. */
  salesUnpaid(tx: TenantTx, sales: readonly Sale[]): Promise<void>;
}

export interface ObserverStores {
  readonly registries: RegistryRepository;
  readonly projects: ProjectRepository;
  readonly works: WorkRepository;
  readonly policies: PolicyRepository;
  readonly saleTransactions: SaleTransactionRepository;
  readonly sales: SaleRepository;
  readonly licences: LicenceRepository;
  readonly attributions: AttributionRepository;
  readonly outbox: OutboxRepository;
}

/** A transaction with what it did; undefined if no block has it. */
interface Sighting {
  readonly transaction: SaleTransaction;
  readonly executed: ExecutedTransaction | undefined;
}

/** A transaction that no node, or too few, have as the followers do. */
interface Failure {
  readonly transaction: SaleTransaction;
  readonly error: DomainError;
}

/**
 * Finds the sales in the transactions that wait to be examined, and keeps record and books of them.
 *
 * What a transaction did is found afresh at each news of it. What is found the same again changes nothing but, once its
 * block is final, its finality; anything else (another block, nothing, or other logs than an endpoint had told) takes
 * back all that was recorded of the transaction and records what is true now, one inclusion later.
 */
export class SaleObserver {
  private readonly finder: TransactionFinder;

  constructor(
    private readonly database: TenantDatabase,
    private readonly reader: TransactionReader,
    chains: Pick<ChainTable, 'get'>,
    private readonly stores: ObserverStores,
    private readonly ledger: Ledger,
    private readonly listener: SaleListener,
  ) {
    this.finder = new TransactionFinder(chains, stores.works, stores.sales, stores.licences);
  }

  /**
   * Examines some of a registry's transactions that wait, on each chain in the order of blocks, up to the first that
   * cannot be read. A chain that cannot be read does not hold up the others.
   *
   * @returns Whether more wait.
   * @throws RpcDisagreementError or another retryable error if none of those that wait can be read.
   */
  async observe(tenantId: TenantId, registryId: RegistryId): Promise<boolean> {
    const { registry, waiting } = await this.database.transaction(tenantId, async (tx) => ({
      registry: await this.stores.registries.get(tx, registryId),
      waiting: await this.stores.saleTransactions.waiting(tx, registryId, BATCH),
    }));
    if (waiting.length === 0) return false;
    const readings = await Promise.all(waiting.map((transaction) => this.read(transaction)));
    const failures = readings.filter(isFailure);
    const stuck = new Map(
      [...failures].reverse().map(({ transaction }) => [transaction.chainId, transaction]),
    );
    const sightings = readings.flatMap((reading) => {
      const first = stuck.get(reading.transaction.chainId);
      return isFailure(reading) || (first !== undefined && isBehind(reading.transaction, first))
        ? []
        : reading;
    });
    const [failure] = failures;
    if (sightings.length === 0 && failure !== undefined) throw failure.error;
    await this.database.transaction(tenantId, async (tx) => {
      await this.ledger.hold(tx);
      for (const sighting of sightings) await this.examine(tx, registry, sighting);
    });
    return true;
  }

  private async read(transaction: SaleTransaction): Promise<Sighting | Failure> {
    const { chainId, transactionHash: hash, blockHash, standing, final } = transaction;
    if (!standing) return { transaction, executed: undefined };
    const place = { chainId, hash, blockHash };
    try {
      const executed = await (final ? this.reader.readAgreed(place) : this.reader.read(place));
      return executed === undefined
        ? { transaction, error: new RpcDisagreementError(chainId, { context: { transaction: hash } }) }
        : { transaction, executed };
    } catch (error) {
      if (!(error instanceof DomainError) || !error.retryable) throw error;
      return { transaction, error };
    }
  }

  private async examine(
    tx: TenantTx,
    registry: Registry,
    { transaction, executed }: Sighting,
  ): Promise<void> {
    const { saleTransactions, sales } = this.stores;
    const locked = await saleTransactions.lock(tx, transaction);
    if (locked === undefined) return;
    const { policy, found } = await this.find(tx, registry, locked, executed);
    const isSame = found.hash === locked.foundHash;
    let inclusion = locked.inclusion;
    if (!isSame && locked.foundHash !== null) {
      await this.takeBack(tx, locked);
      inclusion += 1;
    }
    if (!isSame && found.hash !== null)
      await this.record(tx, registry, { ...locked, inclusion }, policy, found);
    if (found.hash !== null && locked.final) await this.finalise(tx, { ...locked, inclusion });
    else if (!isSame) await this.tell(tx, await sales.standing(tx, locked));
    await saleTransactions.saveExamined(tx, { ...locked, inclusion, foundHash: found.hash });
  }

  /**
   * What a transaction did, by the policy that it was recorded under. If that is something else than was recorded, it is
   * recorded anew, by the policy of its block's time as it is stated now.
   */
  private async find(
    tx: TenantTx,
    registry: Registry,
    transaction: SaleTransaction,
    executed: ExecutedTransaction | undefined,
  ): Promise<{ readonly policy: PolicyRevision; readonly found: Found }> {
    const stated = await this.policyAt(tx, registry, transaction.blockTime);
    if (executed === undefined) return { policy: stated, found: { sales: [], payments: [], hash: null } };
    const [standing] = await this.stores.sales.standing(tx, transaction);
    if (standing !== undefined && standing.policyRevision !== stated.revision) {
      const policy = await this.policyOf(tx, registry, standing.policyRevision);
      const found = await this.finder.find(tx, registry, executed, policy);
      if (found.hash === transaction.foundHash) return { policy, found };
    }
    return { policy: stated, found: await this.finder.find(tx, registry, executed, stated) };
  }

  private async takeBack(tx: TenantTx, transaction: SaleTransaction): Promise<void> {
    const { sales } = this.stores;
    const before = await sales.standing(tx, transaction);
    const attributed = await this.stores.attributions.endOf(tx, transaction);
    await this.ledger.reverse(tx, [
      ...(await this.keys(tx, transaction, before)),
      ...attributed.map(attributionKey),
    ]);
    await sales.setState(tx, transaction, SaleState.REVERTED);
    await this.tell(
      tx,
      await sales.findByIds(
        tx,
        before.map(({ id }) => id),
      ),
    );
  }

  private async finalise(tx: TenantTx, transaction: SaleTransaction): Promise<void> {
    const { sales, outbox } = this.stores;
    await sales.setState(tx, transaction, SaleState.FINAL);
    const standing = await sales.standing(tx, transaction);
    await this.ledger.finalise(tx, await this.keys(tx, transaction, standing));
    await this.tell(tx, standing);
    const due = standing.flatMap(({ dueAt }) => dueAt?.getTime() ?? []);
    if (due.length === 0) return;
    const { registryId } = transaction;
    await outbox.add(
      tx,
      closeSales,
      { tenantId: tx.tenantId, registryId },
      { notBefore: new Date(Math.min(...due)) },
    );
  }

  private async keys(tx: TenantTx, transaction: SaleTransaction, sales: readonly Sale[]) {
    return keysOf(
      sales.map(({ id }) => id),
      await this.stores.sales.standingPayments(tx, transaction),
      transaction.inclusion,
    );
  }

  private async record(
    tx: TenantTx,
    registry: Registry,
    transaction: SaleTransaction,
    { revision, policy }: PolicyRevision,
    found: Found,
  ): Promise<void> {
    const { projectId } = registry;
    const { chainId, transactionHash, blockTime, inclusion } = transaction;
    const receivers = registryReceivers(registry);
    const common = { inclusion, transactionHash };
    const payments = found.payments.map((payment) => ({
      ...payment,
      ...common,
      paidAt: blockTime,
      receiver: evmAccountId(chainId, payment.receiver),
    }));
    const [fees, royalties] = partition(payments, ({ licence }) => licence !== undefined);
    const { sales, deposits } = assessTransaction(
      {
        sales: found.sales.map((sale) => ({ ...sale, ...common, projectId, blockTime })),
        payments: royalties,
      },
      () => ({ revision, policy, receivers }),
      (receiver) => (receivers.has(receiver) ? projectId : undefined),
      // What is missing is called unpaid later, by whoever closes windows.
      blockTime,
    );
    const block: BlockOf = transaction;
    const assessed = new Map(sales.map((one) => [one.sale.saleId, one]));
    const circles = await this.circles(tx, found.sales, blockTime, chainId);
    await this.stores.sales.record(
      tx,
      block,
      found.sales.map((sale) => {
        const one = assessed.get(sale.saleId);
        if (one === undefined) throw new Error('each sale is assessed');
        return newSale(registry, transaction, sale, one, circles.has(sale));
      }),
    );
    const suspended = suspendedOf(sales, deposits);
    await this.stores.sales.recordPayments(
      tx,
      projectId,
      block,
      found.payments.map((payment) =>
        newPayment(transaction, payment, suspended.get(payment.paymentId) ?? 0n),
      ),
    );
    await this.ledger.post(tx, [
      ...[...sales, ...deposits].flatMap(entriesOf),
      ...fees.map((payment) => licenceEntry({ projectId, payment })),
    ]);
  }

  /** Sales by which a work came back to somebody who had sold it lately, be it in the same transaction. */
  private async circles(
    tx: TenantTx,
    sales: readonly FoundSale[],
    blockTime: Date,
    chainId: SaleTransaction['chainId'],
  ): Promise<Set<FoundSale>> {
    const since = new Date(blockTime.getTime() - CIRCLE_MS);
    const workIds = [...new Set(sales.map(({ workId }) => workId))];
    const sellers = await this.stores.sales.sellersBetween(tx, workIds, since, blockTime);
    const circles = new Set<FoundSale>();
    for (const sale of sales) {
      const known = sellers.get(sale.workId);
      if (known?.has(evmAccountId(chainId, sale.buyer)) === true) circles.add(sale);
      known?.add(evmAccountId(chainId, sale.seller));
    }
    return circles;
  }

  private async policyAt(tx: TenantTx, registry: Registry, blockTime: Date): Promise<PolicyRevision> {
    const stated = await this.stores.policies.findAt(tx, registry.projectId, blockTime);
    return stated ?? this.policyOf(tx, registry, 0);
  }

  private async policyOf(tx: TenantTx, { projectId }: Registry, revision: number): Promise<PolicyRevision> {
    const [project] = await this.stores.projects.findByIds(tx, [projectId]);
    if (project === undefined) throw new Error('a registry has a project');
    const all = [ownPolicy(project), ...(await this.stores.policies.history(tx, projectId))];
    const policy = all[revision];
    if (policy === undefined) throw new Error(`project ${projectId} has no policy of revision ${revision}`);
    return policy;
  }

  private async tell(tx: TenantTx, sales: readonly Sale[]): Promise<void> {
    if (sales.length === 0) return;
    await notifyAllChanged(
      tx,
      'Sale',
      sales.map(({ id }) => id),
    );
    await this.listener.salesChanged(tx, sales);
  }
}

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

function isFailure(reading: Sighting | Failure): reading is Failure {
  return 'error' in reading;
}

/** In the order in which they wait. */
function isBehind(one: SaleTransaction, other: SaleTransaction): boolean {
  return (
    one.blockNumber > other.blockNumber ||
    (one.blockNumber === other.blockNumber && one.transactionHash > other.transactionHash)
  );
}

function newSale(
  { id: registryId, projectId }: Registry,
  { chainId, blockTime }: SaleTransaction,
  { saleId, workId, place, venue, orderHash, seller, buyer, asset, price, isBundled, marks }: FoundSale,
  { ground, verdict, expected, paid, shortfall, terms }: AssessedSale,
  isCircle: boolean,
) {
  const closesAt = new Date(blockTime.getTime() + terms.policy.paymentWindowSeconds * 1_000);
  return {
    id: saleId,
    projectId,
    registryId,
    workId,
    logPlace: place,
    venue,
    orderHash,
    seller: evmAccountId(chainId, seller),
    buyer: evmAccountId(chainId, buyer),
    asset,
    price,
    bundled: isBundled,
    marks: [...new Set([...marks, ...(isCircle ? [SaleMark.WASH_TRADE] : [])])],
    policyRevision: terms.revision,
    ground,
    verdict,
    expected,
    paid,
    dueAt: shortfall === 0n ? null : closesAt,
    soldAt: blockTime,
  };
}

function newPayment({ chainId }: SaleTransaction, payment: FoundPayment, suspended: bigint) {
  return {
    id: payment.paymentId,
    logPlace: payment.place,
    payer: payment.payer === null ? null : evmAccountId(chainId, payment.payer),
    receiver: evmAccountId(chainId, payment.receiver),
    asset: payment.asset,
    amount: payment.amount,
    suspended,
  };
}
