import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from './sql';

/**
 * Counts, for each tenant, how often what its callers may do has changed. Whoever remembers a caller compares the count
 * with the one that every pinned read brings along: it commits together with the change.
 */
export class AuthorityEpochs1700000000033 implements MigrationInterface {
  readonly name = 'AuthorityEpochs1700000000033';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table tenants add column authority_epoch bigint not null default 0;
      grant update (authority_epoch) on tenants to ${APP_ROLE};

      create function advance_authority_epoch() returns trigger language plpgsql as $$
        begin
          update tenants set authority_epoch = authority_epoch + 1
           where tenant_id = coalesce(new.tenant_id, old.tenant_id);
          -- a role that the wall hides the tenant from must not change rights unnoticed
          if not found then raise exception 'authorities changed without their tenant''s epoch'; end if;
          return null;
        end
      $$;
      -- a use that is noted changes nothing, one that is taken back does: it may end a session, and wants noting again
      create trigger api_key_authority after update on api_keys for each row
        when ((new.key_hash, new.scopes, new.expires_at, new.revoked_at)
                is distinct from (old.key_hash, old.scopes, old.expires_at, old.revoked_at)
              or new.last_used_at < old.last_used_at)
        execute function advance_authority_epoch();
      create trigger api_key_authority_erased after delete on api_keys
        for each row execute function advance_authority_epoch();
      create trigger session_authority after update on sessions for each row
        when ((new.member_id, new.token_hash, new.expires_at, new.revoked_at)
                is distinct from (old.member_id, old.token_hash, old.expires_at, old.revoked_at)
              or new.last_used_at < old.last_used_at)
        execute function advance_authority_epoch();
      create trigger session_authority_erased after delete on sessions for each row
        when (old.revoked_at is null and old.expires_at > now())
        execute function advance_authority_epoch();
      create trigger member_authority after update on members for each row
        when ((new.role, new.removed_at) is distinct from (old.role, old.removed_at))
        execute function advance_authority_epoch();

      create function advance_own_authority_epoch() returns trigger language plpgsql as $$
        begin
          if (new.suspended_at, new.plan, new.quota_overrides)
               is distinct from (old.suspended_at, old.plan, old.quota_overrides) then
            new.authority_epoch := old.authority_epoch + 1;
          end if;
          return new;
        end
      $$;
      create trigger tenant_authority before update on tenants
        for each row execute function advance_own_authority_epoch();

      create function advance_authority_epochs_of_plan() returns trigger language plpgsql as $$
        begin
          update tenants set authority_epoch = authority_epoch + 1 where plan = new.plan;
          return null;
        end
      $$;
      create trigger plan_authority after update on plans for each row
        when (new.api_requests_per_minute is distinct from old.api_requests_per_minute)
        execute function advance_authority_epochs_of_plan();`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop trigger plan_authority on plans;
      drop trigger tenant_authority on tenants;
      drop trigger member_authority on members;
      drop trigger session_authority_erased on sessions;
      drop trigger session_authority on sessions;
      drop trigger api_key_authority_erased on api_keys;
      drop trigger api_key_authority on api_keys;
      drop function advance_authority_epochs_of_plan, advance_own_authority_epoch, advance_authority_epoch;
      alter table tenants drop column authority_epoch;`);
  }
}
