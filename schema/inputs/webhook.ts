import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { WebhookDeliveryState } from '../types/webhook';
import { isEventPattern } from '../webhook-events';
import { webhookDeliveryGlobalIdSchema, webhookEndpointGlobalIdSchema } from './ids';
import { isStorable, UNSTORABLE_MESSAGE } from './text';

const EVENT_TYPES = 'Types, families such as `work.*`, or `*`; see docs/webhooks.md.';

@InputType()
export class CreateWebhookEndpointInput {
  @Field(() => String, { description: 'https, on a public address.' }) url: string;
  @Field(() => [String], { description: EVENT_TYPES }) eventTypes: string[];
  @Field(() => String, { nullable: true }) description?: string | null;
}

@InputType({ description: 'Absent fields stay as they are.' })
export class UpdateWebhookEndpointInput {
  @Field(() => ID) endpointId: string;
  @Field(() => String, { nullable: true }) url?: string | null;
  @Field(() => [String], { nullable: true, description: EVENT_TYPES }) eventTypes?: string[] | null;
  @Field(() => String, { nullable: true }) description?: string | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'False: what is still to be sent becomes dead letters, and nothing more is kept for it.',
  })
  enabled?: boolean | null;
}

@InputType()
export class DeleteWebhookEndpointInput {
  @Field(() => ID) endpointId: string;
}

@InputType()
export class RotateWebhookSecretInput {
  @Field(() => ID) endpointId: string;
  @Field(() => Int, {
    defaultValue: 24,
    description: 'For how many hours the old secret signs as well, 0 to 168.',
  })
  overlapHours: number;
}

@InputType()
export class SendTestWebhookInput {
  @Field(() => ID) endpointId: string;
}

@InputType()
export class RedeliverWebhookInput {
  @Field(() => ID) deliveryId: string;
}

@InputType({ description: 'At most 10,000 events at a time.' })
export class ReplayWebhooksInput {
  @Field(() => ID) endpointId: string;
  @Field(() => Date, { description: 'Events from here on …' }) from: Date;
  @Field(() => Date, { nullable: true, description: '… to before here; now when absent.' }) to?: Date | null;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Only events whose last delivery to this endpoint is a dead letter.',
  })
  deadLettersOnly: boolean;
}

@InputType({ description: 'Narrows `webhookDeliveries`; all given fields must match.' })
export class WebhookDeliveryFilterInput {
  @Field(() => WebhookDeliveryState, { nullable: true }) state?: WebhookDeliveryState | null;
  @Field(() => String, { nullable: true, description: 'One type, e.g. `work.minted`.' })
  eventType?: string | null;
}

@InputType({ description: 'Narrows `webhookEndpoints`; all given fields must match.' })
export class WebhookEndpointFilterInput {
  @Field(() => Boolean, { nullable: true }) enabled?: boolean | null;
  @Field(() => String, { nullable: true }) url?: string | null;
}

const urlSchema = z.string().min(1).max(2_000).refine(isStorable, UNSTORABLE_MESSAGE);
const descriptionSchema = z.string().max(500).refine(isStorable, UNSTORABLE_MESSAGE);
const eventTypesSchema = z
  .array(z.string().refine(isEventPattern, 'is no event type, family or *'))
  .min(1)
  .max(50)
  .transform((patterns) => [...new Set(patterns)]);

export const createWebhookEndpointSchema = z.strictObject({
  url: urlSchema,
  eventTypes: eventTypesSchema,
  description: descriptionSchema.nullish().transform((value) => value ?? ''),
});

export const updateWebhookEndpointSchema = z.strictObject({
  endpointId: webhookEndpointGlobalIdSchema,
  url: urlSchema.nullish(),
  eventTypes: eventTypesSchema.nullish(),
  description: descriptionSchema.nullish(),
  enabled: z.boolean().nullish(),
});

export const webhookEndpointSchema = z.strictObject({ endpointId: webhookEndpointGlobalIdSchema });

export const rotateWebhookSecretSchema = z.strictObject({
  endpointId: webhookEndpointGlobalIdSchema,
  overlapHours: z.number().int().min(0, 'must be at least 0').max(168, 'must be at most 168'),
});

export const redeliverWebhookSchema = z.strictObject({ deliveryId: webhookDeliveryGlobalIdSchema });

export const replayWebhooksSchema = z
  .strictObject({
    endpointId: webhookEndpointGlobalIdSchema,
    from: z.date(),
    to: z
      .date()
      .nullish()
      .transform((value) => value ?? undefined),
    deadLettersOnly: z.boolean(),
  })
  .refine(({ from, to }) => to === undefined || from < to, { path: ['to'], message: 'must be after from' });

export const webhookDeliveryFilterSchema = z
  .strictObject({ state: z.enum(WebhookDeliveryState).nullish(), eventType: z.string().max(100).nullish() })
  .nullish();

export type CreateWebhookEndpoint = z.output<typeof createWebhookEndpointSchema>;
export type UpdateWebhookEndpoint = z.output<typeof updateWebhookEndpointSchema>;
export type RotateWebhookSecret = z.output<typeof rotateWebhookSecretSchema>;
export type ReplayWebhooks = z.output<typeof replayWebhooksSchema>;
export const webhookEndpointFilterSchema = z
  .strictObject({ enabled: z.boolean().nullish(), url: urlSchema.nullish() })
  .nullish();

export type WebhookEndpointFilter = z.output<typeof webhookEndpointFilterSchema>;
export type WebhookDeliveryFilter = z.output<typeof webhookDeliveryFilterSchema>;
