import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { accountIdSchema, chainIdSchema } from '../caip';
import { AccountIdScalar, ChainIdScalar, JsonScalar } from '../scalars';
import { WorkState } from '../types/work';
import { projectGlobalIdSchema, registryGlobalIdSchema, workGlobalIdSchema } from './ids';
import { jsonDocumentSchema } from './json-document';

@InputType()
export class MintInput {
  @Field(() => AccountIdScalar, { description: 'Who receives the work, on the home chain.' }) to: string;
  @Field(() => JsonScalar, { nullable: true, description: 'At most 1 MiB.' }) metadata?: unknown;
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
export class UpdateMetadataInput {
  @Field(() => ID) workId: string;
  @Field(() => JsonScalar, { description: 'The whole new metadata, at most 1 MiB.' }) metadata: unknown;
}

const mintShape = { to: accountIdSchema, metadata: jsonDocumentSchema };

export const mintWorkSchema = z
  .strictObject({ registryId: registryGlobalIdSchema, ...mintShape })
  .transform(({ registryId, ...work }) => ({ registryId, works: [work] }));

export const mintWorksSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  works: z.array(z.strictObject(mintShape)).min(1).max(50),
});

export const updateMetadataSchema = z.strictObject({
  workId: workGlobalIdSchema,
  metadata: jsonDocumentSchema,
});

export type MintWorks = z.output<typeof mintWorksSchema>;
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
