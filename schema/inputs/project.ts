import { Field, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { accountIdSchema } from '../caip';
import { AccountIdScalar, JsonScalar } from '../scalars';
import { jsonDocumentSchema } from './json-document';
import { isStorable, nameSchema, textSchema, UNSTORABLE_MESSAGE } from './text';

@InputType()
export class DependencyInput {
  @Field(() => String) name: string;
  @Field(() => String) version: string;
  @Field(() => String, { description: 'Content hash: 0x and 64 hex digits.' }) hash: string;
}

@InputType()
export class CreateProjectInput {
  @Field(() => String) name: string;
  @Field(() => String) artistName: string;
  @Field(() => AccountIdScalar) artistAccount: string;
  @Field(() => String, { nullable: true }) description?: string | null;
  @Field(() => String, { description: 'The source of the generative algorithm, at most 1 MiB.' })
  script: string;
  @Field(() => [DependencyInput], { nullable: true }) dependencies?: DependencyInput[] | null;
  @Field(() => JsonScalar, { nullable: true }) traits?: unknown;
  @Field(() => Int) editionCap: number;
  @Field(() => Int, { description: '0 to 10000.' }) royaltyBps: number;
  @Field(() => String, { description: 'SPDX id or URI.' }) licence: string;
  @Field(() => JsonScalar, { nullable: true, description: 'At most 1 MiB.' }) metadata?: unknown;
}

const hashSchema = z.string().regex(/^0x[0-9a-f]{64}$/i, 'must be 0x and 64 hex digits');
const name = nameSchema(200);

const dependencySchema = z.strictObject({ name, version: nameSchema(100), hash: hashSchema });

export const createProjectSchema = z.strictObject({
  name,
  artistName: name,
  artistAccount: accountIdSchema,
  description: z
    .string()
    .max(10_000)
    .refine(isStorable, UNSTORABLE_MESSAGE)
    .nullish()
    .transform((value) => value ?? ''),
  script: textSchema(1_048_576),
  dependencies: z
    .array(dependencySchema)
    .max(50)
    .nullish()
    .transform((value) => value ?? []),
  traits: jsonDocumentSchema,
  editionCap: z.number().int().min(1).max(1_000_000),
  royaltyBps: z.number().int().min(0).max(10_000),
  licence: name,
  metadata: jsonDocumentSchema,
});

@InputType({ description: 'Narrows `projects`; all given fields must match.' })
export class ProjectFilterInput {
  @Field(() => String, { nullable: true }) name?: string | null;
  @Field(() => AccountIdScalar, { nullable: true }) artistAccount?: string | null;
}

export const projectFilterSchema = z
  .strictObject({ name: name.nullish(), artistAccount: accountIdSchema.nullish() })
  .nullish();

export type ProjectFilter = z.output<typeof projectFilterSchema>;
export type CreateProject = z.output<typeof createProjectSchema>;
