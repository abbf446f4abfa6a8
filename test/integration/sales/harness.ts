import { randomBytes, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { encodeAbiParameters, encodeEventTopics, type Hex, zeroAddress } from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { ChainTable } from '../../../chains/chain-table';
import type { TransactionLog } from '../../../chains/evm/sales/executed-transaction';
import { TransactionReader } from '../../../chains/evm/sales/transaction-reader';
import type { ComparedChains } from '../../../chains/transactions/chain-access';
import { fromHex } from '../../../domain/chain-state/block-encoding';
import { ChainLogRepository } from '../../../domain/chain-state/log-repository';
import { Ledger } from '../../../domain/ledger/ledger';
import { LedgerReader } from '../../../domain/ledger/ledger-reader';
import { LedgerRepository } from '../../../domain/ledger/ledger-repository';
import { LedgerService } from '../../../domain/ledger/ledger-service';
import { LicenceRepository } from '../../../domain/licensing/licence-repository';
import { OutboxRepository } from '../../../domain/outbox/outbox-repository';
import { EventIntake } from '../../../domain/provenance/event-intake';
import { FindingRepository } from '../../../domain/provenance/finding-repository';
import { ProjectionRepository } from '../../../domain/provenance/projection-repository';
import { Projector } from '../../../domain/provenance/projector';
import { ProvenanceRepository } from '../../../domain/provenance/provenance-repository';
import { RegistryEventRepository } from '../../../domain/provenance/registry-event-repository';
import { ProjectRepository } from '../../../domain/registry/project-repository';
import { RegistryRepository } from '../../../domain/registry/registry-repository';
import { WorkRepository } from '../../../domain/registry/work-repository';
import { PolicyRepository } from '../../../domain/royalties/policy-repository';
import type { PolicyService } from '../../../domain/royalties/policy-service';
import { AttributionRepository } from '../../../domain/sales/attribution-repository';
import { AttributionService } from '../../../domain/sales/attribution-service';
import { MarketRepository } from '../../../domain/sales/market-repository';
import { MarketService } from '../../../domain/sales/market-service';
import { SaleObserver } from '../../../domain/sales/sale-observer';
import { SaleRepository } from '../../../domain/sales/sale-repository';
import { SaleService } from '../../../domain/sales/sale-service';
import { SaleTransactionRepository } from '../../../domain/sales/sale-transaction-repository';
import { TransactionWatch } from '../../../domain/sales/transaction-watch';
import { WindowCloser } from '../../../domain/sales/window-closer';
import { BookMarks } from '../../../domain/settlement/book-marks';
import { SettlementRepository } from '../../../domain/settlement/settlement-repository';
import { VaultBooks } from '../../../domain/settlement/vault-books';
import { VaultPostings } from '../../../domain/settlement/vault-postings';
import { RegistryAnnouncer } from '../../../domain/webhooks/registry-announcer';
import { SaleAnnouncer } from '../../../domain/webhooks/sale-announcer';
import { SettlementAnnouncer } from '../../../domain/webhooks/settlement-announcer';
import { composeWebhookStores } from '../../../domain/webhooks/webhook-stores';
import type { MoneyId } from '../../../schema/caip';
import {
  type ProjectId,
  projectIdSchema,
  type RegistryId,
  registryIdSchema,
  type TenantId,
  type WorkId,
  workIdSchema,
} from '../../../schema/ids';
import type { GuardAction } from '../../../schema/types/guard-action';
import type { Sale } from '../../../schema/types/sale';
import { openDataSource } from '../../../tenants/data-source';
import { SecretBox } from '../../../tenants/secrets/secret-box';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { unreachableChain } from '../../support/chain-entry';
import { policyServices } from '../../support/policy-services';
import { CHAIN } from '../../support/royalty-arbitraries';
import { ARTIST, at, BOOK, COLLECTION, hashOf, RECEIVER, SEAPORT, VAULT } from '../../support/sale-logs';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { FakeChain, fakeTransaction, type Lie } from './fake-chain';

const FOLLOWED: ReadonlySet<string> = new Set([COLLECTION, RECEIVER, VAULT, BOOK]);
const MAX_PASSES = 20;

/** A tenant with a registry and its works, numbered from 1, all of them minted to nobody in particular. */
export interface Gallery {
  readonly tenantId: TenantId;
  readonly projectId: ProjectId;
  readonly registryId: RegistryId;
  readonly works: readonly WorkId[];
}

/** What feeds the books from a chain, on a real database; the chain itself is told by nodes that may lie. */
export class SalesHarness {
  readonly chain = new FakeChain();
  /** What each node tells; one that is honest unless a test says otherwise. */
  lies: Lie[] = [(transaction) => transaction];
  /** False for a release whose books took no notice of what vaults log. */
  followsVault = true;
  /** Past the row policies: for arranging and inspecting only. */
  readonly admin: Pool;
  readonly ledger = new Ledger(new LedgerRepository());
  readonly sales: SaleService;
  readonly attributions: AttributionService;
  readonly markets: MarketService;
  readonly books: LedgerService;
  readonly policies: PolicyService;
  readonly closer: WindowCloser;
  readonly observer: SaleObserver;
  readonly vaultBooks: VaultBooks;
  private readonly projector: Projector;

  private constructor(
    readonly database: TestDatabase,
    private readonly source: DataSource,
    readonly tenants: TenantDatabase,
  ) {
    this.admin = new Pool({ connectionString: database.adminUrl, max: 2 });
    const outbox = new OutboxRepository();
    const { publisher } = composeWebhookStores(new SecretBox([randomBytes(32)]), outbox);
    const stores = {
      outbox,
      registries: new RegistryRepository(new RegistryAnnouncer(publisher)),
      projects: new ProjectRepository(),
      works: new WorkRepository(),
      events: new RegistryEventRepository(),
      provenance: new ProvenanceRepository(),
      findings: new FindingRepository(),
      policies: new PolicyRepository(),
      sales: new SaleRepository(),
      licences: new LicenceRepository(),
      attributions: new AttributionRepository(),
      saleTransactions: new SaleTransactionRepository(),
      markets: new MarketRepository(),
    };
    const announcer = new SaleAnnouncer(publisher);
    const logs = new ChainLogRepository();
    const chainTable = ChainTable.parse([{ ...unreachableChain(CHAIN, 1), seaport: [SEAPORT] }]);
    const bookStores = {
      ...stores,
      logs,
      settlements: new SettlementRepository(new SettlementAnnouncer(publisher)),
      vaultPostings: new VaultPostings(),
      bookMarks: new BookMarks(),
    };
    this.vaultBooks = new VaultBooks(tenants, this.ledger, bookStores, chainTable);
    this.projector = new Projector(
      tenants,
      new EventIntake(logs, stores.events, new ProjectionRepository()),
      stores,
      [
        {
          projected: async (tx, change) => {
            if (this.followsVault) await this.vaultBooks.projected(tx, change);
          },
        },
        new TransactionWatch(stores.events, stores.saleTransactions, outbox),
      ],
    );
    this.observer = new SaleObserver(
      tenants,
      new TransactionReader(this.nodes()),
      chainTable,
      stores,
      this.ledger,
      announcer,
    );
    this.closer = new WindowCloser(tenants, stores.sales, this.ledger, announcer);
    this.sales = new SaleService(tenants, stores.sales);
    this.attributions = new AttributionService(tenants, stores, this.ledger);
    this.markets = new MarketService(tenants, stores);
    this.books = new LedgerService(tenants, new LedgerReader());
    // CAST: what chains are told of a policy is not looked at here.
    const guard = { accept: async () => ({}) as GuardAction };
    this.policies = policyServices(tenants, { guard }).policies;
  }

  static async create(): Promise<SalesHarness> {
    const database = await createTestDatabase();
    const source = await openDataSource({ url: database.appUrl, poolSize: 4, applicationName: 'test' });
    return new SalesHarness(database, source, new TenantDatabase(source));
  }

  async destroy(): Promise<void> {
    await this.source.destroy();
    await this.admin.end();
    await this.database.drop();
  }

  /** A tenant with two works, whose mints are in a block of their own. Royalty 5 %, all the artist's. */
  async gallery(): Promise<Gallery> {
    const gallery = {
      tenantId: await this.insertTenant(),
      projectId: projectIdSchema.parse(randomUUID()),
      registryId: registryIdSchema.parse(randomUUID()),
      works: [1, 2].map(() => workIdSchema.parse(randomUUID())),
    };
    const { tenantId, projectId, registryId, works } = gallery;
    const artist = `${CHAIN}:${ARTIST}`;
    await this.admin.query(
      `insert into projects (tenant_id, id, name, artist_name, artist_account, script, script_hash, edition_cap, royalty_bps, licence)
       values ($1, $2, 'p', 'a', $3, 's', '0x', 9, 500, 'l')`,
      [tenantId, projectId, artist],
    );
    const contracts = [
      {
        chainId: CHAIN,
        collection: COLLECTION,
        gateway: at(0xc1),
        lanes: at(0xc2),
        royaltyReceiver: RECEIVER,
        royaltyVault: VAULT,
        licenceBook: BOOK,
      },
    ];
    await this.admin.query(
      `insert into registries (tenant_id, id, project_id, name, symbol, state, home_chain_id, chain_ids, owner, manifest, contracts)
       values ($1, $2, $3, 'r', 'R', 'ACTIVE', $4, array[$4], $5, $6, $7)`,
      [
        tenantId,
        registryId,
        projectId,
        CHAIN,
        artist,
        JSON.stringify({ artist: zeroAddress, adopted: zeroAddress }),
        JSON.stringify(contracts),
      ],
    );
    await this.admin.query(
      'insert into projections (tenant_id, registry_id, chain_id, final_block) values ($1, $2, $3, -1)',
      [tenantId, registryId, CHAIN],
    );
    await this.admin.query(
      `with m as (insert into mints (tenant_id, registry_id) values ($1, $2) returning id)
       insert into works (tenant_id, id, project_id, registry_id, mint_id, first_holder, document, document_hash, metadata)
       select $1, w.id, $3, $2, m.id, $4, '{}', w.hash, '{}' from m, unnest($5::uuid[], $6::text[]) as w (id, hash)`,
      [tenantId, registryId, projectId, artist, works, works.map((_id, index) => hashOf(index + 1))],
    );
    if (this.chain.blocks.length === 0) this.chain.mine(fakeTransaction([minted(1), minted(2)]));
    this.chain.finalise();
    await this.see(gallery);
    return gallery;
  }

  /** Has the followers record the chain as it is now, and the record brought up to date. */
  async see({ tenantId, registryId }: Gallery): Promise<void> {
    await this.admin.query('delete from chain_logs where chain_id = $1', [CHAIN]);
    for (const block of this.chain.blocks) {
      const logs = block.transactions.flatMap(({ hash, logs }) => logs.map((log) => ({ ...log, hash })));
      for (const [index, log] of logs.entries()) {
        if (!FOLLOWED.has(log.address)) continue;
        await this.admin.query(
          `insert into chain_logs (chain_id, block_number, log_index, block_time, address, topics, data, tx_hash, block_hash)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            CHAIN,
            block.number,
            index,
            block.time,
            fromHex(log.address),
            Buffer.concat(log.topics.map(fromHex)),
            fromHex(log.data),
            fromHex(log.hash),
            fromHex(block.hash),
          ],
        );
      }
    }
    const hashAt = (number: number) => fromHex(this.chain.blocks[number]?.hash ?? hashOf(0));
    const head = this.chain.blocks.length - 1;
    await this.admin.query(
      `insert into chain_cursors (chain_id, head_number, head_hash, final_number, final_hash) values ($1, $2, $3, $4, $5)
       on conflict (chain_id) do update set head_number = $2, head_hash = $3, final_number = $4, final_hash = $5`,
      [CHAIN, head, hashAt(head), this.chain.final, hashAt(this.chain.final)],
    );
    await this.projector.project(tenantId, registryId);
  }

  /** As {@link see}, and examines all transactions that wait for it. */
  async observe(gallery: Gallery): Promise<void> {
    await this.see(gallery);
    for (let pass = 0; pass < MAX_PASSES; pass += 1)
      if (!(await this.observer.observe(gallery.tenantId, gallery.registryId))) return;
    throw new Error('there is always more to examine');
  }

  /** An offer of a licence, as the projection keeps it. */
  async offer({ tenantId, registryId }: Gallery, offerId: number, price: bigint, currency: MoneyId | null) {
    await this.admin.query(
      `insert into licence_offers (tenant_id, registry_id, chain_id, offer_id, template_hash, currency, price, transferable,
                                   revocable, token_ids, withdrawn, provisional)
       values ($1, $2, $3, $4, '0x', $5, $6, false, false, '{}', false, false)`,
      [tenantId, registryId, CHAIN, offerId, currency, String(price)],
    );
  }

  async salesOf({ tenantId }: Gallery): Promise<Sale[]> {
    const page = await this.sales.page(tenantId, { first: 100, after: undefined, order: 'OLDEST_FIRST' });
    // Those that were recorded together were so at the same time.
    const sales = page.edges.map(({ node }) => node);
    return sales.sort((one, other) => one.soldAt.getTime() - other.soldAt.getTime());
  }

  /** Balances by kind of account, in native money, without those that are zero. */
  async balances({ tenantId }: Gallery): Promise<Record<string, bigint>> {
    const found = await this.tenants.transaction(tenantId, (tx) => this.ledger.balances(tx));
    return Object.fromEntries(
      found.filter(({ balance }) => balance !== 0n).map(({ kind, balance }) => [kind, balance]),
    );
  }

  /** Each entry of the books as: kind, state, and whether it takes another back; in order. */
  async entries({ tenantId }: Gallery): Promise<string[]> {
    const page = await this.books.entries(tenantId, { first: 100, after: undefined, order: 'OLDEST_FIRST' });
    return page.edges.map(({ node }) => `${node.kind} ${node.isReversal ? 'reversal ' : ''}${node.state}`);
  }

  private nodes(): ComparedChains {
    const nodes = () => this.lies.map((lie) => this.chain.node(lie));
    // CAST: all that the reader uses.
    return {
      get: () => ({
        request: (call: Parameters<ReturnType<FakeChain['node']>['request']>[0]) => nodes()[0]?.request(call),
        get endpoints() {
          return nodes();
        },
      }),
    } as unknown as ComparedChains;
  }

  private async insertTenant(): Promise<TenantId> {
    const { rows } = await this.admin.query<{ tenant_id: TenantId }>(
      "insert into tenants (name) values ('t') returning tenant_id",
    );
    const [row] = rows;
    if (row === undefined) throw new Error('no tenant was made');
    return row.tenant_id;
  }
}

/** The mint of a work of the gallery. */
function minted(tokenId: number): TransactionLog {
  const args = { workId: BigInt(tokenId), to: at(1), documentHash: hashOf(tokenId) };
  const topics = encodeEventTopics({ abi: collectionAbi, eventName: 'WorkMinted', args });
  const rest = [{ type: 'bytes32' }, { type: 'uint64' }, { type: 'bytes32' }] as const;
  const data = encodeAbiParameters(rest, [hashOf(1), BigInt(tokenId), hashOf(2)]);
  // CAST: an event with three indexed arguments, all given.
  return { address: COLLECTION, topics: topics as readonly Hex[], data };
}
