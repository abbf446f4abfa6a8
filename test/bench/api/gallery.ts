import { TenancyService } from '../../../domain/tenancy/tenancy-service';
import { openDataSource } from '../../../tenants/data-source';
import { SystemDatabase } from '../../../tenants/system-database';
import { withClient } from '../../support/template-database';
import type { TestDatabase } from '../../support/test-database';
import { LIST_ROWS } from './documents';

const HOME = 'eip155:11155111';
const MIRROR = 'eip155:84532';
const HOLDER = `${HOME}:0x52908400098527886E0F7030069857D2E4169EE7`;

/** A tenant with enough rows for every page to be full, and other tenants beside it. */
export async function fillGalleries(
  database: TestDatabase,
  others: number,
): Promise<{ tenantId: string; apiKey: string }> {
  const system = await openDataSource({ url: database.systemUrl, poolSize: 1, applicationName: 'bench' });
  try {
    const tenancy = new TenancyService(new SystemDatabase(system));
    const tenants: { tenantId: string; apiKey: string }[] = [];
    for (let index = 0; index <= others; index += 1)
      tenants.push(await tenancy.createTenant(`Gallery ${index}`));
    await withClient(database.adminUrl, async (admin) => {
      for (const { tenantId } of tenants) await admin.query(ROWS, [tenantId, HOLDER, HOME, MIRROR]);
      await admin.query('analyze');
    });
    const [first] = tenants;
    if (first === undefined) throw new Error('there is a first tenant');
    return first;
  } finally {
    await system.destroy();
  }
}

/** Twice as many works as the list shows, in ten projects, and one dispatch for each. */
const ROWS = `
  with project as (
    insert into projects (tenant_id, name, artist_name, artist_account, script, script_hash, edition_cap, royalty_bps, licence)
    select $1::uuid, 'Tides ' || n, 'Ada', $2, 's', '0x', 1000, 0, 'CC0' from generate_series(1, 10) n returning id),
  registry as (
    insert into registries (tenant_id, project_id, name, symbol, state, home_chain_id, chain_ids, owner, manifest, contracts)
    select $1::uuid, id, 'Tides', 'TIDE', 'ACTIVE', $3, array[$3, $4], $2, '{}', '[]' from project returning id, project_id),
  mint as (insert into mints (tenant_id, registry_id) select $1::uuid, id from registry returning id, registry_id),
  work as (
    insert into works (tenant_id, project_id, registry_id, mint_id, state, provisional, first_holder, document, document_hash,
                       metadata, edition, token_id, chain_id, holder, created_at)
    select $1::uuid, project_id, registry.id, mint.id, 'LIVE', false, $2, '{"spec":"colophon"}', n::text, '{"title":"Tides"}', n,
           power(10::numeric, 60) + n, $3, $2, now() - n * interval '1 s'
      from registry join mint on mint.registry_id = registry.id, generate_series(1, ${LIST_ROWS / 5}) n
    returning id, registry_id)
  insert into dispatches (tenant_id, registry_id, work_id, kind, state, origin, source_chain_id, destination_chain_id, lane_choice, hop)
  select $1::uuid, registry_id, id, 'WORK', 'CONFIRMED', 'PLATFORM', $3, $4, 'CCIP', 1 from work`;
