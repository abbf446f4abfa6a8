import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { type Address, pad, zeroAddress } from 'viem';
import { ChainTable, type EvmChain } from '../../../chains/chain-table';
import { chainHashOf } from '../../../chains/evm/registry/manifest';
import { payeeIdOf, payeeOf } from '../../../chains/evm/registry/payees';
import { settlementKey } from '../../../chains/evm/registry/vault-calls';
import type { Signers } from '../../../chains/signers/signers';
import type { ChainTransaction, TransactionIntent } from '../../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../../chains/transactions/transaction-errors';
import { ChainLogRepository } from '../../../domain/chain-state/log-repository';
import { TransactionRepository } from '../../../domain/chain-state/transaction-repository';
import { LaneService } from '../../../domain/dispatch/lane-service';
import type { MessageExecutor } from '../../../domain/dispatch/message-executor';
import type { StatementCarrier } from '../../../domain/dispatch/statement-carrier';
import { GuardActionRepository } from '../../../domain/guard/guard-action-repository';
import { GuardService, type GuardStores } from '../../../domain/guard/guard-service';
import { GuardWorker } from '../../../domain/guard/guard-worker';
import { IdempotencyRepository } from '../../../domain/idempotency/idempotency-repository';
import { IdempotencyService } from '../../../domain/idempotency/idempotency-service';
import { Ledger } from '../../../domain/ledger/ledger';
import { type NewEntry, type Posting, WHOLE } from '../../../domain/ledger/ledger-entry';
import { LedgerRepository } from '../../../domain/ledger/ledger-repository';
import { LicenceRepository } from '../../../domain/licensing/licence-repository';
import { OutboxRepository } from '../../../domain/outbox/outbox-repository';
import type { OwnerConsentService } from '../../../domain/ownership/owner-consent-service';
import type { RegistryEvent } from '../../../domain/provenance/registry-event';
import { RegistryEventRepository } from '../../../domain/provenance/registry-event-repository';
import { RegistryRepository } from '../../../domain/registry/registry-repository';
import { PolicyRepository } from '../../../domain/royalties/policy-repository';
import { SaleRepository } from '../../../domain/sales/sale-repository';
import { BookMarks } from '../../../domain/settlement/book-marks';
import { CreditCollector } from '../../../domain/settlement/credit-collector';
import { ReconciliationService } from '../../../domain/settlement/reconciliation-service';
import { RouteScout } from '../../../domain/settlement/route-scout';
import { RoyaltyForwarder } from '../../../domain/settlement/royalty-forwarder';
import { SettlementCosts } from '../../../domain/settlement/settlement-costs';
import { SettlementDelivery } from '../../../domain/settlement/settlement-delivery';
import {
  type SettlementChange,
  SettlementRepository,
} from '../../../domain/settlement/settlement-repository';
import { SettlementRuleRepository } from '../../../domain/settlement/settlement-rule-repository';
import { SettlementScheduler } from '../../../domain/settlement/settlement-scheduler';
import { SettlementService } from '../../../domain/settlement/settlement-service';
import { SettlementTracker } from '../../../domain/settlement/settlement-tracker';
import { SettlementWorker } from '../../../domain/settlement/settlement-worker';
import { VaultBooks } from '../../../domain/settlement/vault-books';
import { VaultPostings } from '../../../domain/settlement/vault-postings';
import { SettlementAnnouncer } from '../../../domain/webhooks/settlement-announcer';
import { composeWebhookStores } from '../../../domain/webhooks/webhook-stores';
import { type ChainId, erc20MoneyId, evmAccountId, evmChainId, type MoneyId } from '../../../schema/caip';
import {
  type MemberId,
  memberIdSchema,
  type PaymentId,
  type RegistryId,
  registryIdSchema,
  type TenantId,
} from '../../../schema/ids';
import type { Settlement, SettlementRule } from '../../../schema/types/settlement';
import { openDataSource } from '../../../tenants/data-source';
import { SecretBox } from '../../../tenants/secrets/secret-box';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { event } from '../../support/travel-events';
import { FakeVaults, FINAL, HEAD, VAULT } from './fake-vaults';

export const HOME = evmChainId(11155111);
export const MIRROR = evmChainId(84532);
export const DOLLAR: Address = '0x52908400098527886E0F7030069857D2E4169EE7';
export const ARTIST = evmAccountId(HOME, '0x00000000000000000000000000000000a27157aa');
const ARTIST_WORD = pad('0x00000000000000000000000000000000a27157aa');

/** A tenant whose registry stands on two chains. */
export interface Shop {
  readonly tenantId: TenantId;
  readonly registryId: RegistryId;
}

