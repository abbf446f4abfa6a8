import { Arg, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { parseInput } from '../../schema/inputs/parse-input';
import { CreateTenantInput, createTenantSchema } from '../../schema/inputs/tenant';
import { CreateTenantPayload, Viewer } from '../../schema/types/tenant';
import { OPERATOR } from '../auth/auth-checker';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@Resolver()
export class ViewerResolver {
  constructor(
    private readonly tenants: Services['tenants'],
    private readonly tenancy: Services['tenancy'],
  ) {}

  @Authorized('read')
  @Query(() => Viewer, { description: 'Who this request speaks for.' })
  async me(@Ctx() { tenantId, scopes }: RequestContext): Promise<Viewer> {
    return { tenant: await this.tenants.get(tenantId), scopes: [...scopes] };
  }

  @Authorized(OPERATOR)
  @Mutation(() => CreateTenantPayload, {
    description: 'Provisions a tenant. For the platform’s operator only.',
  })
  async createTenant(
    @Arg('input', () => CreateTenantInput) input: CreateTenantInput,
  ): Promise<CreateTenantPayload> {
    const { tenantId, apiKey } = await this.tenancy.createTenant(parseInput(createTenantSchema, input).name);
    return { tenant: await this.tenants.get(tenantId), apiKey };
  }
}
