import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { accountIdSchema, chainIdSchema } from '../caip';
import { AccountIdScalar, ChainIdScalar, JsonScalar } from '../scalars';
import { WorkState } from '../types/work';
import { projectGlobalIdSchema, registryGlobalIdSchema, workGlobalIdSchema } from './ids';
import { jsonDocumentSchema } from './json-document';
import { signatureSchema } from './signature';

@InputType({ description: 'The artist’s consent to one work of a registry that asks for it.' })
export class ArtistSignatureInput {
  @Field(() => String, { description: 'Of the prepared mint that was signed.' }) nonce: string;
  @Field(() => String, { description: 'Over its typed data, as hex.' }) signature: string;
}

@InputType({ description: 'How many mints to prepare for the artist’s signature.' })
export class PrepareMintWorksInput {
  @Field(() => ID) registryId: string;
  @Field(() => Int, { defaultValue: 1, description: '1 to 50.' }) count: number;
}

@InputType()
export class MintInput {
  @Field(() => AccountIdScalar, { description: 'Who receives the work, on the home chain.' }) to: string;
  @Field(() => JsonScalar, { nullable: true, description: 'At most 1 MiB.' }) metadata?: unknown;
  @Field(() => ArtistSignatureInput, { nullable: true, description: 'If the registry is `artistSigned`.' })
  artistSignature?: ArtistSignatureInput | null;
}

@InputType()
export class MintWorkInput extends MintInput {
  @Field(() => ID) registryId: string;
}

@InputType()
export class MintWorksInput {
  @Field(() => ID) registryId: string;
  @Field(() => [MintInput], { description: '1 to 50 works, minted in one transaction.' }) works: MintInput[];
}

@InputType()
export class AdoptWorksInput {
  @Field(() => ID) registryId: string;
  @Field(() => [String], {
    description: 'Token ids in the adopted contract, decimal: 1 to 50, adopted in one transaction.',
  })
  tokenIds: string[];
}

@InputType()
export class UpdateMetadataInput {
  @Field(() => ID) workId: string;
  @Field(() => JsonScalar, { description: 'The whole new metadata, at most 1 MiB.' }) metadata: unknown;
}

const artistSignatureSchema = z.strictObject({ nonce: z.uuid().toLowerCase(), signature: signatureSchema });

const mintShape = {
  to: accountIdSchema,
  metadata: jsonDocumentSchema,
  artistSignature: artistSignatureSchema.nullish(),
};

export const mintWorkSchema = z
  .strictObject({ registryId: registryGlobalIdSchema, ...mintShape })
  .transform(({ registryId, ...work }) => ({ registryId, works: [work] }));

export const mintWorksSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  works: z.array(z.strictObject(mintShape)).min(1).max(50),
});

export const prepareMintWorksSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  count: z.int().min(1).max(50),
});

const MAX_UINT256 = 2n ** 256n - 1n;
const foreignTokenSchema = z
  .string()
  .regex(/^(0|[1-9]\d{0,77})$/, 'must be a token id in decimal')
  .transform(BigInt)
  .refine((tokenId) => tokenId <= MAX_UINT256, 'must fit into a uint256');

export const adoptWorksSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  tokenIds: z
    .array(foreignTokenSchema)
    .min(1)
    .max(50)
    .refine((tokenIds) => new Set(tokenIds).size === tokenIds.length, 'names a token twice'),
});

export const updateMetadataSchema = z.strictObject({
  workId: workGlobalIdSchema,
  metadata: jsonDocumentSchema,
});

export type MintWorks = z.output<typeof mintWorksSchema>;
export type PrepareMintWorks = z.output<typeof prepareMintWorksSchema>;
export type AdoptWorks = z.output<typeof adoptWorksSchema>;
export type UpdateMetadata = z.output<typeof updateMetadataSchema>;

@InputType({ description: 'Narrows `works`; all given fields must match.' })
export class WorkFilterInput {
  @Field(() => ID, { nullable: true }) projectId?: string | null;
  @Field(() => WorkState, { nullable: true }) state?: WorkState | null;
  @Field(() => ID, { nullable: true }) registryId?: string | null;
  @Field(() => AccountIdScalar, { nullable: true }) holder?: string | null;
  @Field(() => ChainIdScalar, { nullable: true }) chainId?: string | null;
}

export const workFilterSchema = z
  .strictObject({
    projectId: projectGlobalIdSchema.nullish(),
    state: z.enum(WorkState).nullish(),
    registryId: registryGlobalIdSchema.nullish(),
    holder: accountIdSchema.nullish(),
    chainId: chainIdSchema.nullish(),
  })
  .nullish();

export type WorkFilter = z.output<typeof workFilterSchema>;
