import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What pages of rows that grow without bound can be narrowed by, and had no index for. */
const FILTERS: Readonly<Record<string, readonly string[]>> = {
  works: ['project_id', 'registry_id', 'state', 'chain_id'],
  dispatches: [
    'registry_id',
    'state',
    'kind',
    'origin',
    'transport',
    'source_chain_id',
    'destination_chain_id',
  ],
  sales: ['project_id', 'work_id', 'chain_id', 'state', 'verdict', 'venue', 'asset', 'seller', 'buyer'],
  settlements: ['registry_id', 'state', 'source_chain_id', 'destination_chain_id'],
  guard_actions: ['registry_id', 'work_id', 'dispatch_id', 'kind', 'state'],
  licences: ['registry_id', 'chain_id', 'template_hash', 'holder'],
  audit_entries: ['operation', 'actor', 'request_id'],
};

/**
 * A page that is narrowed to what is rare read all rows of its tenant that are not. Each filter has an index of its own,
 * in the order of pages; of several filters PostgreSQL takes the rarest.
 */
export class FilteredPages1700000000044 implements MigrationInterface {
  readonly name = 'FilteredPages1700000000044';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(FILTERS))
      for (const column of columns)
        await queryRunner.query(
          `create index ${pageBy(table, column)} on ${table} (tenant_id, ${column}, created_at desc, id desc)`,
        );
    await queryRunner.query(`
      drop index licences_by_holder;
      create index webhook_deliveries_page_by_state on webhook_deliveries
        (tenant_id, endpoint_id, state, created_at desc, id desc);
      create index webhook_deliveries_page_by_event_type on webhook_deliveries
        (tenant_id, endpoint_id, event_type, created_at desc, id desc);
      create index ledger_entries_page_by_project_id on ledger_entries (tenant_id, project_id, sequence);
      create index ledger_entries_page_by_kind on ledger_entries (tenant_id, kind, sequence)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(FILTERS))
      await queryRunner.query(`drop index ${columns.map((column) => pageBy(table, column)).join(', ')}`);
    await queryRunner.query(`
      drop index webhook_deliveries_page_by_state, webhook_deliveries_page_by_event_type,
                 ledger_entries_page_by_project_id, ledger_entries_page_by_kind;
      create index licences_by_holder on licences (tenant_id, holder)`);
  }
}

function pageBy(table: string, column: string): string {
  return `${table}_page_by_${column}`;
}
