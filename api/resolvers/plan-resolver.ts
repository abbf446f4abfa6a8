import { Arg, Authorized, Mutation, Query, Resolver } from 'type-graphql';
import { parseInput } from '../../schema/inputs/parse-input';
import { AssignPlanInput, assignPlanSchema, SetPlanInput, setPlanSchema } from '../../schema/inputs/plan';
import { Plan } from '../../schema/types/quota';
import { OPERATOR } from '../auth/auth-checker';
import type { Services } from '../services';
import { ManagedTenantPayload, SetPlanPayload } from './managed-tenant-payloads';

/** For the platform's operator only. */
@Resolver()
export class PlanResolver {
  constructor(
    private readonly planService: Services['plans'],
    private readonly managedTenants: Services['managedTenants'],
  ) {}

  @Authorized(OPERATOR)
  @Query(() => [Plan], { description: 'All plans. For the platform’s operator only.' })
  async plans(): Promise<Plan[]> {
    return this.planService.all();
  }

  @Authorized(OPERATOR)
  @Mutation(() => SetPlanPayload, {
    description:
      'Makes a plan, or changes all of it for everybody who has it, at once. For the platform’s operator only.',
  })
  async setPlan(@Arg('input', () => SetPlanInput) input: SetPlanInput): Promise<SetPlanPayload> {
    return { plan: await this.planService.set(parseInput(setPlanSchema, input)) };
  }

  @Authorized(OPERATOR)
  @Mutation(() => ManagedTenantPayload, {
    description: 'Gives a tenant a plan, and quotas that differ from it. For the platform’s operator only.',
  })
  async assignPlan(
    @Arg('input', () => AssignPlanInput) input: AssignPlanInput,
  ): Promise<ManagedTenantPayload> {
    const parsed = parseInput(assignPlanSchema, input);
    await this.planService.assign(parsed);
    return { tenant: await this.managedTenants.get(parsed.tenantId) };
  }
}
