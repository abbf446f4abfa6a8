import { Arg, Args, Authorized, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { PLATFORM_SCOPE } from '../../domain/idempotency/idempotency-service';
import { tenantIdSchema } from '../../schema/ids';
import { AuditFilterInput, auditFilterSchema } from '../../schema/inputs/audit';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import { UsageArgs, usageSchema } from '../../schema/inputs/plan';
import {
  AssignPoolInput,
  assignPoolSchema,
  ResumeTenantInput,
  resumeTenantSchema,
  SuspendTenantInput,
  suspendTenantSchema,
  TenantFilterInput,
  tenantFilterSchema,
} from '../../schema/inputs/tenant';
import { AuditConnection, type AuditEntry } from '../../schema/types/audit';
import type { Page } from '../../schema/types/connection';
import { ManagedTenant, ManagedTenantConnection, WorkerPool } from '../../schema/types/managed-tenant';
import { QuotaStatus, Usage } from '../../schema/types/quota';
import { OPERATOR } from '../auth/auth-checker';
import type { Services } from '../services';
import { counted } from './counted';
import { ManagedTenantPayload } from './managed-tenant-payloads';

/** For the platform's operator only. */
@Resolver(() => ManagedTenant)
export class ManagedTenantResolver {
  constructor(
    private readonly managedTenants: Services['managedTenants'],
    private readonly audit: Services['audit'],
    private readonly usageOf: Services['usage'],
  ) {}

  @Authorized(OPERATOR)
  @Query(() => ManagedTenantConnection, {
    name: 'tenants',
    description: 'All tenants. For the platform’s operator only.',
  })
  async tenantPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => TenantFilterInput, { nullable: true }) filter: TenantFilterInput | null,
  ): Promise<Page<ManagedTenant>> {
    return this.managedTenants.page(
      parseInput(pageSchema, page),
      parseInput(tenantFilterSchema, filter, 'filter'),
    );
  }

  @Authorized(OPERATOR)
  @Query(() => ManagedTenant, { description: 'One tenant. For the platform’s operator only.' })
  async tenant(@Arg('id', () => ID, { description: 'Its `tenantId`.' }) id: string): Promise<ManagedTenant> {
    return this.managedTenants.get(parseInput(tenantIdSchema, id, 'id'));
  }

  @Authorized(OPERATOR)
  @Mutation(() => ManagedTenantPayload, {
    description:
      'From now on the tenant’s keys only read, and nothing new of it begins on any chain. What is under way ends. For the platform’s operator only.',
  })
  async suspendTenant(
    @Arg('input', () => SuspendTenantInput) input: SuspendTenantInput,
  ): Promise<ManagedTenantPayload> {
    return { tenant: await this.managedTenants.suspend(parseInput(suspendTenantSchema, input)) };
  }

  @Authorized(OPERATOR)
  @Mutation(() => ManagedTenantPayload, {
    description: 'Ends a suspension: what waited goes on. For the platform’s operator only.',
  })
  async resumeTenant(
    @Arg('input', () => ResumeTenantInput) input: ResumeTenantInput,
  ): Promise<ManagedTenantPayload> {
    return { tenant: await this.managedTenants.resume(parseInput(resumeTenantSchema, input).tenantId) };
  }

  @FieldResolver(() => [QuotaStatus], { complexity: counted })
  async quotas(@Root() { tenantId }: ManagedTenant): Promise<QuotaStatus[]> {
    return this.usageOf.quotaStatus(tenantId);
  }

  @FieldResolver(() => [Usage], { complexity: counted })
  async usage(@Root() { tenantId }: ManagedTenant, @Args(() => UsageArgs) args: UsageArgs): Promise<Usage[]> {
    return this.usageOf.usage(tenantId, parseInput(usageSchema, args));
  }

  @Authorized(OPERATOR)
  @Mutation(() => ManagedTenantPayload, {
    description: 'Has a tenant’s jobs run by the workers of a pool. For the platform’s operator only.',
  })
  async assignPool(
    @Arg('input', () => AssignPoolInput) input: AssignPoolInput,
  ): Promise<ManagedTenantPayload> {
    return { tenant: await this.managedTenants.assignPool(parseInput(assignPoolSchema, input)) };
  }

  @Authorized(OPERATOR)
  @Query(() => [WorkerPool], {
    description: 'Pools that a worker serves or a tenant is assigned to. For the platform’s operator only.',
  })
  async workerPools(): Promise<WorkerPool[]> {
    return this.managedTenants.workerPools();
  }

  @Authorized(OPERATOR)
  @Query(() => AuditConnection, {
    description: 'What the platform’s operator changed, linked by hashes. For the operator only.',
  })
  async platformAuditLog(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AuditFilterInput, { nullable: true }) filter: AuditFilterInput | null,
  ): Promise<Page<AuditEntry>> {
    return this.audit.page(
      PLATFORM_SCOPE,
      parseInput(pageSchema, page),
      parseInput(auditFilterSchema, filter, 'filter'),
    );
  }
}
