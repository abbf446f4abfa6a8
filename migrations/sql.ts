/** The database roles that the processes connect as. Neither owns a table; neither may bypass row security. */
export const APP_ROLE = 'colophon_app';
export const SYSTEM_ROLE = 'colophon_system';

/**
 * How functions over the outbox are planned, once per connection: their rows are few and each is found by its key,
 * whatever the table's size was then.
 */
export const PLANNED_ONCE = `
  set plan_cache_mode = force_generic_plan
  set enable_bitmapscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set enable_seqscan = off`;

/**
 * The statements that wall a table off by tenant: row security is forced on its owner too, and the
 * application's role sees and writes only rows of the tenant that the transaction is pinned to.
 *
 * `current_setting` is called without `missing_ok`: a query outside a tenant's transaction is an
 * error, never an empty list. (After a pinned transaction the setting reads as '' on that
 * connection, which fails the cast to uuid: an error as well.)
 */
export function tenantWall(table: string, privileges = 'select, insert, update, delete'): string {
  return `
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy tenant_wall on ${table} to ${APP_ROLE}
      using (tenant_id = current_setting('app.tenant_id')::uuid)
      with check (tenant_id = current_setting('app.tenant_id')::uuid);
    grant ${privileges} on ${table} to ${APP_ROLE};`;
}

/**
 * Lets the tenant-less role (relay, follower, key look-up) reach all rows of a walled table, with no
 * more than the named privileges, e.g. `select (id, tenant_id)`.
 */
export function systemAccess(table: string, privileges: string): string {
  return `
    create policy system_access on ${table} to ${SYSTEM_ROLE} using (true) with check (true);
    grant ${privileges} on ${table} to ${SYSTEM_ROLE};`;
}

/** Which rows may be erased: those of tenants that are given up and not erased yet. */
const ERASABLE = 'tenant_id in (select tenant_id from tenant_tombstones where erased_at is null)';

/**
 * Lets the tenant-less role erase the rows of tenants that the platform gives up, and no others: the database
 * itself refuses a row whose tenant has no open tombstone. For every table of a tenant that is made after
 * `tenant_tombstones`; a test finds the one that lacks it.
 */
export function erasable(table: string): string {
  return `
    create policy erasure on ${table} to ${SYSTEM_ROLE} using (${ERASABLE});
    create policy erasure_alone on ${table} as restrictive for delete to ${SYSTEM_ROLE} using (${ERASABLE});
    grant select (tenant_id, ctid), delete on ${table} to ${SYSTEM_ROLE};`;
}

/**
 * Has components of registries followed that were made when nobody looked at them, from where their Gateway is. What is
 * watched besides is passed over by whoever does not look for it, so nothing undoes it.
 *
 * @param components - Their names in `registries.contracts`; registries that have none are left out.
 */
export function followComponents(...components: readonly string[]): string {
  return `
    -- the wall holds for the owner, too
    alter table registries no force row level security;
    alter table watched_addresses no force row level security;
    insert into watched_addresses (tenant_id, chain_id, address, registry_id, from_block)
    select w.tenant_id, w.chain_id, decode(substr(c->>component, 3), 'hex'), w.registry_id, w.from_block
      from registries r
      cross join jsonb_array_elements(r.contracts) as c
      cross join unnest(array[${components.map((name) => `'${name}'`).join(', ')}]) as component
      join watched_addresses w on w.tenant_id = r.tenant_id and w.registry_id = r.id
       and w.chain_id = c->>'chainId' and w.address = decode(substr(c->>'gateway', 3), 'hex')
     where c->>component is not null
    on conflict do nothing;
    alter table watched_addresses force row level security;
    alter table registries force row level security;`;
}
