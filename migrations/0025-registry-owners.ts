import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'PAUSE_LANE', 'RESUME_LANE', 'FREEZE_WORK', 'UNFREEZE_WORK', 'HOLD_STATEMENT', 'RELEASE_STATEMENT',
               'VOID_MESSAGE', 'RETIRE_CHAIN', 'CHECK_ESCROW', 'SET_LIMIT'`;

/** Registries whose owner is not the platform's account: what the owner has to send, and what it has signed. */
export class RegistryOwners1700000000025 implements MigrationInterface {
  readonly name = 'RegistryOwners1700000000025';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table guard_actions
        add column role text check (role in ('OWNER', 'GUARDIAN', 'MINTER', 'POLICY', 'OPERATOR')),
        add column account text,
        -- of the owner's consent, if the action stands on one; the consent itself is in the audit log
        add column consent_nonce text,
        -- [{chainId, from, to, data, valueWei}], while somebody else has to send them
        add column prepared_calls jsonb not null default '[]',
        -- {number, hash} of a block that shows what somebody else has sent, until it is final
        add column effect_block jsonb,
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS}, 'SET_ROLE'));
      alter table registries add column prepared_calls jsonb not null default '[]';
      -- what an action stands on, such as a signature; part of what is hashed where it is not null
      alter table audit_entries add column evidence jsonb;`);
  }

  /** Fails while there are changes of roles. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table audit_entries drop column evidence;
      alter table registries drop column prepared_calls;
      alter table guard_actions
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS})),
        drop column role,
        drop column account,
        drop column consent_nonce,
        drop column prepared_calls,
        drop column effect_block;`);
  }
}
