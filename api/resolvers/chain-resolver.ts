import { Arg, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql';
import { registryGlobalIdSchema } from '../../schema/inputs/ids';
import { parseInput } from '../../schema/inputs/parse-input';
import { Chain, Lane } from '../../schema/types/chain';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@Resolver()
export class ChainResolver {
  constructor(
    private readonly networks: Services['chains'],
    private readonly laneService: Services['lanes'],
  ) {}

  @Authorized('read')
  @Query(() => [Chain], { description: 'The networks of this deployment.' })
  async chains(): Promise<Chain[]> {
    return this.networks.all();
  }

  @Authorized('read')
  @Query(() => [Lane], { description: 'The ways between the chains of a registry.' })
  async lanes(
    @Arg('registryId', () => ID) registryId: string,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Lane[]> {
    return this.laneService.lanes(tenantId, parseInput(registryGlobalIdSchema, registryId, 'registryId'));
  }
}