/** Transactions behind their port: what was submitted, and what became of it. */
class FakeTransactions {
  readonly submitted: TransactionIntent[] = [];
  private readonly known = new Map<string, ChainTransaction>();
  /** With what the next submission is refused, if at all. */
  refusal: `0x${string}` | undefined;

  async find(_tenantId: TenantId, intentKey: string): Promise<ChainTransaction | undefined> {
    return this.known.get(intentKey);
  }

  async submit(intent: TransactionIntent): Promise<ChainTransaction> {
    const { refusal } = this;
    this.refusal = undefined;
    if (refusal !== undefined) throw new ExecutionRevertedError(refusal);
    this.submitted.push(intent);
    return this.become(intent.intentKey, { state: 'broadcast' });
  }

  become(intentKey: string, status: Partial<ChainTransaction>): ChainTransaction {
    // CAST: what settlements look at of a transaction.
    const transaction = { intentKey, from: zeroAddress, ...status } as ChainTransaction;
    this.known.set(intentKey, transaction);
    return transaction;
  }
}

/** Settlements on a real database, over fake chains. */
export class SettlementHarness {
  readonly admin: Pool;
  readonly vaults = new FakeVaults();
  readonly transactions = new FakeTransactions();
  readonly ledger = new Ledger(new LedgerRepository());
  readonly settlements: SettlementService;
  readonly scheduler: SettlementScheduler;
  readonly idempotency: IdempotencyService;
  readonly forwarder: RoyaltyForwarder;
  readonly guardWorker: GuardWorker;
  readonly reconciliations: ReconciliationService;
  readonly worker: SettlementWorker;
  private readonly stores;
  private readonly tracker: SettlementTracker;
  private readonly books: VaultBooks;

  private constructor(
    private readonly database: TestDatabase,
    private readonly source: DataSource,
    readonly tenants: TenantDatabase,
  ) {
    this.admin = new Pool({ connectionString: database.adminUrl, max: 2 });
    const outbox = new OutboxRepository();
    const box = new SecretBox([Buffer.alloc(32, 1)]);
    this.idempotency = new IdempotencyService(tenants, new IdempotencyRepository(), box);
    const { publisher } = composeWebhookStores(box, outbox);
    this.stores = {
      outbox,
      settlements: new SettlementRepository(new SettlementAnnouncer(publisher)),
      settlementRules: new SettlementRuleRepository(),
      registries: new RegistryRepository({ stateChanged: async () => undefined }),
      events: new RegistryEventRepository(),
      logs: new ChainLogRepository(),
      transactions: new TransactionRepository(),
      vaultPostings: new VaultPostings(),
      bookMarks: new BookMarks(),
      policies: new PolicyRepository(),
      sales: new SaleRepository(),
      guardActions: new GuardActionRepository(),
      licences: new LicenceRepository(),
    };
    const { stores, vaults, ledger, transactions } = this;
    // CAST: what names a chain's money.
    const chainTable = new ChainTable(
      [HOME, MIRROR].map((chainId) => ({ chainId, nativeCoinType: 60 }) as EvmChain),
    );
    const collector = new CreditCollector(tenants, stores, vaults, chainTable);
    // CAST: nobody consents to anything here, and forwards are neither of works nor of statements.
    const guardStores = stores as unknown as GuardStores;
    const guard = new GuardService(tenants, guardStores, {} as OwnerConsentService);
    const costs = new SettlementCosts(tenants, stores.transactions, ledger, vaults, chainTable);
    this.forwarder = new RoyaltyForwarder(tenants, stores, guard, vaults, costs);
    // CAST: everybody is asked for the same account.
    const signers = { accountFor: async () => ({ address: VAULT }) } as unknown as Signers;
    const lanes = new LaneService(tenants, stores.registries, stores.events);
    const routes = new RouteScout(tenants, stores, { accesses: vaults, signers }, lanes);
    this.settlements = new SettlementService(tenants, stores, collector, this.forwarder, routes);
    this.scheduler = new SettlementScheduler(tenants, stores, this.settlements, this.forwarder);
    this.reconciliations = new ReconciliationService(tenants, stores, ledger, vaults, chainTable);
    this.tracker = new SettlementTracker(stores);
    this.books = new VaultBooks(tenants, ledger, stores, chainTable);
    // CAST: nothing is delivered here.
    const messages = {} as MessageExecutor;
    this.guardWorker = new GuardWorker(
      tenants,
      guardStores,
      // CAST: nothing is told to other chains here.
      { transactions, accesses: vaults, messages, carrier: {} as StatementCarrier, signers },
      { stateToMirrors: async () => undefined },
    );
    this.worker = new SettlementWorker(
      tenants,
      stores,
      { transactions, accesses: vaults, signers },
      lanes,
      new SettlementDelivery(transactions, vaults, chainTable, messages),
      costs,
    );
  }

