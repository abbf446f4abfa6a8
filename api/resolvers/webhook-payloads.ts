import { Field, ID, Int, ObjectType } from 'type-graphql';
import { WebhookDelivery, WebhookEndpoint } from '../../schema/types/webhook';

const SECRET = 'The signing secret (`whsec_…`). Shown this once.';

@ObjectType()
export class CreateWebhookEndpointPayload {
  @Field(() => WebhookEndpoint) endpoint: WebhookEndpoint;
  @Field(() => String, { description: SECRET }) secret: string;
}

@ObjectType()
export class UpdateWebhookEndpointPayload {
  @Field(() => WebhookEndpoint) endpoint: WebhookEndpoint;
}

@ObjectType()
export class DeleteWebhookEndpointPayload {
  @Field(() => ID) deletedEndpointId: string;
}

@ObjectType()
export class RotateWebhookSecretPayload {
  @Field(() => WebhookEndpoint) endpoint: WebhookEndpoint;
  @Field(() => String, { description: SECRET }) secret: string;
}

@ObjectType()
export class SendTestWebhookPayload {
  @Field(() => WebhookDelivery) delivery: WebhookDelivery;
}

@ObjectType()
export class RedeliverWebhookPayload {
  @Field(() => WebhookDelivery) delivery: WebhookDelivery;
}

@ObjectType()
export class ReplayWebhooksPayload {
  @Field(() => Int, { description: 'How many events are sent again.' }) count: number;
}
