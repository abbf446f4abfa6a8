import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { webhookDeliveryGlobalIdSchema, webhookEndpointGlobalIdSchema } from '../../schema/inputs/ids';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  RedeliverWebhookInput,
  ReplayWebhooksInput,
  redeliverWebhookSchema,
  replayWebhooksSchema,
  WebhookDeliveryFilterInput,
  webhookDeliveryFilterSchema,
} from '../../schema/inputs/webhook';
import type { Page } from '../../schema/types/connection';
import { WebhookDelivery, WebhookDeliveryConnection } from '../../schema/types/webhook';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import { RedeliverWebhookPayload, ReplayWebhooksPayload } from './webhook-payloads';

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  constructor(private readonly deliveries: Services['webhookDeliveries']) {}

  @Authorized('webhook:write')
  @Mutation(() => RedeliverWebhookPayload, {
    description: 'Sends the event of a delivery again, under the same id, as a delivery of its own.',
  })
  async redeliverWebhook(
    @Arg('input', () => RedeliverWebhookInput) input: RedeliverWebhookInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RedeliverWebhookPayload> {
    const { deliveryId } = parseInput(redeliverWebhookSchema, input);
    return { delivery: await this.deliveries.redeliver(tenantId, deliveryId) };
  }

  @Authorized('webhook:write')
  @Mutation(() => ReplayWebhooksPayload, {
    description: 'Sends the events of a time range again, under the same ids, in their order.',
  })
  async replayWebhooks(
    @Arg('input', () => ReplayWebhooksInput) input: ReplayWebhooksInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<ReplayWebhooksPayload> {
    return { count: await this.deliveries.replay(tenantId, parseInput(replayWebhooksSchema, input)) };
  }

  @Authorized('read')
  @Query(() => WebhookDelivery)
  async webhookDelivery(
    @Arg('id', () => ID) id: string,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<WebhookDelivery> {
    return this.deliveries.get(tenantId, parseInput(webhookDeliveryGlobalIdSchema, id, 'id'));
  }

  @Authorized('read')
  @Query(() => WebhookDeliveryConnection, {
    name: 'webhookDeliveries',
    description: 'What was sent, or is to be sent, to an endpoint; newest first, kept for 30 days.',
  })
  async webhookDeliveryPage(
    @Arg('endpointId', () => ID) endpointId: string,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => WebhookDeliveryFilterInput, { nullable: true })
    filter: WebhookDeliveryFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<WebhookDelivery>> {
    return this.deliveries.page(
      tenantId,
      parseInput(webhookEndpointGlobalIdSchema, endpointId, 'endpointId'),
      parseInput(pageSchema, page),
      parseInput(webhookDeliveryFilterSchema, filter, 'filter'),
    );
  }
}
