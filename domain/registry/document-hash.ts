import { getAddress, type Hex, isAddress } from 'viem';
import { z } from 'zod';
import { adoptedOrigin } from '../../chains/evm/registry/adoption';
import { chainIdSchema } from '../../schema/caip';
import type { JsonObject } from '../../schema/inputs/json-document';
import { canonicalHash } from '../canonical-json';

const adoptedDocumentSchema = z.object({
  adopted: z.strictObject({
    chainId: chainIdSchema,
    contract: z.string().refine(isAddress),
    tokenId: z.string().regex(/^\d{1,78}$/),
  }),
});

/** The hash that a work's commitment binds, made from its document anew: that of an adopted work names its token alone. */
export function documentHashOf(document: JsonObject): Hex {
  const adopted = adoptedDocumentSchema.safeParse(document);
  if (!adopted.success) return canonicalHash(document);
  const { chainId, contract, tokenId } = adopted.data.adopted;
  return adoptedOrigin({ chainId, address: getAddress(contract) }, BigInt(tokenId)).documentHash;
}
