import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { TenantId } from '../ids';
import { connectionType } from './connection';
import { TenantState } from './tenant';

@ObjectType({ description: 'A tenant as the platform’s operator sees it.' })
export class ManagedTenant {
  @Field(() => ID) tenantId: TenantId;
  @Field(() => String) name: string;
  @Field(() => TenantState) state: TenantState;
  @Field(() => Date, { nullable: true }) suspendedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'The tenant reads it, too.' })
  suspensionReason: string | null;
  @Field(() => String, { description: 'Name of its plan.' }) plan: string;
  @Field(() => String, { description: 'The worker pool that runs its jobs.' }) pool: string;
  @Field(() => Boolean, {
    description: 'Whether a worker serves that pool now. If none does, the tenant’s jobs wait.',
  })
  poolServed: boolean;
  @Field(() => Int, { description: 'Its share of the relay among tenants, 1 to 100.' }) relayWeight: number;
  @Field(() => Int, { description: 'The most jobs of it that are queued or run at once.' })
  maxJobsInFlight: number;
  @Field(() => Date) createdAt: Date;
}

export const ManagedTenantConnection = connectionType(ManagedTenant, 'ManagedTenant');

@ObjectType({ description: 'A pool of workers.' })
export class WorkerPool {
  @Field(() => String) pool: string;
  @Field(() => Int, { description: 'Worker processes that serve it now.' }) workers: number;
  @Field(() => Int, { description: 'Tenants that are assigned to it.' }) tenants: number;
}
