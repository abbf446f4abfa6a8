import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { webhookEndpointGlobalIdSchema } from '../../schema/inputs/ids';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  CreateWebhookEndpointInput,
  createWebhookEndpointSchema,
  DeleteWebhookEndpointInput,
  RotateWebhookSecretInput,
  rotateWebhookSecretSchema,
  SendTestWebhookInput,
  UpdateWebhookEndpointInput,
  updateWebhookEndpointSchema,
  WebhookEndpointFilterInput,
  webhookEndpointFilterSchema,
  webhookEndpointSchema,
} from '../../schema/inputs/webhook';
import type { Page } from '../../schema/types/connection';
import { WebhookEndpoint, WebhookEndpointConnection } from '../../schema/types/webhook';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import {
  CreateWebhookEndpointPayload,
  DeleteWebhookEndpointPayload,
  RotateWebhookSecretPayload,
  SendTestWebhookPayload,
  UpdateWebhookEndpointPayload,
} from './webhook-payloads';

@Resolver(() => WebhookEndpoint)
export class WebhookEndpointResolver {
  constructor(private readonly endpoints: Services['webhookEndpoints']) {}

  @Authorized('webhook:write')
  @Mutation(() => CreateWebhookEndpointPayload, { description: 'Has events sent to a receiver.' })
  async createWebhookEndpoint(
    @Arg('input', () => CreateWebhookEndpointInput) input: CreateWebhookEndpointInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<CreateWebhookEndpointPayload> {
    return this.endpoints.create(tenantId, parseInput(createWebhookEndpointSchema, input));
  }

  @Authorized('webhook:write')
  @Mutation(() => UpdateWebhookEndpointPayload, {
    description: 'Changes an endpoint, disables it, or enables it again.',
  })
  async updateWebhookEndpoint(
    @Arg('input', () => UpdateWebhookEndpointInput) input: UpdateWebhookEndpointInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<UpdateWebhookEndpointPayload> {
    return {
      endpoint: await this.endpoints.update(tenantId, parseInput(updateWebhookEndpointSchema, input)),
    };
  }

  @Authorized('webhook:write')
  @Mutation(() => DeleteWebhookEndpointPayload, {
    description: 'Removes an endpoint, with its deliveries and their log.',
  })
  async deleteWebhookEndpoint(
    @Arg('input', () => DeleteWebhookEndpointInput) input: DeleteWebhookEndpointInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<DeleteWebhookEndpointPayload> {
    const { endpointId } = parseInput(webhookEndpointSchema, input);
    await this.endpoints.delete(tenantId, endpointId);
    return { deletedEndpointId: input.endpointId };
  }

  @Authorized('webhook:write')
  @Mutation(() => RotateWebhookSecretPayload, {
    description: 'Makes a new secret; for the overlap, the old one signs as well.',
  })
  async rotateWebhookSecret(
    @Arg('input', () => RotateWebhookSecretInput) input: RotateWebhookSecretInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RotateWebhookSecretPayload> {
    return this.endpoints.rotateSecret(tenantId, parseInput(rotateWebhookSecretSchema, input));
  }

  @Authorized('webhook:write')
  @Mutation(() => SendTestWebhookPayload, { description: 'Sends a `tenant.webhook_test` to an endpoint.' })
  async sendTestWebhook(
    @Arg('input', () => SendTestWebhookInput) input: SendTestWebhookInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<SendTestWebhookPayload> {
    const { endpointId } = parseInput(webhookEndpointSchema, input);
    return { delivery: await this.endpoints.sendTest(tenantId, endpointId) };
  }

  @Authorized('read')
  @Query(() => WebhookEndpoint)
  async webhookEndpoint(
    @Arg('id', () => ID) id: string,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<WebhookEndpoint> {
    return this.endpoints.get(tenantId, parseInput(webhookEndpointGlobalIdSchema, id, 'id'));
  }

  @Authorized('read')
  @Query(() => WebhookEndpointConnection, { name: 'webhookEndpoints' })
  async webhookEndpointPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => WebhookEndpointFilterInput, { nullable: true })
    filter: WebhookEndpointFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<WebhookEndpoint>> {
    return this.endpoints.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(webhookEndpointFilterSchema, filter, 'filter'),
    );
  }
}
