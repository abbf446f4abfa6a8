import { randomBytes } from 'node:crypto';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { GuardActionRepository } from '../../domain/guard/guard-action-repository';
import type { GuardService } from '../../domain/guard/guard-service';
import { OutboxRepository } from '../../domain/outbox/outbox-repository';
import type { OwnerConsentService } from '../../domain/ownership/owner-consent-service';
import { RegistryEventRepository } from '../../domain/provenance/registry-event-repository';
import { ProjectRepository } from '../../domain/registry/project-repository';
import { RegistryRepository } from '../../domain/registry/registry-repository';
import { ArtistConsentService } from '../../domain/royalties/artist-consent-service';
import { PolicyRepository } from '../../domain/royalties/policy-repository';
import { PolicyService } from '../../domain/royalties/policy-service';
import { PolicyStatements } from '../../domain/royalties/policy-statements';
import { TermsService } from '../../domain/royalties/terms-service';
import { WalletChangeRepository } from '../../domain/royalties/wallet-change-repository';
import { WalletChangeService } from '../../domain/royalties/wallet-change-service';
import { composeWebhookStores } from '../../domain/webhooks/webhook-stores';
import type { ChainId } from '../../schema/caip';
import { SecretBox } from '../../tenants/secrets/secret-box';
import type { TenantDatabase } from '../../tenants/tenant-database';

const noChains: ChainAccesses = {
  get: () => {
    throw new Error('no chain is expected to be asked');
  },
};
const noAction = () => {
  throw new Error('no action is expected here');
};

/** Royalty policies over a database; what is done on chains needs a guard, and what an owner consents to his consents. */
export function policyServices(
  database: TenantDatabase,
  {
    guard = { accept: noAction },
    consents = { check: async () => undefined, use: async () => undefined },
    artistChains = noChains,
    walletDelayMs = 72 * 3_600_000,
    now = () => new Date(),
    knowsChain = () => true,
  }: {
    readonly guard?: Pick<GuardService, 'accept'>;
    readonly consents?: Pick<OwnerConsentService, 'check' | 'use'>;
    /** Where wallets of artists are asked for their signatures. */
    readonly artistChains?: ChainAccesses;
    readonly walletDelayMs?: number;
    readonly now?: () => Date;
    readonly knowsChain?: (chainId: ChainId) => boolean;
  } = {},
) {
  const outbox = new OutboxRepository();
  const stores = {
    projects: new ProjectRepository(),
    registries: new RegistryRepository({ stateChanged: async () => undefined }),
    policies: new PolicyRepository(),
    events: new RegistryEventRepository(),
    guardActions: new GuardActionRepository(),
    walletChanges: new WalletChangeRepository(),
    outbox,
    publisher: composeWebhookStores(new SecretBox([randomBytes(32)]), outbox).publisher,
  };
  const artist = new ArtistConsentService(database, stores, artistChains, walletDelayMs, now);
  const statements = new PolicyStatements(stores, guard);
  return {
    statements,
    artistConsents: artist,
    walletChanges: new WalletChangeService(database, stores, statements, artist, knowsChain, now),
    policies: new PolicyService(database, stores, statements, { owner: consents, artist }, knowsChain, now),
    royaltyTerms: new TermsService(database, stores),
  };
}
