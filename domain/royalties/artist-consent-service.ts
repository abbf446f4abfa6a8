import { randomBytes } from 'node:crypto';
import { bytesToHex } from 'viem';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type AccountId, splitAccountId } from '../../schema/caip';
import type { ProjectId, TenantId } from '../../schema/ids';
import type { ArtistConsent } from '../../schema/inputs/artist-consent';
import type { ArtistOperation, PrepareArtistConsent } from '../../schema/inputs/royalty-wallet';
import type { PreparedArtistConsent } from '../../schema/types/royalty-wallet';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { presentWitness } from '../../tenants/witness';
import { NotFoundError } from '../not-found-error';
import type { ProjectRepository } from '../registry/project-repository';
import type { RegistryRepository } from '../registry/registry-repository';
import { isInTime, isSignedBy, unixTime } from '../signed-consent';
import { takeNonce } from '../used-nonces';
import { type ArtistConsentRequest, artistConsentJson, artistConsentTypedData } from './artist-consent';
import { ownPolicy } from './own-policy';
import type { PolicyRepository } from './policy-repository';
import {
  ArtistCannotSignError,
  ArtistConsentExpiredError,
  ArtistConsentInvalidError,
  ArtistConsentUsedError,
} from './royalty-errors';

interface ConsentStores {
  readonly projects: ProjectRepository;
  readonly registries: RegistryRepository;
  readonly policies: PolicyRepository;
}

/** A change with the input of its mutation, which names the project. */
export interface ArtistChange {
  readonly operation: ArtistOperation;
  readonly change: { readonly projectId: ProjectId };
}

/** A consent whose signature was checked; its nonce is still to be taken. */
export interface VerifiedArtistConsent {
  readonly request: ArtistConsentRequest;
  readonly signature: ArtistConsent['signature'];
}

/** What artists consent to about their royalties, each by the signature of a project's present primary wallet. */
export class ArtistConsentService {
  /** @param walletDelayMs - How long after its request a wallet changes at the earliest; shown to whoever signs. */
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: ConsentStores,
    private readonly chains: ChainAccesses,
    readonly walletDelayMs: number,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** What the artist has to sign. Nothing is kept. @throws {@link NotFoundError} (project), {@link ArtistCannotSignError} */
  async prepare(
    tenantId: TenantId,
    { operation, change, validForSeconds }: PrepareArtistConsent,
  ): Promise<PreparedArtistConsent> {
    const subject = await this.subject(tenantId, change.projectId);
    const nonce = bytesToHex(randomBytes(32));
    const deadline = BigInt(unixTime(this.now()) + validForSeconds);
    return {
      wallet: subject.wallet,
      nonce,
      deadline: String(deadline),
      typedData: artistConsentJson({ ...subject, operation, change, nonce, deadline }),
      walletDelaySeconds: this.walletDelayMs / 1_000,
    };
  }

  /**
   * Holds a change to the artist's consent. To be called before the change's transaction: asks the wallet's chain.
   *
   * @throws {@link NotFoundError} (project), {@link ArtistConsentExpiredError}, {@link ArtistCannotSignError},
   * {@link ArtistConsentInvalidError}
   */
  async check(
    tenantId: TenantId,
    { operation, change }: ArtistChange,
    { nonce, deadline, signature }: ArtistConsent,
  ): Promise<VerifiedArtistConsent> {
    const subject = await this.subject(tenantId, change.projectId);
    if (!isInTime(deadline, this.now())) throw new ArtistConsentExpiredError();
    const request = { ...subject, operation, change, nonce, deadline };
    const { public: client } = this.chains.get(splitAccountId(subject.wallet).chainId);
    if (!(await isSignedBy(client, subject.wallet, artistConsentTypedData(request), signature)))
      throw new ArtistConsentInvalidError();
    return { request, signature };
  }

  /**
   * Uses a consent up, and has it kept in the audit log with the change's entry. In the change's transaction.
   *
   * @param wallet - The primary wallet as that transaction, which has locked the policy, finds it.
   * @throws {@link ArtistConsentUsedError}, {@link ArtistConsentInvalidError} if the wallet is another meanwhile.
   */
  async use(tx: TenantTx, wallet: AccountId, { request, signature }: VerifiedArtistConsent): Promise<void> {
    if (request.wallet !== wallet) throw new ArtistConsentInvalidError();
    const expiresAt = new Date(Number(request.deadline) * 1_000);
    if (!(await takeNonce(tx, `artist-consent:${request.projectId}:${request.nonce}`, expiresAt)))
      throw new ArtistConsentUsedError();
    presentWitness()?.stand({
      artistConsent: { wallet, typedData: artistConsentJson(request), signature },
    });
  }

  private async subject(tenantId: TenantId, projectId: ProjectId) {
    const subject = await this.database.read(tenantId, async (tx) => {
      const [project] = await this.stores.projects.findByIds(tx, [projectId]);
      if (project === undefined) throw new NotFoundError('Project', projectId);
      const last = (await this.stores.policies.history(tx, projectId)).at(-1) ?? ownPolicy(project);
      const registry = await this.stores.registries.findOfProject(tx, projectId);
      const collection = registry?.contracts.find(
        ({ chainId }) => chainId === registry.homeChainId,
      )?.collection;
      return {
        tenantId,
        projectId,
        registry: collection == null ? '' : `${registry?.homeChainId}:${collection}`,
        wallet: last.policy.primaryWallet,
      };
    });
    if (!subject.wallet.startsWith('eip155:')) throw new ArtistCannotSignError(subject.wallet);
    return subject;
  }
}
