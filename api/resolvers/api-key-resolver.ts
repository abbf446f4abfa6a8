import { Arg, Args, Authorized, Ctx, Extensions, Mutation, Query, Resolver } from 'type-graphql';
import {
  ApiKeyFilterInput,
  apiKeyFilterSchema,
  CreateApiKeyInput,
  createApiKeySchema,
  RevokeApiKeyInput,
  RotateApiKeyInput,
  revokeApiKeySchema,
  rotateApiKeySchema,
} from '../../schema/inputs/api-key';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import { ApiKey, ApiKeyConnection } from '../../schema/types/api-key';
import type { Page } from '../../schema/types/connection';
import { TAKES_ACCESS_AWAY } from '../allowed-while-suspended';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import { ApiKeySecretPayload, RevokeApiKeyPayload } from './api-key-payloads';

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  constructor(private readonly apiKeys: Services['apiKeys']) {}

  @Authorized('key:write')
  @Mutation(() => ApiKeySecretPayload, {
    description: 'Makes a key that may do no more than the one that asks.',
  })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput,
    @Ctx() { tenantId, scopes }: RequestContext,
  ): Promise<ApiKeySecretPayload> {
    return this.apiKeys.create(tenantId, scopes, parseInput(createApiKeySchema, input));
  }

  @Authorized('key:write')
  @Extensions({ [TAKES_ACCESS_AWAY]: true })
  @Mutation(() => RevokeApiKeyPayload, { description: 'Ends a key at once, with its subscriptions.' })
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput) input: RevokeApiKeyInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RevokeApiKeyPayload> {
    const { apiKeyId } = parseInput(revokeApiKeySchema, input);
    return { apiKey: await this.apiKeys.revoke(tenantId, apiKeyId) };
  }

  @Authorized('key:write')
  @Mutation(() => ApiKeySecretPayload, {
    description: 'Makes a successor of a key; for the overlap, the old one is taken as well.',
  })
  async rotateApiKey(
    @Arg('input', () => RotateApiKeyInput) input: RotateApiKeyInput,
    @Ctx() { tenantId, scopes }: RequestContext,
  ): Promise<ApiKeySecretPayload> {
    return this.apiKeys.rotate(tenantId, scopes, parseInput(rotateApiKeySchema, input));
  }

  @Authorized('read')
  @Query(() => ApiKeyConnection, {
    name: 'apiKeys',
    description: 'The tenant’s keys, also those that are over.',
  })
  async apiKeyPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ApiKeyFilterInput, { nullable: true }) filter: ApiKeyFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<ApiKey>> {
    return this.apiKeys.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(apiKeyFilterSchema, filter, 'filter'),
    );
  }
}
