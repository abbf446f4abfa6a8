import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SYSTEM_ROLE } from './sql';

const EARLIER_SCOPES = `array['read', 'project:write', 'registry:write', 'work:write', 'dispatch:write', 'guard:write',
                             'webhook:write']`;

/** API keys that tenants manage themselves: they expire, are used, and are told apart by their last characters. */
export class ApiKeys1700000000013 implements MigrationInterface {
  readonly name = 'ApiKeys1700000000013';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table api_keys
        -- the last four characters of the key; empty for keys from before
        add column hint text not null default '',
        add column expires_at timestamptz,
        add column last_used_at timestamptz;
      create index api_keys_page on api_keys (tenant_id, created_at desc, id desc);
      grant update (last_used_at) on api_keys to ${SYSTEM_ROLE};
      -- the wall holds for the owner, too; a key that might do everything may manage keys
      alter table api_keys no force row level security;
      update api_keys set scopes = array_append(scopes, 'key:write') where scopes @> ${EARLIER_SCOPES};
      alter table api_keys force row level security;
      drop trigger api_key_changed on api_keys;
      create trigger api_key_changed after update of revoked_at, scopes, expires_at on api_keys
        for each row when (new is distinct from old) execute function announce_api_key();`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop trigger api_key_changed on api_keys;
      create trigger api_key_changed after update of revoked_at, scopes on api_keys
        for each row when (new is distinct from old) execute function announce_api_key();
      alter table api_keys no force row level security;
      update api_keys set scopes = array_remove(scopes, 'key:write');
      alter table api_keys force row level security;
      revoke update (last_used_at) on api_keys from ${SYSTEM_ROLE};
      drop index api_keys_page;
      alter table api_keys drop column hint, drop column expires_at, drop column last_used_at;`);
  }
}
