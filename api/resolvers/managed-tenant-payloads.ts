import { Field, ObjectType } from 'type-graphql';
import { ManagedTenant } from '../../schema/types/managed-tenant';
import { Plan } from '../../schema/types/quota';

@ObjectType()
export class ManagedTenantPayload {
  @Field(() => ManagedTenant) tenant: ManagedTenant;
}

@ObjectType()
export class SetPlanPayload {
  @Field(() => Plan) plan: Plan;
}
