import { isSplitSo } from '../../chains/evm/registry/royalties';
import { isSameTerms, type RegistryTerms } from '../../chains/evm/registry/terms';
import type { ChainId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import type { GuardAction } from '../../schema/types/guard-action';
import type { Registry } from '../../schema/types/registry';
import type { ChainRoyaltyTerms } from '../../schema/types/royalty';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import type { GuardActionRepository } from '../guard/guard-action-repository';
import { NotFoundError } from '../not-found-error';
import type { RegistryEvent } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { ProjectRepository } from '../registry/project-repository';
import type { RegistryRepository } from '../registry/registry-repository';
import { ownPolicy } from './own-policy';
import type { PolicyRepository, PolicyRevision } from './policy-repository';
import { splitIn, termsIn, termsOf } from './stated-terms';

interface TermsStores {
  readonly registries: RegistryRepository;
  readonly projects: ProjectRepository;
  readonly policies: PolicyRepository;
  readonly events: RegistryEventRepository;
  readonly guardActions: GuardActionRepository;
}

/** What is known of a registry's royalties beside its chains. */
interface Known {
  readonly policies: readonly PolicyRevision[];
  readonly events: readonly RegistryEvent[];
  readonly waiting: readonly GuardAction[];
  readonly born: RegistryTerms;
}

/** What the chains of a registry hold of its royalty policy, by their own events. */
export class TermsService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: TermsStores,
  ) {}

  /** Home first. @throws {@link NotFoundError} */
  async onChains(tenantId: TenantId, registryId: RegistryId): Promise<ChainRoyaltyTerms[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      const known = await this.known(tx, registry);
      return registry.chainIds.map((chainId) => termsOn(chainId, known));
    });
  }

  private async known(tx: TenantTx, { id, projectId }: Registry): Promise<Known> {
    const [project] = await this.stores.projects.findByIds(tx, [projectId]);
    if (project === undefined) throw new NotFoundError('Project', projectId);
    const { royaltyBps, royaltyPolicyHash, licenceHash } = await this.stores.registries.manifest(tx, id);
    return {
      policies: [ownPolicy(project), ...(await this.stores.policies.history(tx, projectId))],
      events: await this.stores.events.find(tx, id, { names: ['RegistryStated', 'SplitStated'] }),
      waiting: await this.stores.guardActions.statingPolicies(tx, id),
      born: {
        revision: 0,
        royaltyBps: Number(royaltyBps),
        policyHash: royaltyPolicyHash,
        licenceHash,
        restrictsTransfers: false,
        operators: [],
      },
    };
  }
}

function termsOn(chainId: ChainId, { policies, events, waiting, born }: Known): ChainRoyaltyTerms {
  const own = events.filter((event) => event.chainId === chainId);
  const stated = own.filter(({ name }) => name === 'RegistryStated').at(-1);
  const split = own.filter(({ name }) => name === 'SplitStated').at(-1);
  const terms = stated === undefined ? born : termsIn(stated);
  const shares = split === undefined ? undefined : splitIn(split);
  const newest = (isIt: (policy: PolicyRevision) => boolean) => policies.findLast(isIt)?.revision ?? null;
  const texts = waiting
    .filter((action) => action.chainId === chainId)
    .map(({ kind, waitingFor }) => `${kind}: ${waitingFor ?? 'a worker'}`);
  return {
    ...terms,
    chainId,
    operators: [...terms.operators],
    policyRevision: newest((policy) => isSameTerms(terms, termsOf(policy))),
    provisional: stated?.final === false,
    splitRevision: Number(shares?.revision ?? 0n),
    splitPolicyRevision:
      shares === undefined ? null : newest(({ policy }) => isSplitSo(shares, policy.splits)),
    splitProvisional: split?.final === false,
    waitingFor: texts.length === 0 ? null : texts.join('; '),
  };
}