  static async create(): Promise<SettlementHarness> {
    const database = await createTestDatabase();
    const source = await openDataSource({ url: database.appUrl, poolSize: 6, applicationName: 'test' });
    const harness = new SettlementHarness(database, source, new TenantDatabase(source));
    for (const chainId of [HOME, MIRROR])
      await harness.admin.query(
        `insert into chain_cursors (chain_id, head_number, head_hash, final_number, final_hash)
         values ($1, $2, '\\x00', $3, '\\x00')`,
        [chainId, String(HEAD), String(FINAL)],
      );
    return harness;
  }

  async destroy(): Promise<void> {
    await this.source.destroy();
    await this.admin.end();
    await this.database.drop();
  }

  /** A registry whose vaults owe all to the artist on home. @param royaltyReceiver - Its receiver, on both chains. */
  async shop(royaltyReceiver: Address | null = null): Promise<Shop> {
    const contract = `0x${'2'.repeat(40)}`;
    const contracts = [HOME, MIRROR].map((chainId) => ({
      chainId,
      collection: contract,
      gateway: contract,
      royaltyVault: VAULT,
      royaltyReceiver,
    }));
    const { rows } = await this.admin.query<{ tenant_id: TenantId; id: string }>(
      `with tenant as (insert into tenants (name) values ('t') returning tenant_id),
       project as (
         insert into projects (tenant_id, name, artist_name, artist_account, script, script_hash, edition_cap, royalty_bps, licence)
         select tenant_id, 'p', 'a', 'eip155:1:0x0', 's', '0x', 1, 0, 'l' from tenant returning tenant_id, id)
       insert into registries (tenant_id, project_id, name, symbol, state, home_chain_id, chain_ids, owner, manifest, contracts)
       select tenant_id, id, 'n', 's', 'ACTIVE', $1, array[$1, $2], $3, $4, $5 from project returning tenant_id, id`,
      [HOME, MIRROR, ARTIST, { artist: zeroAddress, adopted: zeroAddress }, JSON.stringify(contracts)],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('no registry was made');
    const shop = { tenantId: row.tenant_id, registryId: registryIdSchema.parse(row.id) };
    const shares = JSON.stringify([{ payee: payeeOf(ARTIST), bps: 10_000 }]);
    const payeeId = payeeIdOf(payeeOf(ARTIST));
    await this.record(
      shop,
      [],
      [
        event('SplitStated', { revision: '1', shares }, { chainId: MIRROR }),
        ...[HOME, MIRROR].map((chainId) =>
          // Of nothing: it tells that the payee is known there, and puts nothing on accounts.
          event('PayeeCredited', { token: DOLLAR, payeeId, amount: '0' }, { chainId }),
        ),
      ],
    );
    return shop;
  }

  async member({ tenantId }: Shop): Promise<MemberId> {
    const { rows } = await this.admin.query<{ id: string }>(
      `insert into members (tenant_id, email, name, role, password_hash) values ($1, $2, 'n', 'ADMIN', 'x') returning id`,
      [tenantId, `${randomUUID()}@example.org`],
    );
    return memberIdSchema.parse(rows[0]?.id);
  }

  /** @param finalAmount - By the last final block, if that has another. */
  owe(amount: bigint, finalAmount = amount): void {
    this.vaults.credits.set(ARTIST_WORD, amount);
    this.vaults.finalCredits.set(ARTIST_WORD, finalAmount);
  }

  /** A guardian pauses or resumes CCIP's lane to home. */
  gate(shop: Shop, name: 'LanePaused' | 'LaneResumed'): Promise<void> {
    const args = { chainHash: chainHashOf(HOME), transport: '1' };
    return this.record(shop, [], [event(name, args, { chainId: MIRROR })]);
  }

  /** Writes a change as one who read the settlement at some time. @returns Whether it was still so. */
  update({ tenantId }: Shop, known: Settlement, change: SettlementChange): Promise<boolean> {
    const record = { attempt: 1, digest: null, ...known };
    return this.tenants.transaction(tenantId, (tx) => this.stores.settlements.update(tx, record, change));
  }

  setRule({ tenantId }: Shop, over: Partial<SettlementRule> = {}): Promise<SettlementRule> {
    return this.settlements.setRule(tenantId, {
      asset: erc20MoneyId(MIRROR, DOLLAR),
      approvalAbove: null,
      maxCostBps: 100,
      waitAboveCap: true,
      valuedAmount: '1',
      valuedWei: '1',
      minAmount: null,
      everyHours: null,
      ...over,
    });
  }

  /** Asks for the dollars of a chain, or for whatever is asked for without naming an asset. */
  async request(
    { tenantId, registryId }: Shop,
    sourceChainId: ChainId = MIRROR,
    asset: MoneyId | null = erc20MoneyId(sourceChainId, DOLLAR),
  ): Promise<Settlement> {
    const [asked, ...more] = await this.settlements.request(tenantId, {
      registryId,
      sourceChainId,
      asset,
      lane: 'CCIP',
    });
    if (asked === undefined || more.length > 0) throw new Error('one settlement was asked for');
    return asked;
  }

  /** Has the worker look so many times. @returns the settlement as it is then. */
  async advance({ tenantId }: Shop, { id }: Pick<Settlement, 'id'>, times = 1): Promise<Settlement> {
    for (let nth = 0; nth < times; nth += 1) await this.worker.advance(tenantId, id);
    return this.settlements.get(tenantId, id);
  }

  /** What a reorg or new blocks make of the registry's events, told to those who follow them. */
  async record(
    { tenantId, registryId }: Shop,
    fallen: readonly RegistryEvent[],
    added: readonly RegistryEvent[],
  ): Promise<void> {
    for (const { chainId, blockNumber, logIndex } of added)
      await this.admin.query(
        `insert into chain_logs (chain_id, block_number, log_index, block_time, address, topics, data, tx_hash, block_hash)
         values ($1, $2, $3, 1790000000, '\\x00', '{}', '\\x00', '\\x00', '\\x00') on conflict do nothing`,
        [chainId, blockNumber, logIndex],
      );
    await this.tenants.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      const heights = [HOME, MIRROR].map((chainId) => ({ chainId, blockNumber: -1 }));
      const isGone = (one: RegistryEvent) =>
        [...fallen, ...added].some(
          (other) => other.transactionHash === one.transactionHash && other.name === one.name,
        );
      const known = await this.stores.events.findAbove(tx, registryId, heights);
      const kept = known.filter((one) => !isGone(one));
      await this.stores.events.replaceAbove(tx, registryId, heights, [...kept, ...added]);
      const change = { registry, touched: [...fallen, ...added], fallen, works: [] };
      for (const listener of [this.tracker, this.books]) await listener.projected(tx, change);
    });
  }

  /** What vaults log of a settlement that leaves and arrives. */
  journey({ id }: Pick<Settlement, 'id'>, amount: bigint, final: boolean) {
    const digest = payeeIdOf(payeeOf(evmAccountId(HOME, VAULT)));
    const settlementId = settlementKey(id);
    const token = DOLLAR;
    const transactionHash = `0x${id.replaceAll('-', '').padEnd(64, '7')}` as const;
    const arrived = { chainId: HOME, transactionHash, final };
    const credited = event(
      'PayeeCredited',
      { token, payeeId: payeeIdOf(payeeOf(ARTIST)), amount: String(amount) },
      arrived,
    );
    return {
      remitted: event(
        'SettlementRemitted',
        {
          settlementId,
          digest,
          dstChainHash: chainHashOf(HOME),
          transport: '1',
          token,
          amount: String(amount),
          messageId: digest,
        },
        { chainId: MIRROR, digest, final },
      ),
      credited: [
        credited,
        {
          ...event(
            'SettlementCredited',
            { srcChainHash: chainHashOf(MIRROR), settlementId, digest, token, received: String(amount) },
            { ...arrived, digest },
          ),
          blockNumber: credited.blockNumber,
          logIndex: 1,
        },
      ],
    };
  }

  /** Puts postings into the books, as a sale would. @param final - Whether their block is. */
  async credit(
    { tenantId, registryId }: Shop,
    postings: readonly Posting[],
    { final = false } = {},
  ): Promise<void> {
    await this.tenants.transaction(tenantId, async (tx) => {
      const { projectId } = await this.stores.registries.get(tx, registryId);
      const entry: NewEntry = {
        // CAST: a random UUID is an id.
        subject: randomUUID() as PaymentId,
        part: WHOLE,
        kind: 'DEPOSIT',
        inclusion: 0,
        projectId,
        occurredAt: new Date(),
        ground: 'UNATTRIBUTED',
        policyRevision: undefined,
        postings,
      };
      await this.ledger.post(tx, [entry]);
      if (final) await this.ledger.finalise(tx, [entry]);
    });
  }

  async balances({ tenantId }: Shop): Promise<Record<string, bigint>> {
    const found = await this.tenants.transaction(tenantId, (tx) => this.ledger.balances(tx));
    return Object.fromEntries(
      found
        .filter(({ balance }) => balance !== 0n)
        .map(({ kind, chainId, balance }) => [`${kind} ${chainId}`, balance]),
    );
  }
}
