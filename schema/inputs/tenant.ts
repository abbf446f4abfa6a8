import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { tenantIdSchema } from '../ids';
import { TenantState } from '../types/tenant';
import { planNameSchema } from './plan';
import { nameSchema } from './text';

@InputType()
export class CreateTenantInput {
  @Field(() => String) name: string;
  @Field(() => String, { nullable: true, description: 'Name of a plan; `unlimited` when absent.' })
  plan?: string | null;
}

@InputType()
export class SuspendTenantInput {
  @Field(() => ID) tenantId: string;
  @Field(() => String, { description: 'What the tenant reads, 1 to 500 characters.' }) reason: string;
}

@InputType()
export class ResumeTenantInput {
  @Field(() => ID) tenantId: string;
}

@InputType()
export class AssignPoolInput {
  @Field(() => ID) tenantId: string;
  @Field(() => String, {
    description: '`shared`, or one that a running worker serves: lower-case letters, digits and dashes.',
  })
  pool: string;
  @Field(() => Int, { nullable: true, description: '1 to 100; as it is when absent.' })
  relayWeight?: number | null;
  @Field(() => Int, { nullable: true, description: '1 to 10,000; as it is when absent.' })
  maxJobsInFlight?: number | null;
}

@InputType({ description: 'Narrows `tenants`; all given fields must match.' })
export class TenantFilterInput {
  @Field(() => String, { nullable: true, description: 'A part of the name, whatever its case.' })
  name?: string | null;
  @Field(() => TenantState, { nullable: true }) state?: TenantState | null;
}

@InputType()
export class DeleteTenantInput {
  @Field(() => ID) tenantId: string;
  @Field(() => String, {
    description:
      'Of an export made since the tenant was suspended, as `colophon export` and `verify` print it.',
  })
  manifestHash: string;
}

export const createTenantSchema = z.strictObject({ name: nameSchema(200), plan: planNameSchema.nullish() });
export const suspendTenantSchema = z.strictObject({
  tenantId: tenantIdSchema,
  reason: nameSchema(500),
});
export const resumeTenantSchema = z.strictObject({ tenantId: tenantIdSchema });
export const assignPoolSchema = z.strictObject({
  tenantId: tenantIdSchema,
  pool: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'has 1 to 40 lower-case letters, digits and dashes, a letter first'),
  relayWeight: z.int().min(1).max(100).nullish(),
  maxJobsInFlight: z.int().min(1).max(10_000).nullish(),
});
export const tenantFilterSchema = z
  .strictObject({ name: nameSchema(200).nullish(), state: z.enum(TenantState).nullish() })
  .nullish();

export type SuspendTenant = z.output<typeof suspendTenantSchema>;
export type AssignPool = z.output<typeof assignPoolSchema>;
export type TenantFilter = z.output<typeof tenantFilterSchema>;

export const deleteTenantSchema = z.strictObject({
  tenantId: tenantIdSchema,
  manifestHash: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits in lower case'),
});

export type DeleteTenant = z.output<typeof deleteTenantSchema>;
