import { randomUUID } from 'node:crypto';
import type { Address, Hex } from 'viem';
import type { MintRequest } from '../../chains/evm/registry/calls';
import type { Signers } from '../../chains/signers/signers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { evmAccountId, splitAccountId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import type { MintWorks, PrepareMintWorks } from '../../schema/inputs/work';
import type { Project } from '../../schema/types/project';
import { type Registry, RegistryState } from '../../schema/types/registry';
import type { PreparedMint } from '../../schema/types/work';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { canonicalHash } from '../canonical-json';
import { NotFoundError } from '../not-found-error';
import { addressOn } from './account-address';
import { findUnsignedDocument, mintConsentJson, readConsentSubject } from './mint-consent';
import type { ProjectRepository } from './project-repository';
import { provenanceDocument } from './provenance-document';
import { contractsOn } from './registry-contracts';
import {
  ArtistSignatureInvalidError,
  ArtistSignatureMissingError,
  ArtistSignatureUnusedError,
  RegistryNotReadyError,
} from './registry-errors';
import { requireOwnWorks } from './registry-kind';
import type { RegistryRepository } from './registry-repository';

interface ConsentStores {
  readonly registries: RegistryRepository;
  readonly projects: ProjectRepository;
}

/** Artists' consents to single works, for registries that mint none without. */
export class ConsentService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: ConsentStores,
    private readonly chains: ChainAccesses,
    private readonly signers: Signers,
  ) {}

  /**
   * What the artist has to sign for works to be minted. Nothing is kept: the nonce makes the same document again.
   *
   * @throws {@link NotFoundError} (registry), {@link RegistryNotReadyError}, {@link ArtistSignatureUnusedError}
   */
  async prepare(tenantId: TenantId, { registryId, count }: PrepareMintWorks): Promise<PreparedMint[]> {
    const { registry, project } = await this.read(tenantId, registryId);
    if (!registry.artistSigned) throw new ArtistSignatureUnusedError('registryId');
    const { homeChainId } = registry;
    const subject = await readConsentSubject(
      this.chains.get(homeChainId).public,
      homeChainId,
      homeCollection(registry),
    );
    const artist = evmAccountId(homeChainId, splitAccountId(project.artistAccount).address as Address); // CAST: createRegistry refuses others
    return Array.from({ length: count }, () => {
      const nonce = randomUUID();
      const document = provenanceDocument(nonce, registry, project);
      const documentHash = canonicalHash(document);
      return { nonce, document, documentHash, artist, typedData: mintConsentJson(subject, documentHash) };
    });
  }

  /**
   * Checks the signatures of a request's works with the collection, before anything of them is kept or sent.
   *
   * @throws {@link ArtistSignatureInvalidError}, and whatever {@link requireConsents} throws.
   */
  async check(tenantId: TenantId, { registryId, works }: MintWorks): Promise<void> {
    const { registry, project } = await this.read(tenantId, registryId);
    requireConsents(registry, works);
    const requests = works.map(
      ({ to, artistSignature }): MintRequest => ({
        to: addressOn(registry.homeChainId, to, 'to'),
        documentHash: canonicalHash(provenanceDocument(artistSignature?.nonce ?? '', registry, project)),
        artistSignature: artistSignature?.signature ?? '0x',
      }),
    );
    const { address } = await this.signers.accountFor(tenantId, registry.homeChainId);
    const unsigned = await findUnsignedDocument(
      this.chains.get(registry.homeChainId).public,
      homeCollection(registry),
      address,
      requests,
    );
    if (unsigned === undefined) return;
    throw new ArtistSignatureInvalidError(
      requests.findIndex(({ documentHash }) => documentHash === unsigned),
    );
  }

  private async read(
    tenantId: TenantId,
    registryId: RegistryId,
  ): Promise<{ registry: Registry; project: Project }> {
    return this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      requireOwnWorks(registry, 'call adoptWorks.');
      if (registry.state !== RegistryState.ACTIVE) throw new RegistryNotReadyError(registry.progress);
      const [project] = await this.stores.projects.findByIds(tx, [registry.projectId]);
      if (project === undefined) throw new NotFoundError('Project', registry.projectId);
      return { registry, project };
    });
  }
}

/**
 * Holds works to what their registry asks of the artist.
 *
 * @throws {@link ArtistSignatureMissingError}, {@link ArtistSignatureUnusedError}
 */
export function requireConsents(
  { artistSigned }: Pick<Registry, 'artistSigned'>,
  works: MintWorks['works'],
): void {
  for (const [index, { artistSignature }] of works.entries()) {
    const isSigned = artistSignature != null;
    if (artistSigned && !isSigned) throw new ArtistSignatureMissingError(index);
    if (!artistSigned && isSigned) throw new ArtistSignatureUnusedError(`works.${index}.artistSignature`);
  }
}

function homeCollection(registry: Registry): Hex {
  return contractsOn(registry, registry.homeChainId).collection;
}
