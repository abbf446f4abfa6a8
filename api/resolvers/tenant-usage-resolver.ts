import { Args, FieldResolver, Resolver, Root } from 'type-graphql';
import { parseInput } from '../../schema/inputs/parse-input';
import { UsageArgs, usageSchema } from '../../schema/inputs/plan';
import { QuotaStatus, Usage } from '../../schema/types/quota';
import { Tenant } from '../../schema/types/tenant';
import type { Services } from '../services';
import { counted } from './counted';

/** What a tenant sees of its own use. */
@Resolver(() => Tenant)
export class TenantUsageResolver {
  constructor(private readonly usageOf: Services['usage']) {}

  @FieldResolver(() => [QuotaStatus], { complexity: counted })
  async quotas(@Root() { tenantId }: Tenant): Promise<QuotaStatus[]> {
    return this.usageOf.quotaStatus(tenantId);
  }

  @FieldResolver(() => [Usage], { complexity: counted })
  async usage(@Root() { tenantId }: Tenant, @Args(() => UsageArgs) args: UsageArgs): Promise<Usage[]> {
    return this.usageOf.usage(tenantId, parseInput(usageSchema, args));
  }
}
