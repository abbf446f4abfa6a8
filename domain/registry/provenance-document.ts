import type { JsonObject } from '../../schema/inputs/json-document';
import type { Project } from '../../schema/types/project';
import type { Registry } from '../../schema/types/registry';

/** Version of the document's shape; part of what is hashed. */
const DOCUMENT_VERSION = 1;

/**
 * The provenance document of a work: what makes it, as far as it is known before the mint. Its RFC 8785
 * form is hashed into the work's commitment, so it can never be changed afterwards; seed and edition,
 * which only the mint decides, are bound beside it.
 *
 * @param nonce - Random; makes each work's document unique, so that a retried mint cannot make two works of one.
 */
export function provenanceDocument(nonce: string, registry: Registry, project: Project): JsonObject {
  return {
    version: DOCUMENT_VERSION,
    nonce,
    registry: {
      homeChainId: registry.homeChainId,
      collections: registry.contracts.map(({ chainId, collection }) => ({ chainId, collection })),
    },
    project: {
      name: project.name,
      artist: { name: project.artistName, account: project.artistAccount },
      scriptHash: project.scriptHash,
      dependencies: project.dependencies.map(({ name, version, hash }) => ({ name, version, hash })),
      traits: project.traits,
      editionCap: project.editionCap,
      royaltyBps: project.royaltyBps,
      licence: project.licence,
    },
  };
}
