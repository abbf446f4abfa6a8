import { readFileSync } from 'node:fs';
import { getAddress, isAddress } from 'viem';
import { z } from 'zod';
import type { LastOwner } from '../../chains/evm/registry/owners-tree';
import { type ChainId, chainIdSchema } from '../../schema/caip';
import { hasCode } from '../embedded/system-errors';
import { ExitInputError } from './exit-errors';

/** Who had the works of a chain when it was retired, as the registry's owner published it. */
export interface LastOwners {
  readonly chainId: ChainId;
  readonly owners: readonly LastOwner[];
}

const ownersSchema = z.strictObject({
  chainId: chainIdSchema,
  owners: z
    .array(
      z.strictObject({
        workId: z
          .string()
          .regex(/^\d{1,78}$/)
          .transform((value) => BigInt(value)),
        holder: z
          .string()
          .refine((value) => isAddress(value), 'must be an address')
          .transform((value) => getAddress(value)),
      }),
    )
    .min(1),
});

/** Reads `{"chainId": "eip155:…", "owners": [{"workId": "…", "holder": "0x…"}]}`. @throws ExitInputError */
export function readOwners(file: string): LastOwners {
  try {
    return ownersSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof z.ZodError)
      throw new ExitInputError(`${file} is no list of last owners:\n${z.prettifyError(cause)}`, { cause });
    if (cause instanceof SyntaxError || hasCode(cause, 'ENOENT', 'EACCES', 'EISDIR'))
      throw new ExitInputError(`${file} holds no JSON that can be read.`, { cause });
    throw cause;
  }
}
