import type { Hex } from 'viem';
import { type GuardAction, GuardActionKind } from '../../schema/types/guard-action';
import { type Registry, RegistryState } from '../../schema/types/registry';
import type { TenantTx } from '../../tenants/tenant-database';
import type { GuardActionRepository } from '../guard/guard-action-repository';
import type { GuardService } from '../guard/guard-service';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { numberArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { PolicyRepository, PolicyRevision } from './policy-repository';
import { finalRevision, tellingFrom, termsOf } from './stated-terms';

interface StatementStores {
  readonly policies: PolicyRepository;
  readonly events: RegistryEventRepository;
  readonly guardActions: GuardActionRepository;
}

/** Why a policy is stated, and with whose consent. */
export interface StatementGround {
  readonly reason: string;
  readonly consentNonce: Hex | null;
}

/**
 * Has royalty policies stated on chains: by the policy role at home, by the owner at each vault; and has mirrors told
 * of what home has stated for good, whoever stated it.
 */
export class PolicyStatements implements ProjectionListener {
  constructor(
    private readonly stores: StatementStores,
    private readonly guard: Pick<GuardService, 'accept'>,
  ) {}

  /**
   * Asks for all that a policy needs on the chains of a registry; none before it is active.
   *
   * An adopted collection answers ERC-2981 by itself, and its adapter knows no policy role: only vaults are told.
   */
  async request(
    tx: TenantTx,
    registry: Registry,
    policy: PolicyRevision,
    { reason, consentNonce }: StatementGround,
  ): Promise<GuardAction[]> {
    if (registry.state !== RegistryState.ACTIVE) return [];
    const { id: registryId, homeChainId: chainId } = registry;
    const { revision } = policy;
    const asked = { revision, from: tellingFrom(policy.effectiveFrom) };
    const actions: GuardAction[] = [];
    if (registry.adopted === null) {
      const stated = await this.guard.accept(tx, {
        registryId,
        kind: GuardActionKind.STATE_POLICY,
        reason,
        chainId,
        policy: { ...asked, terms: termsOf(policy) },
        consentNonce,
        subject: `${revision}${consentNonce === null ? '' : '/consented'}`,
      });
      actions.push(stated);
    }
    const shares = policy.policy.splits.map(({ account, shareBps }) => ({ account, shareBps }));
    for (const vaultChainId of await this.vaultChains(tx, registry)) {
      const split = await this.guard.accept(tx, {
        registryId,
        kind: GuardActionKind.STATE_SPLIT,
        reason,
        chainId: vaultChainId,
        policy: { ...asked, shares },
        subject: `${revision}@${vaultChainId}`,
      });
      actions.push(split);
    }
    return actions;
  }

  /** Asks for what was stated before the registry stood. In the transaction that makes it active. */
  async catchUp(tx: TenantTx, registry: Registry): Promise<void> {
    const policy = await this.inForce(tx, registry);
    if (policy !== undefined)
      await this.request(tx, registry, policy, { reason: reasonOf(policy), consentNonce: null });
  }

  /** The policy that holds now; undefined before the first. */
  async inForce(tx: TenantTx, { projectId }: Registry): Promise<PolicyRevision | undefined> {
    return this.stores.policies.findAt(tx, projectId, new Date());
  }

  /** Has every mirror told that has not what home has stated for good. */
  async tellMirrors(tx: TenantTx, registry: Registry): Promise<GuardAction[]> {
    const { id: registryId, homeChainId, chainIds } = registry;
    const revision = await finalRevision(tx, this.stores.events, registry);
    const heard = await this.stores.events.find(tx, registryId, { names: ['RegistryStated'] });
    const givenUp = await this.stores.guardActions.chainsGivenUp(tx, registryId);
    const behind = chainIds.filter(
      (chainId) =>
        chainId !== homeChainId &&
        !givenUp.has(chainId) &&
        !heard.some((event) => event.chainId === chainId && numberArg(event, 'revision') >= revision),
    );
    const actions: GuardAction[] = [];
    for (const chainId of revision === 0 ? [] : behind) {
      const told = await this.guard.accept(tx, {
        registryId,
        kind: GuardActionKind.TELL_POLICY,
        reason: `The home chain stated revision ${revision}.`,
        chainId,
        peerChainId: homeChainId,
        policy: { revision, from: 0 },
        subject: `${revision}@${chainId}`,
      });
      actions.push(told);
    }
    return actions;
  }

  async projected(tx: TenantTx, { registry, touched }: ProjectionChange): Promise<void> {
    const isStated = touched.some(
      ({ name, final, chainId }) => name === 'RegistryStated' && final && chainId === registry.homeChainId,
    );
    if (isStated) await this.tellMirrors(tx, registry);
  }

  private async vaultChains(tx: TenantTx, { id, contracts }: Registry) {
    const givenUp = await this.stores.guardActions.chainsGivenUp(tx, id);
    return contracts
      .filter(({ chainId, royaltyVault }) => royaltyVault !== null && !givenUp.has(chainId))
      .map(({ chainId }) => chainId);
  }
}

/** The reason of what nobody gave one for. */
export function reasonOf({ revision }: PolicyRevision): string {
  return `Revision ${revision} of the royalty policy.`;
}
