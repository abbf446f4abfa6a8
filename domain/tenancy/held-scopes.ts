import type { Scope } from '../../schema/scopes';
import { ScopeNotHeldError } from './api-key-errors';

/** Nobody gives away, or comes by, rights that he has not himself. @throws {@link ScopeNotHeldError} */
export function requireHeld(wanted: readonly Scope[], held: readonly Scope[]): void {
  const lacking = wanted.filter((scope) => !held.includes(scope));
  if (lacking.length > 0) throw new ScopeNotHeldError(lacking);
}
