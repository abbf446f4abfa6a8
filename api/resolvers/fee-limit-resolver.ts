import { Arg, Authorized, Ctx, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { SetFeeLimitInput, setFeeLimitSchema } from '../../schema/inputs/fee-limit';
import { parseInput } from '../../schema/inputs/parse-input';
import { FeeLimit } from '../../schema/types/fee-limit';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@ObjectType()
export class SetFeeLimitPayload {
  @Field(() => FeeLimit) feeLimit: FeeLimit;
}

@Resolver(() => FeeLimit)
export class FeeLimitResolver {
  constructor(private readonly limits: Services['feeLimits']) {}

  @Authorized('signing:write')
  @Mutation(() => SetFeeLimitPayload, {
    description:
      'Limits what the tenant’s transactions may cost on a chain; what waits goes on when it is raised.',
  })
  async setFeeLimit(
    @Arg('input', () => SetFeeLimitInput) input: SetFeeLimitInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<SetFeeLimitPayload> {
    return { feeLimit: await this.limits.set(tenantId, parseInput(setFeeLimitSchema, input)) };
  }

  @Authorized('read')
  @Query(() => [FeeLimit], { description: 'The fee limits of every chain that has any.' })
  async feeLimits(@Ctx() { tenantId }: RequestContext): Promise<FeeLimit[]> {
    return this.limits.all(tenantId);
  }
}
