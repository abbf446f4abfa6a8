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
 * @throws Error if an existing role passes over row security.
 */
export async function ensureRoles(owner: ClientBase, passwords: RolePasswords): Promise<void> {
  await ensureRole(owner, APP_ROLE, passwords.app);
  await ensureRole(owner, SYSTEM_ROLE, passwords.system);
}

async function ensureRole(owner: ClientBase, role: string, password: string): Promise<void> {
  const { rows } = await owner.query('select rolsuper, rolbypassrls from pg_roles where rolname = $1', [
    role,
  ]);
  const [existing] = rows;
  if (existing?.rolsuper || existing?.rolbypassrls) {
    throw new Error(`The role ${role} passes over row security. Take SUPERUSER and BYPASSRLS from it first.`);
  }
  // Role statements take no parameters, so name and password are quoted by the driver's own escapes.
  const [name, secret] = [escapeIdentifier(role), escapeLiteral(password)];
  await owner.query(
    existing === undefined
      ? `create role ${name} login nosuperuser nocreatedb nocreaterole noinherit nobypassrls password ${secret}`
      : // Only a superuser may name the other attributes of an existing role, even to leave them as they are.
        `alter role ${name} login password ${secret}`,
  );
}
