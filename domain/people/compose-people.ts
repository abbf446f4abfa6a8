import type { Foundations } from '../compose';
import type { ReceiverPolicy } from '../webhooks/receiver-policy';
import type { Challenges } from './challenges';
import { MemberService } from './member-service';
import { OidcService } from './oidc-service';
import { PasswordService } from './password-service';
import type { PeopleStores } from './people-stores';
import { SessionService } from './session-service';
import { WalletService } from './wallet-service';

/** What signing in stands on. */
export interface SignInOptions {
  /** Of the page where people sign in, e.g. `https://console.example`. */
  readonly origin: URL;
  readonly challenges: Challenges;
}

/** Builds the services of people. */
export function composePeople(
  {
    tenants,
    system,
    chainTable,
    chains,
    signIn: { origin, challenges },
  }: Pick<Foundations, 'tenants' | 'system' | 'chainTable' | 'chains' | 'signIn'>,
  stores: PeopleStores,
  policy: ReceiverPolicy,
) {
  const sessions = new SessionService(tenants, system, stores.sessions, stores.members, stores.audit);
  const wallets = new WalletService(tenants, stores, sessions, challenges, chainTable, chains, origin);
  return {
    members: new MemberService(tenants, stores),
    sessions,
    wallets,
    passwords: new PasswordService(tenants, stores, sessions, wallets),
    oidc: new OidcService(tenants, stores, sessions, challenges, policy, origin),
  };
}
