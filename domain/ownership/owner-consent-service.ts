import { randomBytes } from 'node:crypto';
import { type Address, bytesToHex } from 'viem';
import { isMuteTimelock } from '../../chains/evm/registry/timelock';
import type { Signers } from '../../chains/signers/signers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type AccountId, splitAccountId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import type { OwnerConsent } from '../../schema/inputs/owner-consent';
import type { ConsentedOperation, PrepareOwnerConsent } from '../../schema/inputs/registry-role';
import type { PreparedConsent } from '../../schema/types/owner-consent';
import type { Registry } from '../../schema/types/registry';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { presentWitness } from '../../tenants/witness';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';
import { isInTime, isSignedBy, unixTime } from '../signed-consent';
import { takeNonce } from '../used-nonces';
import {
  OwnerCannotSignError,
  OwnerConsentExpiredError,
  OwnerConsentInvalidError,
  OwnerConsentMissingError,
  OwnerConsentUnusedError,
  OwnerConsentUsedError,
} from './consent-errors';
import { type ConsentRequest, consentJson, consentTypedData } from './owner-consent';

/** A change with the input of its mutation, which names the registry. */
export interface ConsentedChange {
  readonly operation: ConsentedOperation;
  readonly change: { readonly registryId: RegistryId };
}

/** A consent whose signature was checked; its nonce is still to be taken. */
export interface VerifiedConsent {
  readonly owner: AccountId;
  readonly request: ConsentRequest;
  readonly signature: OwnerConsent['signature'];
}

/**
 * The consents of registries' owners to what the platform's account could do without them. A contract that owns a
 * registry is asked on the registry's home chain, at each consent: what its signers agreed to before they changed
 * is not what it says now.
 */
export class OwnerConsentService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly registries: RegistryRepository,
    private readonly chains: ChainAccesses,
    private readonly signers: Signers,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** What the owner has to sign. Nothing is kept. @throws NotFoundError (registry), {@link OwnerCannotSignError} */
  async prepare(
    tenantId: TenantId,
    { operation, change, validForSeconds }: PrepareOwnerConsent,
  ): Promise<PreparedConsent> {
    const registry = await this.registry(tenantId, change.registryId);
    await this.requireSigner(registry);
    const nonce = bytesToHex(randomBytes(32));
    const deadline = BigInt(unixTime(this.now()) + validForSeconds);
    const typedData = consentJson(requestOf(registry, { operation, change }, { nonce, deadline }));
    return { owner: registry.owner, nonce, deadline: String(deadline), typedData };
  }

  /**
   * Holds a change to the consent of a registry's owner. To be called before the change's transaction: asks a chain.
   *
   * @returns undefined if the tenant's own account is the owner.
   * @throws NotFoundError (registry), {@link OwnerConsentMissingError}, {@link OwnerConsentUnusedError}, {@link OwnerCannotSignError},
   * {@link OwnerConsentExpiredError}, {@link OwnerConsentInvalidError}
   */
  async check(
    tenantId: TenantId,
    asked: ConsentedChange,
    consent: OwnerConsent | null | undefined,
  ): Promise<VerifiedConsent | undefined> {
    const registry = await this.registry(tenantId, asked.change.registryId);
    if (await this.isOwn(tenantId, registry)) {
      if (consent != null) throw new OwnerConsentUnusedError();
      return undefined;
    }
    if (consent == null) {
      await this.requireSigner(registry);
      throw new OwnerConsentMissingError();
    }
    const { deadline, signature } = consent;
    if (!isInTime(deadline, this.now())) throw new OwnerConsentExpiredError();
    const { owner, homeChainId } = registry;
    const request = requestOf(registry, asked, consent);
    const { public: client } = this.chains.get(homeChainId);
    if (!(await isSignedBy(client, owner, consentTypedData(request), signature)))
      throw new OwnerConsentInvalidError();
    return { owner, request, signature };
  }

  /**
   * Uses a consent up, and has it kept in the audit log with the change's entry. In the change's transaction.
   *
   * @throws {@link OwnerConsentUsedError}, {@link OwnerConsentInvalidError} if the registry has another owner meanwhile.
   */
  async use(tx: TenantTx, registry: Registry, consent: VerifiedConsent | undefined): Promise<void> {
    if (consent === undefined) return;
    const { owner, request, signature } = consent;
    if (registry.owner !== owner) throw new OwnerConsentInvalidError();
    const expiresAt = new Date(Number(request.deadline) * 1_000);
    if (!(await takeNonce(tx, `owner-consent:${registry.id}:${request.nonce}`, expiresAt)))
      throw new OwnerConsentUsedError();
    presentWitness()?.stand({ ownerConsent: { owner, typedData: consentJson(request), signature } });
  }

  private async isOwn(tenantId: TenantId, { owner, homeChainId }: Registry): Promise<boolean> {
    const { address } = await this.signers.accountFor(tenantId, homeChainId);
    return splitAccountId(owner).address === address;
  }

  /** Nobody is asked to wait for a signature that cannot come. @throws {@link OwnerCannotSignError} */
  private async requireSigner({ owner, homeChainId }: Registry): Promise<void> {
    // CAST: the owner was made from an EVM address.
    const address = splitAccountId(owner).address as Address;
    if (await isMuteTimelock(this.chains.get(homeChainId).public, address))
      throw new OwnerCannotSignError(owner);
  }

  private registry(tenantId: TenantId, registryId: RegistryId): Promise<Registry> {
    return this.database.transaction(tenantId, (tx) => this.registries.get(tx, registryId));
  }
}

function requestOf(
  registry: Registry,
  { operation, change }: ConsentedChange,
  { nonce, deadline }: Pick<OwnerConsent, 'nonce' | 'deadline'>,
): ConsentRequest {
  const { homeChainId } = registry;
  const { collection } = contractsOn(registry, homeChainId);
  return { homeChainId, collection, operation, change, nonce, deadline };
}
