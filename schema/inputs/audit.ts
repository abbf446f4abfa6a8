import { Field, InputType } from 'type-graphql';
import { z } from 'zod';

/** Names, ids and request ids are shorter. */
const wordSchema = z.string().min(1).max(200);

@InputType({ description: 'Narrows `auditLog`; all given fields must match.' })
export class AuditFilterInput {
  @Field(() => String, { nullable: true, description: 'Name of a mutation.' }) operation?: string | null;
  @Field(() => String, { nullable: true, description: 'Id of an API key.' }) actor?: string | null;
  @Field(() => String, { nullable: true }) requestId?: string | null;
}

export const auditFilterSchema = z
  .strictObject({
    operation: wordSchema.nullish(),
    actor: wordSchema.nullish(),
    requestId: wordSchema.nullish(),
  })
  .nullish();

export type AuditFilter = z.output<typeof auditFilterSchema>;
