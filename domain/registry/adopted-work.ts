import { randomUUID } from 'node:crypto';
import { adoptedOrigin } from '../../chains/evm/registry/adoption';
import { type Erc721Contract, evmAccountId } from '../../schema/caip';
import { workIdSchema } from '../../schema/ids';
import type { JsonObject } from '../../schema/inputs/json-document';
import type { Registry } from '../../schema/types/registry';
import type { NewWork } from './work-repository';

/** Version of the document's shape. */
const DOCUMENT_VERSION = 1;

/** A token of an adopted contract, as it becomes a work. What it looks like is that contract's affair. */
export function adoptedWork(
  registry: Registry,
  contract: Erc721Contract,
  { tokenId, holder }: { readonly tokenId: bigint; readonly holder: string },
): Omit<NewWork, 'mintId'> {
  return {
    id: workIdSchema.parse(randomUUID()),
    projectId: registry.projectId,
    registryId: registry.id,
    firstHolder: evmAccountId(contract.chainId, holder),
    document: adoptedDocument(contract, tokenId),
    documentHash: adoptedOrigin(contract, tokenId).documentHash,
    metadata: {},
    artistSignature: undefined,
  };
}

/** All that the document hash of an adopted work binds, which is the token that it is. */
function adoptedDocument({ chainId, address }: Erc721Contract, tokenId: bigint): JsonObject {
  return { version: DOCUMENT_VERSION, adopted: { chainId, contract: address, tokenId: String(tokenId) } };
}
