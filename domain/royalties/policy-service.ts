import type { ChainId } from '../../schema/caip';
import type { ProjectId, TenantId } from '../../schema/ids';
import { BadUserInputError } from '../../schema/inputs/parse-input';
import type { StatePolicy, StateRoyaltyPolicy } from '../../schema/inputs/royalty';
import type { GuardAction } from '../../schema/types/guard-action';
import { type Registry, RegistryState } from '../../schema/types/registry';
import type { RoyaltyPolicy } from '../../schema/types/royalty';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { isUniqueViolation } from '../../tenants/transaction';
import { NotFoundError } from '../not-found-error';
import type { OwnerConsentService } from '../ownership/owner-consent-service';
import type { ProjectRepository } from '../registry/project-repository';
import { RegistryNotReadyError } from '../registry/registry-errors';
import type { RegistryRepository } from '../registry/registry-repository';
import { addRevision } from './add-revision';
import type { ArtistConsentService, VerifiedArtistConsent } from './artist-consent-service';
import { findLosingArtist } from './artist-guard';
import { ownPolicy } from './own-policy';
import type { PolicyRepository, PolicyRevision } from './policy-repository';
import type { PolicyStatements } from './policy-statements';
import {
  ArtistConsentMissingError,
  RoyaltyPolicyBackdatedError,
  RoyaltyPolicySupersededError,
  RoyaltyWalletChangePendingError,
  RoyaltyWalletFixedError,
} from './royalty-errors';
import { checkRoyaltyPolicy, royaltyPolicyHash } from './royalty-policy';
import type { WalletChangeRepository } from './wallet-change-repository';

/** How far ahead a revision may be stated: a change of the wallet waits for the last one to hold. */
const MAX_AHEAD_MS = 90 * 86_400_000;

interface PolicyStores {
  readonly projects: ProjectRepository;
  readonly registries: RegistryRepository;
  readonly policies: PolicyRepository;
  readonly walletChanges: WalletChangeRepository;
}

/** A policy with what is done to have it known on chains. */
export interface StatedPolicy {
  readonly policy: RoyaltyPolicy;
  readonly actions: GuardAction[];
}

