import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SYSTEM_ROLE, systemAccess, tenantWall } from './sql';

const EARLIER_SCOPES = `array['read', 'project:write', 'registry:write', 'work:write', 'dispatch:write', 'guard:write',
                             'webhook:write', 'key:write', 'audit:read']`;

/** The people of each tenant: how they sign in, and their sessions. */
export class People1700000000018 implements MigrationInterface {
  readonly name = 'People1700000000018';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table members (
        tenant_id uuid not null references tenants,
        id uuid not null default gen_random_uuid(),
        -- in lower case
        email text not null,
        name text not null,
        role text not null check (role in ('OWNER', 'ADMIN', 'OPERATOR', 'AUDITOR', 'ARTIST')),
        -- argon2id, in the PHC string format
        password_hash text,
        -- SHA-256 of the invitation that is open
        invitation_hash bytea,
        invitation_expires_at timestamptz,
        joined_at timestamptz,
        removed_at timestamptz,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint members_invitation check ((invitation_hash is null) = (invitation_expires_at is null)),
        constraint members_removed check (removed_at is null or (password_hash is null and invitation_hash is null))
      );
      -- who was removed may be invited again
      create unique index members_email on members (tenant_id, email) where removed_at is null;
      create unique index members_invitation on members (tenant_id, invitation_hash);
      create index members_page on members (tenant_id, created_at desc, id desc);
      ${tenantWall('members', 'select, insert, update')}
      ${systemAccess('members', 'select (tenant_id, id, role, removed_at)')}

      -- whom somebody else knows a member as: an OpenID provider, or a chain
      create table member_identities (
        tenant_id uuid not null,
        member_id uuid not null,
        -- 'wallet', or the URL of the OpenID provider
        issuer text not null,
        -- a CAIP-10 account, or the provider's \`sub\`
        subject text not null,
        created_at timestamptz not null default now(),
        constraint member_identities_pkey primary key (tenant_id, issuer, subject),
        foreign key (tenant_id, member_id) references members
      );
      create index member_identities_member on member_identities (tenant_id, member_id);
      ${tenantWall('member_identities', 'select, insert, delete')}

      create table sessions (
        tenant_id uuid not null,
        id uuid not null default gen_random_uuid(),
        member_id uuid not null,
        -- SHA-256 of the token, which has 256 random bits
        token_hash bytea not null unique,
        method text not null check (method in ('PASSWORD', 'OIDC', 'WALLET')),
        created_at timestamptz not null default now(),
        last_used_at timestamptz not null default now(),
        expires_at timestamptz not null,
        revoked_at timestamptz,
        primary key (tenant_id, id),
        foreign key (tenant_id, member_id) references members
      );
      create index sessions_member on sessions (tenant_id, member_id, created_at desc);
      ${tenantWall('sessions', 'select, insert, update (revoked_at), delete')}
      ${systemAccess('sessions', 'select')}
      grant update (last_used_at) on sessions to ${SYSTEM_ROLE};

      -- nonces of wallets' messages that have been used, until they would be refused anyway
      create table used_nonces (
        tenant_id uuid not null references tenants,
        nonce text not null,
        expires_at timestamptz not null,
        constraint used_nonces_pkey primary key (tenant_id, nonce)
      );
      ${tenantWall('used_nonces', 'select, insert, delete')}

      create table identity_providers (
        tenant_id uuid primary key references tenants,
        issuer text not null,
        client_id text not null,
        -- the client's secret
        key_id text not null,
        sealed bytea not null,
        updated_at timestamptz not null default now()
      );
      ${tenantWall('identity_providers')}

      -- a subscription's rights are looked up anew when its person's session or role changes
      create function announce_member() returns trigger language plpgsql as $$
        begin
          perform pg_notify('colophon_events',
            json_build_object('tenantId', new.tenant_id, 'type', 'Member', 'id', to_jsonb(new)->>tg_argv[0])::text);
          return null;
        end
      $$;
      create trigger member_changed after update of role, removed_at on members
        for each row when (new is distinct from old) execute function announce_member('id');
      create trigger session_changed after update of revoked_at on sessions
        for each row when (new is distinct from old) execute function announce_member('member_id');

      -- the wall holds for the owner, too; a key that might do everything may manage people
      alter table api_keys no force row level security;
      update api_keys set scopes = scopes || array['member:read', 'member:write', 'owner:write']
        where scopes @> ${EARLIER_SCOPES};
      alter table api_keys force row level security;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table identity_providers, used_nonces, sessions, member_identities, members;
      drop function announce_member;
      alter table api_keys no force row level security;
      update api_keys
         set scopes = array_remove(array_remove(array_remove(scopes, 'member:read'), 'member:write'), 'owner:write');
      alter table api_keys force row level security;`);
  }
}
