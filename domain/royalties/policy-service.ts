import type { ChainId } from '../../schema/caip';
import type { ProjectId, TenantId } from '../../schema/ids';
import type { StatePolicy } from '../../schema/inputs/royalty';
import type { RoyaltyPolicy } from '../../schema/types/royalty';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { isUniqueViolation } from '../../tenants/transaction';
import { NotFoundError } from '../not-found-error';
import type { ProjectRepository } from '../registry/project-repository';
import { ownPolicy } from './own-policy';
import type { PolicyRepository, PolicyRevision } from './policy-repository';
import { RoyaltyPolicyBackdatedError, RoyaltyPolicySupersededError } from './royalty-errors';
import { checkRoyaltyPolicy, royaltyPolicyHash } from './royalty-policy';

/** Royalty policies with their history: which one held at a block's time stays answerable. */
export class PolicyService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly projects: ProjectRepository,
    private readonly policies: PolicyRepository,
    private readonly knowsChain: (chainId: ChainId) => boolean,
  ) {}

  /**
   * Adds a revision; it holds from now on unless it says otherwise.
   *
   * @throws {@link NotFoundError} (project), {@link RoyaltyPolicySupersededError}, {@link RoyaltyPolicyBackdatedError},
   * and what {@link checkRoyaltyPolicy} throws.
   */
  async state(
    tenantId: TenantId,
    { projectId, expectedRevision, effectiveFrom = new Date(), policy }: StatePolicy,
  ): Promise<PolicyRevision> {
    checkRoyaltyPolicy(policy, this.knowsChain);
    const revision = expectedRevision + 1;
    const added = { projectId, revision, effectiveFrom, policy, hash: royaltyPolicyHash(policy) };
    try {
      return await this.database.transaction(tenantId, async (tx) => {
        const [project] = await this.projects.findByIds(tx, [projectId]);
        if (project === undefined) throw new NotFoundError('Project', projectId);
        const last = (await this.policies.history(tx, projectId)).at(-1);
        if ((last?.revision ?? 0) !== expectedRevision)
          throw new RoyaltyPolicySupersededError(expectedRevision);
        if (last !== undefined && effectiveFrom <= last.effectiveFrom)
          throw new RoyaltyPolicyBackdatedError(last.effectiveFrom);
        await this.policies.insert(tx, added, last?.effectiveFrom);
        return added;
      });
    } catch (error) {
      if (isUniqueViolation(error, 'royalty_policies_pkey'))
        throw new RoyaltyPolicySupersededError(expectedRevision, { cause: error });
      throw error;
    }
  }

  /** As {@link state}, as people see it. */
  async set(tenantId: TenantId, order: StatePolicy): Promise<RoyaltyPolicy> {
    return shown(await this.state(tenantId, order));
  }

  /** What a project began with, and all its revisions. @throws {@link NotFoundError} if the tenant has no such project. */
  async all(tenantId: TenantId, projectId: ProjectId): Promise<RoyaltyPolicy[]> {
    return this.database.read(tenantId, async (tx) => {
      const [project] = await this.projects.findByIds(tx, [projectId]);
      if (project === undefined) throw new NotFoundError('Project', projectId);
      return [ownPolicy(project), ...(await this.policies.history(tx, projectId))].map(shown);
    });
  }

  /** All revisions of a project, oldest first; none for a project of another tenant. */
  async history(tenantId: TenantId, projectId: ProjectId): Promise<PolicyRevision[]> {
    return this.database.transaction(tenantId, (tx) => this.policies.history(tx, projectId));
  }

  /** The revision that held for a sale in a block of that time; undefined before the first. */
  async findAt(
    tenantId: TenantId,
    projectId: ProjectId,
    blockTime: Date,
  ): Promise<PolicyRevision | undefined> {
    return this.database.transaction(tenantId, (tx) => this.policies.findAt(tx, projectId, blockTime));
  }
}

function shown({ policy, ...revision }: PolicyRevision): RoyaltyPolicy {
  return { ...policy, ...revision };
}
