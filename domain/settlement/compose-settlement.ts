import type { ChainTable } from '../../chains/chain-table';
import type { Signers } from '../../chains/signers/signers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { TransactionRepository } from '../chain-state/transaction-repository';
import type { LaneService } from '../dispatch/lane-service';
import type { MessageExecutor } from '../dispatch/message-executor';
import type { GuardService } from '../guard/guard-service';
import type { Ledger } from '../ledger/ledger';
import { BookMarks } from './book-marks';
import { type CollectorStores, CreditCollector } from './credit-collector';
import { ReconciliationService } from './reconciliation-service';
import { RemittanceOftService } from './remittance-oft-service';
import { RouteScout } from './route-scout';
import { type ForwarderStores, RoyaltyForwarder } from './royalty-forwarder';
import { SettlementCosts } from './settlement-costs';
import { SettlementDelivery } from './settlement-delivery';
import { SettlementScheduler } from './settlement-scheduler';
import { SettlementService, type SettlementStores } from './settlement-service';
import { SettlementTracker } from './settlement-tracker';
import { SettlementWorker } from './settlement-worker';
import { type VaultBookStores, VaultBooks } from './vault-books';
import { VaultPostings } from './vault-postings';

export interface SettlementFoundations {
  readonly database: TenantDatabase;
  readonly stores: SettlementStores &
    CollectorStores &
    ForwarderStores &
    Omit<VaultBookStores, 'vaultPostings' | 'bookMarks'> & { readonly transactions: TransactionRepository };
  readonly accesses: ChainAccesses;
  readonly chainTable: ChainTable;
  readonly transactions: TransactionManager;
  readonly signers: Signers;
  readonly lanes: LaneService;
  readonly messages: MessageExecutor;
  readonly ledger: Ledger;
  readonly guard: Pick<GuardService, 'accept'>;
}

/** Builds what happens after money is in a vault. */
export function composeSettlement(foundations: SettlementFoundations) {
  const { database, stores, accesses, chainTable, transactions, signers, lanes, messages, ledger, guard } =
    foundations;
  const costs = new SettlementCosts(database, stores.transactions, ledger, accesses, chainTable);
  const delivery = new SettlementDelivery(transactions, accesses, chainTable, messages);
  const creditCollector = new CreditCollector(database, stores, accesses, chainTable);
  const royaltyForwarder = new RoyaltyForwarder(database, stores, guard, accesses, costs);
  const routes = new RouteScout(database, stores, { accesses, signers }, lanes);
  const settlements = new SettlementService(database, stores, creditCollector, royaltyForwarder, routes);
  return {
    creditCollector,
    settlements,
    royaltyForwarder,
    remittanceOfts: new RemittanceOftService(database, stores, guard, accesses),
    settlementScheduler: new SettlementScheduler(database, stores, settlements, royaltyForwarder),
    reconciliations: new ReconciliationService(database, stores, ledger, accesses, chainTable),
    // what only workers use
    settlementWorker: new SettlementWorker(
      database,
      stores,
      { transactions, accesses, signers },
      lanes,
      delivery,
      costs,
    ),
    settlementTracker: new SettlementTracker(stores),
    vaultBooks: new VaultBooks(
      database,
      ledger,
      { ...stores, vaultPostings: new VaultPostings(), bookMarks: new BookMarks() },
      chainTable,
    ),
  };
}