/** Royalty policies with their history: which one held at a block's time stays answerable. */
export class PolicyService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: PolicyStores,
    private readonly statements: Pick<PolicyStatements, 'request' | 'tellMirrors' | 'inForce'>,
    private readonly consents: {
      readonly owner: Pick<OwnerConsentService, 'check' | 'use'>;
      readonly artist: Pick<ArtistConsentService, 'check' | 'use'>;
    },
    private readonly knowsChain: (chainId: ChainId) => boolean,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /**
   * Adds a revision; it holds from now on unless it says otherwise. The chains of the project's registry are told. After the
   * first it leaves the primary wallet alone, and takes nothing from an artist who has not consented.
   *
   * @throws {@link NotFoundError} (project), {@link RoyaltyPolicySupersededError}, {@link RoyaltyPolicyBackdatedError},
   * {@link RoyaltyWalletFixedError}, {@link RoyaltyWalletChangePendingError}, {@link ArtistConsentMissingError}, what
   * {@link ArtistConsentService.check} and `use` throw, and what {@link checkRoyaltyPolicy} throws.
   */
  async set(tenantId: TenantId, { consent: signed, ...change }: StatePolicy): Promise<StatedPolicy> {
    const { projectId, expectedRevision, effectiveFrom = this.now(), policy } = change;
    checkRoyaltyPolicy(policy, this.knowsChain);
    if (effectiveFrom.getTime() > this.now().getTime() + MAX_AHEAD_MS)
      throw new BadUserInputError('effectiveFrom', 'is more than 90 days away');
    const operation = 'setRoyaltyPolicy';
    const consent = signed && (await this.consents.artist.check(tenantId, { operation, change }, signed));
    const revision = expectedRevision + 1;
    const added = { projectId, revision, effectiveFrom, policy, hash: royaltyPolicyHash(policy) };
    try {
      return await this.database.transaction(tenantId, async (tx) => {
        await this.requireProject(tx, projectId);
        const last = await this.stores.policies.lockLast(tx, projectId);
        if ((last?.revision ?? 0) !== expectedRevision)
          throw new RoyaltyPolicySupersededError(expectedRevision);
        if (last !== undefined && effectiveFrom <= last.effectiveFrom)
          throw new RoyaltyPolicyBackdatedError(last.effectiveFrom);
        await this.protectArtist(tx, last, added, consent);
        const actions = await addRevision(tx, this.stores, this.statements, added, last);
        return { policy: shown(added), actions };
      });
    } catch (error) {
      if (isUniqueViolation(error, 'royalty_policies_pkey'))
        throw new RoyaltyPolicySupersededError(expectedRevision, { cause: error });
      throw error;
    }
  }

  /**
   * Asks anew for the policy that holds now to be stated on the chains of a registry, and for mirrors to be told of what
   * they have not heard: after a failure, with the owner's consent, or for a registry of an earlier version.
   *
   * @throws {@link NotFoundError} (registry), {@link RegistryNotReadyError}, {@link RoyaltyPolicySupersededError}, and for a
   * registry with an owner of its own what {@link OwnerConsentService.check} and {@link OwnerConsentService.use} throw.
   */
  async stateOnChains(
    tenantId: TenantId,
    { consent: signed, ...change }: StateRoyaltyPolicy,
  ): Promise<GuardAction[]> {
    const { registryId, revision, hash, reason } = change;
    const consent = await this.consents.owner.check(
      tenantId,
      { operation: 'stateRoyaltyPolicy', change },
      signed,
    );
    return this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      if (registry.state !== RegistryState.ACTIVE) throw new RegistryNotReadyError(registry.progress);
      const policy = await this.inForce(tx, registry);
      if (policy.revision !== revision || policy.hash !== hash)
        throw new RoyaltyPolicySupersededError(revision);
      await this.consents.owner.use(tx, registry, consent);
      const ground = { reason, consentNonce: consent?.request.nonce ?? null };
      const stated = await this.statements.request(tx, registry, policy, ground);
      return [...stated, ...(await this.statements.tellMirrors(tx, registry))];
    });
  }

  /** What a project began with, and all its revisions. @throws {@link NotFoundError} if the tenant has no such project. */
  async all(tenantId: TenantId, projectId: ProjectId): Promise<RoyaltyPolicy[]> {
    return this.database.read(tenantId, async (tx) => {
      const [project] = await this.stores.projects.findByIds(tx, [projectId]);
      if (project === undefined) throw new NotFoundError('Project', projectId);
      return [ownPolicy(project), ...(await this.stores.policies.history(tx, projectId))].map(shown);
    });
  }

  /** All revisions of a project, oldest first; none for a project of another tenant. */
  async history(tenantId: TenantId, projectId: ProjectId): Promise<PolicyRevision[]> {
    return this.database.transaction(tenantId, (tx) => this.stores.policies.history(tx, projectId));
  }

  /** The revision that held for a sale in a block of that time; undefined before the first. */
  async findAt(
    tenantId: TenantId,
    projectId: ProjectId,
    blockTime: Date,
  ): Promise<PolicyRevision | undefined> {
    return this.database.transaction(tenantId, (tx) => this.stores.policies.findAt(tx, projectId, blockTime));
  }

  private async protectArtist(
    tx: TenantTx,
    last: PolicyRevision | undefined,
    added: PolicyRevision,
    consent: VerifiedArtistConsent | undefined,
  ): Promise<void> {
    const { policy, effectiveFrom, projectId } = added;
    const wallet = last?.policy.primaryWallet ?? policy.primaryWallet;
    if (policy.primaryWallet !== wallet) throw new RoyaltyWalletFixedError(wallet);
    const pending = await this.stores.walletChanges.findPending(tx, projectId);
    // One that began to hold later would put off the change, or come to be the last under the old wallet's name.
    if (pending !== undefined && (effectiveFrom > pending.effectiveAt || this.now() >= pending.effectiveAt))
      throw new RoyaltyWalletChangePendingError(pending.effectiveAt);
    if (consent !== undefined) return this.consents.artist.use(tx, wallet, consent);
    const loser = last && findLosingArtist(last.policy, policy);
    if (loser !== undefined) throw new ArtistConsentMissingError(loser);
  }

  private async inForce(tx: TenantTx, registry: Registry): Promise<PolicyRevision> {
    return (
      (await this.statements.inForce(tx, registry)) ??
      ownPolicy(await this.requireProject(tx, registry.projectId))
    );
  }

  private async requireProject(tx: TenantTx, projectId: ProjectId) {
    const [project] = await this.stores.projects.findByIds(tx, [projectId]);
    if (project === undefined) throw new NotFoundError('Project', projectId);
    return project;
  }
}

function shown({ policy, ...revision }: PolicyRevision): RoyaltyPolicy {
  return { ...policy, ...revision };
}
