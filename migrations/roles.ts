import type { ClientBase } from 'pg';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { APP_ROLE, SYSTEM_ROLE } from './sql';

export interface RolePasswords {
  readonly app: string;
  readonly system: string;
}

/**
 * Creates the two login roles, or gives existing ones these passwords. Roles belong to the database
 * server, not to one database, so this runs before the migrations and is idempotent.
 *
 * @param owner - Connected as the owner of the database, with CREATEROLE.
 */
export async function ensureRoles(owner: ClientBase, passwords: RolePasswords): Promise<void> {
  await ensureRole(owner, APP_ROLE, passwords.app);
  await ensureRole(owner, SYSTEM_ROLE, passwords.system);
}

async function ensureRole(owner: ClientBase, role: string, password: string): Promise<void> {
  const { rowCount } = await owner.query('select 1 from pg_roles where rolname = $1', [role]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  // Role statements take no parameters, so name and password are quoted by the driver's own escapes.
  await owner.query(
    `${verb} role ${escapeIdentifier(role)} login nosuperuser nocreatedb nocreaterole noinherit nobypassrls password ${escapeLiteral(password)}`,
  );
}
