import { Arg, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { isPerson } from '../../domain/tenancy/caller';
import { parseInput } from '../../schema/inputs/parse-input';
import { CreateTenantInput, createTenantSchema } from '../../schema/inputs/tenant';
import { CreateTenantPayload, Viewer } from '../../schema/types/tenant';
import { OPERATOR } from '../auth/auth-checker';
import { loadReferenced } from '../loaders';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@Resolver()
export class ViewerResolver {
  constructor(
    private readonly tenants: Services['tenants'],
    private readonly tenancy: Services['tenancy'],
    private readonly sessions: Pick<Services['sessions'], 'list'>,
  ) {}

  @Authorized('read')
  @Query(() => Viewer, { description: 'Who this request speaks for.' })
  async me(@Ctx() context: RequestContext): Promise<Viewer> {
    const { tenantId, caller, loaders } = context;
    const isMember = caller !== undefined && isPerson(caller);
    const [tenant, member, sessions] = await Promise.all([
      this.tenants.get(tenantId),
      isMember ? loadReferenced(loaders.member, caller.actor.id) : null,
      isMember ? this.sessions.list(tenantId, caller.actor.id) : [],
    ]);
    return { tenant, member, sessions, scopes: [...context.scopes] };
  }

  @Authorized(OPERATOR)
  @Mutation(() => CreateTenantPayload, {
    description: 'Provisions a tenant. For the platform’s operator only.',
  })
  async createTenant(
    @Arg('input', () => CreateTenantInput) input: CreateTenantInput,
  ): Promise<CreateTenantPayload> {
    const { name, plan } = parseInput(createTenantSchema, input);
    const { tenantId, apiKey } = await this.tenancy.createTenant(name, plan ?? undefined);
    return { tenant: await this.tenants.get(tenantId), apiKey };
  }
}
