import type { SecretBox } from '../../tenants/secrets/secret-box';
import { AuditRepository } from '../audit/audit-repository';
import { IdentityProviderRepository } from './identity-provider-repository';
import { IdentityRepository } from './identity-repository';
import { MemberRepository } from './member-repository';
import { SessionRepository } from './session-repository';

export type PeopleStores = ReturnType<typeof composePeopleStores>;

/** Where people are kept. */
export function composePeopleStores(secrets: SecretBox) {
  return {
    members: new MemberRepository(),
    identities: new IdentityRepository(),
    sessions: new SessionRepository(),
    identityProviders: new IdentityProviderRepository(secrets),
    audit: new AuditRepository(),
  };
}
