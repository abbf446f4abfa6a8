import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { pollUntil } from '../../../cli/embedded/poll';
import { Ledger } from '../../../domain/ledger/ledger';
import { LedgerRepository } from '../../../domain/ledger/ledger-repository';
import type { PolicyService } from '../../../domain/royalties/policy-service';
import type { TenantId } from '../../../schema/ids';
import { openDataSource } from '../../../tenants/data-source';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { policyServices } from '../../support/policy-services';
import { CHAIN, OTHER_PROJECT, PROJECT } from '../../support/royalty-arbitraries';
import { SaleBooks } from '../../support/sale-books';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

/** Balances by account, without those that are zero. */
export type Balances = Record<string, bigint>;

/** Books on a real database. */
export class LedgerHarness {
  /** Past the row policies: for arranging and inspecting only. */
  readonly admin: Pool;
  readonly ledger = new Ledger(new LedgerRepository());
  readonly books: SaleBooks;
  readonly policies: PolicyService;

  private constructor(
    readonly database: TestDatabase,
    private readonly source: DataSource,
    readonly tenants: TenantDatabase,
  ) {
    this.admin = new Pool({ connectionString: database.adminUrl, max: 2 });
    this.books = new SaleBooks(tenants, this.ledger);
    this.policies = policyServices(tenants, { knowsChain: (chainId) => chainId === CHAIN }).policies;
  }

  static async create(): Promise<LedgerHarness> {
    const database = await createTestDatabase();
    const source = await openDataSource({ url: database.appUrl, poolSize: 8, applicationName: 'test' });
    return new LedgerHarness(database, source, new TenantDatabase(source));
  }

  async destroy(): Promise<void> {
    await this.source.destroy();
    await this.admin.end();
    await this.database.drop();
  }

  /** A tenant with both projects of the arbitraries. */
  async tenant(): Promise<TenantId> {
    const { rows } = await this.admin.query<{ tenant_id: TenantId }>(
      `with tenant as (insert into tenants (name) values ('t') returning tenant_id)
       insert into projects (tenant_id, id, name, artist_name, artist_account, script, script_hash, edition_cap,
                             royalty_bps, licence)
       select tenant_id, unnest($1::uuid[]), 'p', 'a', 'eip155:1:0x0', 's', '0x', 1, 0, 'l' from tenant
       returning tenant_id`,
      [[PROJECT, OTHER_PROJECT]],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('no tenant was made');
    return row.tenant_id;
  }

  async balances(tenantId: TenantId, at?: Date): Promise<Balances> {
    const found = await this.tenants.transaction(tenantId, (tx) =>
      at === undefined ? this.ledger.balances(tx) : this.ledger.balancesAt(tx, at),
    );
    return Object.fromEntries(
      found
        .filter(({ balance }) => balance !== 0n)
        .map(({ kind, owner, asset, balance }) => [`${kind} ${owner} ${asset}`, balance]),
    );
  }

  /** Until a transaction waits for another. */
  async untilSomebodyWaits(): Promise<void> {
    const waits = async () => {
      const { rows } = await this.admin.query(
        "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      return rows.length > 0;
    };
    if (!(await pollUntil(waits, 10_000))) throw new Error('nobody waits for anybody');
  }

  /** The database's clock, to the millisecond that a Date keeps, once that has passed. */
  async now(): Promise<Date> {
    const { rows } = await this.admin.query<{ now: Date }>(
      "select date_trunc('milliseconds', clock_timestamp()) as now, pg_sleep(0.001)",
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the database does not tell the time');
    return row.now;
  }
}
