import { type ChainId, splitAccountId } from '../../schema/caip';
import type { ProjectId, TenantId } from '../../schema/ids';
import { BadUserInputError } from '../../schema/inputs/parse-input';
import type {
  CancelRoyaltyWalletChange,
  RequestRoyaltyWalletChange,
  VetoRoyaltyWalletChange,
} from '../../schema/inputs/royalty-wallet';
import { applyWalletChange } from '../../schema/jobs';
import {
  type RoyaltyWalletChange,
  WalletChangeCanceller,
  WalletChangeState,
} from '../../schema/types/royalty-wallet';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { ProjectRepository } from '../registry/project-repository';
import { ChainNotSupportedError } from '../registry/registry-errors';
import type { EventPublisher } from '../webhooks/event-publisher';
import { walletChangeAnnouncement } from '../webhooks/royalty-announcer';
import { addRevision, type RevisionStores } from './add-revision';
import type { ArtistConsentService, VerifiedArtistConsent } from './artist-consent-service';
import { withWallet } from './artist-guard';
import type { PolicyRevision } from './policy-repository';
import type { PolicyStatements } from './policy-statements';
import {
  RoyaltyPolicySupersededError,
  RoyaltyWalletChangeOverError,
  RoyaltyWalletChangePendingError,
} from './royalty-errors';
import { royaltyPolicyHash } from './royalty-policy';
import type { WalletChangeEnd, WalletChangeRepository } from './wallet-change-repository';

interface WalletStores extends RevisionStores {
  readonly projects: ProjectRepository;
  readonly walletChanges: WalletChangeRepository;
  readonly outbox: OutboxRepository;
  readonly publisher: Pick<EventPublisher, 'publish'>;
}

/**
 * Changes of artists' primary wallets: asked for by the signature of the wallet that is given up, and made after a delay in
 * which that wallet, or the tenant's owner, may still say no.
 */
