import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { tenantIdSchema } from '../ids';
import { QuotasInput, UsageUnit } from '../types/quota';
import { isStorable, UNSTORABLE_MESSAGE } from './text';

@InputType()
export class SetPlanInput {
  @Field(() => String, { description: '1 to 40 lower-case letters, digits and dashes, a letter first.' })
  plan: string;
  @Field(() => String, { defaultValue: '' }) description: string;
  @Field(() => QuotasInput, { description: 'All of them: one that is absent is no limit.' })
  quotas: QuotasInput;
}

@InputType()
export class AssignPlanInput {
  @Field(() => ID) tenantId: string;
  @Field(() => String) plan: string;
  @Field(() => QuotasInput, {
    nullable: true,
    description:
      'What differs from the plan for this tenant; it takes the place of what differed before. One that is absent is the plan’s, one that is null is no limit.',
  })
  overrides?: QuotasInput | null;
}

@ArgsType()
export class UsageArgs {
  @Field(() => Date, { description: 'The first day or month is that of this time.' }) from: Date;
  @Field(() => Date, { description: 'The last is that which ends at or after this time.' }) to: Date;
  @Field(() => UsageUnit, { defaultValue: UsageUnit.DAY }) by: UsageUnit;
}

export const planNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'has 1 to 40 lower-case letters, digits and dashes, a letter first');

const limitSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().optional();
const quotasSchema = z.strictObject({
  works: limitSchema,
  dispatchesPerDay: limitSchema,
  apiRequestsPerMinute: z.number().int().min(1).max(1_000_000_000).nullable().optional(),
  webhookEndpoints: limitSchema,
  storageBytes: limitSchema,
});
export const setPlanSchema = z.strictObject({
  plan: planNameSchema,
  description: z.string().max(500).refine(isStorable, UNSTORABLE_MESSAGE),
  quotas: quotasSchema,
});
export const assignPlanSchema = z.strictObject({
  tenantId: tenantIdSchema,
  plan: planNameSchema,
  overrides: quotasSchema.nullish(),
});

/** The most days, or months, that one answer tells of. */
const MAX_USAGE_PERIODS = 400;
const SHORTEST_UNIT_MS = { day: 86_400_000, month: 28 * 86_400_000 } as const;
export const usageSchema = z
  .object({ from: z.date(), to: z.date(), by: z.enum(UsageUnit) })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than from' })
  .refine(
    ({ from, to, by }) => to.getTime() - from.getTime() <= (MAX_USAGE_PERIODS - 1) * SHORTEST_UNIT_MS[by],
    {
      path: ['to'],
      message: `asks for more than ${MAX_USAGE_PERIODS} of them`,
    },
  );

export type SetPlan = z.output<typeof setPlanSchema>;
export type AssignPlan = z.output<typeof assignPlanSchema>;
export type UsageRequest = z.output<typeof usageSchema>;
