import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Has the lanes' contracts of registries followed that were made when only collection and Gateway were. */
export class WatchLanes1700000000011 implements MigrationInterface {
  readonly name = 'WatchLanes1700000000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- the wall holds for the owner, too
      alter table registries no force row level security;
      alter table watched_addresses no force row level security;
      insert into watched_addresses (tenant_id, chain_id, address, registry_id, from_block)
      select w.tenant_id, w.chain_id, decode(substr(c->>'lanes', 3), 'hex'), w.registry_id, w.from_block
        from registries r
        cross join jsonb_array_elements(r.contracts) as c
        join watched_addresses w on w.tenant_id = r.tenant_id and w.registry_id = r.id
         and w.chain_id = c->>'chainId' and w.address = decode(substr(c->>'gateway', 3), 'hex')
      on conflict do nothing;
      alter table watched_addresses force row level security;
      alter table registries force row level security;`);
  }

  /** Nothing to undo: what is watched besides is passed over by whoever does not look for it. */
  async down(): Promise<void> {
    return;
  }
}
