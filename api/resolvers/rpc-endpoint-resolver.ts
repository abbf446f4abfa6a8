import { Arg, Authorized, Ctx, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { ChainId } from '../../schema/caip';
import { parseInput } from '../../schema/inputs/parse-input';
import { SetRpcEndpointsInput, setRpcEndpointsSchema } from '../../schema/inputs/rpc-endpoints';
import { ChainIdScalar } from '../../schema/scalars';
import { RpcEndpoints } from '../../schema/types/rpc-endpoints';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@ObjectType()
export class SetRpcEndpointsPayload {
  @Field(() => RpcEndpoints) rpcEndpoints: RpcEndpoints;
}

@ObjectType()
export class RemoveRpcEndpointsPayload {
  @Field(() => ChainIdScalar) chainId: ChainId;
}

@Resolver(() => RpcEndpoints)
export class RpcEndpointResolver {
  constructor(private readonly endpoints: Services['rpcEndpoints']) {}

  // Whoever names them sees what the tenant signs before it is public, and can keep it back: as good as the key.
  @Authorized('signing:write')
  @Mutation(() => SetRpcEndpointsPayload, {
    description:
      'Has what the tenant sends on a chain priced, tried and broadcast over its own endpoints. Each must serve the chain.',
  })
  async setRpcEndpoints(
    @Arg('input', () => SetRpcEndpointsInput) input: SetRpcEndpointsInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<SetRpcEndpointsPayload> {
    return { rpcEndpoints: await this.endpoints.set(tenantId, parseInput(setRpcEndpointsSchema, input)) };
  }

  @Authorized('signing:write')
  @Mutation(() => RemoveRpcEndpointsPayload, { description: 'Goes back to the deployment’s endpoints.' })
  async removeRpcEndpoints(
    @Arg('chainId', () => ChainIdScalar) chainId: ChainId,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RemoveRpcEndpointsPayload> {
    await this.endpoints.remove(tenantId, chainId);
    return { chainId };
  }

  @Authorized('read')
  @Query(() => [RpcEndpoints], {
    description: 'The tenant’s own RPC endpoints, of every chain that has any.',
  })
  async rpcEndpoints(@Ctx() { tenantId }: RequestContext): Promise<RpcEndpoints[]> {
    return this.endpoints.all(tenantId);
  }
}
