import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { WebhookDeliveryId, WebhookEndpointId, WebhookEventId } from '../ids';
import { connectionType } from './connection';
import { Node } from './node';

/** How a delivery stands. `DEAD`: every try has failed, or its endpoint was disabled; it can be sent again. */
export const WebhookDeliveryState = { PENDING: 'PENDING', DELIVERED: 'DELIVERED', DEAD: 'DEAD' } as const;
export type WebhookDeliveryState = (typeof WebhookDeliveryState)[keyof typeof WebhookDeliveryState];
registerEnumType(WebhookDeliveryState, {
  name: 'WebhookDeliveryState',
  description: 'DEAD: every try has failed, or the endpoint was disabled; it can be sent again.',
});

/** Why a delivery was made. */
export const WebhookDeliveryOrigin = {
  EVENT: 'EVENT',
  TEST: 'TEST',
  REDELIVERY: 'REDELIVERY',
  REPLAY: 'REPLAY',
} as const;
export type WebhookDeliveryOrigin = (typeof WebhookDeliveryOrigin)[keyof typeof WebhookDeliveryOrigin];
registerEnumType(WebhookDeliveryOrigin, { name: 'WebhookDeliveryOrigin' });

@ObjectType('WebhookEndpoint', {
  implements: Node,
  description: 'A receiver of the tenant’s events (Standard Webhooks 1.0, CloudEvents 1.0).',
})
export class WebhookEndpoint extends Node {
  declare id: WebhookEndpointId;
  @Field(() => String) url: string;
  @Field(() => String) description: string;
  @Field(() => [String], { description: 'Types, families such as `work.*`, or `*`.' }) eventTypes: string[];
  @Field(() => Boolean, { description: 'False: nothing is sent to it, and nothing is kept for it.' })
  enabled: boolean;
  @Field(() => String, { nullable: true, description: 'Why the platform disabled it.' })
  disabledReason: string | null;
  @Field(() => Date, { nullable: true, description: 'The first failure since the last success.' })
  failingSince: Date | null;
  @Field(() => Date) createdAt: Date;
}

export const WebhookEndpointConnection = connectionType(WebhookEndpoint, 'WebhookEndpoint');

@ObjectType({ description: 'One try of a delivery.' })
export class WebhookAttempt {
  @Field(() => Int, { description: 'From 1.' }) number: number;
  @Field(() => Date) startedAt: Date;
  @Field(() => Int) durationMs: number;
  @Field(() => Int, { nullable: true, description: 'Null when there was no answer.' }) statusCode:
    | number
    | null;
  @Field(() => String, { nullable: true, description: 'The first 1,024 bytes of the answer.' })
  responseExcerpt: string | null;
  @Field(() => String, { nullable: true, description: 'Why there was no answer.' }) error: string | null;
}

@ObjectType('WebhookDelivery', {
  implements: Node,
  description: 'One event on its way to one endpoint, with every try.',
})
export class WebhookDelivery extends Node {
  declare id: WebhookDeliveryId;
  endpointId: WebhookEndpointId;
  @Field(() => String, { description: 'The `webhook-id` and CloudEvents `id`: the same at each try.' })
  eventId: WebhookEventId;
  @Field(() => String) eventType: string;
  @Field(() => String, { description: 'The CloudEvent as it is sent.' }) body: string;
  @Field(() => WebhookDeliveryOrigin) origin: WebhookDeliveryOrigin;
  @Field(() => WebhookDeliveryState) state: WebhookDeliveryState;
  @Field(() => [WebhookAttempt], { description: 'Oldest first.' }) attempts: WebhookAttempt[];
  @Field(() => Date, { nullable: true, description: 'The earliest next try; null unless `PENDING`.' })
  nextTryAt: Date | null;
  @Field(() => Date) createdAt: Date;
  @Field(() => Date, { nullable: true }) finishedAt: Date | null;
  @Field(() => WebhookEndpoint) endpoint?: WebhookEndpoint;
}

export const WebhookDeliveryConnection = connectionType(WebhookDelivery, 'WebhookDelivery');