export class WalletChangeService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: WalletStores,
    private readonly statements: Pick<PolicyStatements, 'request'>,
    private readonly consents: Pick<ArtistConsentService, 'check' | 'use' | 'walletDelayMs'>,
    private readonly knowsChain: (chainId: ChainId) => boolean,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /**
   * Asks for a change. It takes effect after the delay, or once the last revision holds, whichever is later.
   *
   * @throws {@link NotFoundError} (project), {@link ChainNotSupportedError}, {@link RoyaltyPolicySupersededError},
   * {@link RoyaltyWalletChangePendingError}, and what {@link ArtistConsentService.check} and `use` throw.
   */
  async request(
    tenantId: TenantId,
    { consent: signed, ...change }: RequestRoyaltyWalletChange,
  ): Promise<RoyaltyWalletChange> {
    const { projectId, expectedRevision, newWallet } = change;
    const operation = 'requestRoyaltyWalletChange';
    const consent = await this.consents.check(tenantId, { operation, change }, signed);
    const { chainId } = splitAccountId(newWallet);
    if (!this.knowsChain(chainId)) throw new ChainNotSupportedError(chainId);
    return this.database.transaction(tenantId, async (tx) => {
      const last = await this.stores.policies.lockLast(tx, projectId);
      if (last?.revision !== expectedRevision) throw new RoyaltyPolicySupersededError(expectedRevision);
      const { primaryWallet } = last.policy;
      if (primaryWallet === newWallet) throw new BadUserInputError('newWallet', 'is the primary wallet');
      const changes = await this.stores.walletChanges.ofProject(tx, projectId);
      const pending = changes.find(({ state }) => state === WalletChangeState.PENDING);
      if (pending !== undefined) throw new RoyaltyWalletChangePendingError(pending.effectiveAt);
      await this.consents.use(tx, primaryWallet, consent);
      const requestedAt = this.now();
      const delayed = requestedAt.getTime() + this.consents.walletDelayMs;
      const effectiveAt = new Date(Math.max(delayed, last.effectiveFrom.getTime()));
      const asked: RoyaltyWalletChange = {
        projectId,
        number: changes.length + 1,
        state: WalletChangeState.PENDING,
        oldWallet: primaryWallet,
        newWallet,
        requestedAt,
        effectiveAt,
        endedAt: null,
        appliedRevision: null,
        cancelledBy: null,
      };
      await this.stores.walletChanges.insert(tx, asked, last.revision);
      await this.stores.outbox.add(
        tx,
        applyWalletChange,
        { tenantId, projectId },
        { notBefore: effectiveAt },
      );
      await this.stores.publisher.publish(tx, [walletChangeAnnouncement(asked)]);
      return asked;
    });
  }

  /**
   * Cancels a change by the signature of the wallet that it would replace.
   *
   * @throws {@link NotFoundError}, {@link RoyaltyWalletChangeOverError}, and what {@link ArtistConsentService.check} and `use` throw.
   */
  async cancel(
    tenantId: TenantId,
    { consent: signed, ...change }: CancelRoyaltyWalletChange,
  ): Promise<RoyaltyWalletChange> {
    const operation = 'cancelRoyaltyWalletChange';
    const consent = await this.consents.check(tenantId, { operation, change }, signed);
    return this.stop(tenantId, change, WalletChangeCanceller.ARTIST, consent);
  }

  /** Cancels a change as the tenant's owner. @throws {@link NotFoundError}, {@link RoyaltyWalletChangeOverError} */
  async veto(tenantId: TenantId, change: VetoRoyaltyWalletChange): Promise<RoyaltyWalletChange> {
    return this.stop(tenantId, change, WalletChangeCanceller.OWNER, undefined);
  }

  /** All changes of a project, oldest first. @throws {@link NotFoundError} if the tenant has no such project. */
  async all(tenantId: TenantId, projectId: ProjectId): Promise<RoyaltyWalletChange[]> {
    return this.database.read(tenantId, async (tx) => {
      const [project] = await this.stores.projects.findByIds(tx, [projectId]);
      if (project === undefined) throw new NotFoundError('Project', projectId);
      return this.stores.walletChanges.ofProject(tx, projectId);
    });
  }

  /**
   * Makes the change whose time has come: the next revision of the policy names the new wallet, from now on, so that what is
   * owed from before stays the old one's. Running again changes nothing.
   *
   * @returns When to come again; undefined if no change is pending.
   */
  async apply(tenantId: TenantId, projectId: ProjectId): Promise<Date | undefined> {
    return this.database.transaction(tenantId, async (tx) => {
      const last = await this.stores.policies.lockLast(tx, projectId);
      const pending = await this.stores.walletChanges.findPending(tx, projectId);
      if (pending === undefined || last === undefined) return undefined;
      const endedAt = this.now();
      if (endedAt < pending.effectiveAt) return pending.effectiveAt;
      if (last.policy.primaryWallet !== pending.oldWallet) {
        // A process of the release before, which knows of no change, has stated another wallet.
        const cancelledBy = WalletChangeCanceller.PLATFORM;
        await this.end(tx, pending, { state: 'CANCELLED', endedAt, appliedRevision: null, cancelledBy });
        return undefined;
      }
      const policy = withWallet(last.policy, pending.newWallet);
      const added: PolicyRevision = {
        projectId,
        revision: last.revision + 1,
        // The clocks of the API and of this worker may differ.
        effectiveFrom: new Date(Math.max(endedAt.getTime(), last.effectiveFrom.getTime() + 1)),
        policy,
        hash: royaltyPolicyHash(policy),
      };
      await addRevision(tx, this.stores, this.statements, added, last);
      const appliedRevision = added.revision;
      await this.end(tx, pending, { state: 'APPLIED', endedAt, appliedRevision, cancelledBy: null });
      return undefined;
    });
  }

  private async stop(
    tenantId: TenantId,
    { projectId, number }: VetoRoyaltyWalletChange,
    cancelledBy: WalletChangeCanceller,
    consent: VerifiedArtistConsent | undefined,
  ): Promise<RoyaltyWalletChange> {
    return this.database.transaction(tenantId, async (tx) => {
      await this.stores.policies.lockLast(tx, projectId);
      const changes = await this.stores.walletChanges.ofProject(tx, projectId);
      const change = changes.find((one) => one.number === number);
      if (change === undefined) throw new NotFoundError('RoyaltyWalletChange', `${projectId}/${number}`);
      const endedAt = this.now();
      if (change.state !== WalletChangeState.PENDING || endedAt >= change.effectiveAt)
        throw new RoyaltyWalletChangeOverError();
      if (consent !== undefined) await this.consents.use(tx, change.oldWallet, consent);
      return this.end(tx, change, { state: 'CANCELLED', endedAt, appliedRevision: null, cancelledBy });
    });
  }

  private async end(
    tx: TenantTx,
    change: RoyaltyWalletChange,
    end: WalletChangeEnd,
  ): Promise<RoyaltyWalletChange> {
    const ended = { ...change, ...end };
    await this.stores.walletChanges.end(tx, change, end);
    await this.stores.publisher.publish(tx, [walletChangeAnnouncement(ended)]);
    return ended;
  }
}
