import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { erc721ContractId } from '../../schema/caip';
import { registryGlobalIdSchema } from '../../schema/inputs/ids';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  AdoptCollectionInput,
  adoptCollectionSchema,
  CreateRegistryInput,
  createRegistrySchema,
  RegistryFilterInput,
  registryFilterSchema,
} from '../../schema/inputs/registry';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import { AdoptedPosture, Registry, RegistryConnection } from '../../schema/types/registry';
import type { RequestContext } from '../request-context';
import { Selected } from '../selected';
import type { Services } from '../services';

@ObjectType()
export class CreateRegistryPayload {
  @Field(() => Registry) registry: Registry;
}

@ObjectType()
export class AdoptCollectionPayload {
  @Field(() => Registry) registry: Registry;
}

@Resolver(() => Registry)
export class RegistryResolver {
  constructor(
    private readonly registries: Services['registries'],
    private readonly adoptions: Services['adoptions'],
  ) {}

  @Authorized('registry:write')
  @Mutation(() => CreateRegistryPayload, {
    description: 'Begins to deploy a project’s contracts to its chains and to open the lanes between them.',
  })
  async createRegistry(
    @Arg('input', () => CreateRegistryInput) input: CreateRegistryInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<CreateRegistryPayload> {
    return { registry: await this.registries.create(tenantId, parseInput(createRegistrySchema, input)) };
  }

  @Authorized('registry:write')
  @Mutation(() => AdoptCollectionPayload, {
    description:
      'As `createRegistry`, over the tokens of an ERC-721 contract that is there already; `adoptWorks` then makes works of them.',
  })
  async adoptCollection(
    @Arg('input', () => AdoptCollectionInput) input: AdoptCollectionInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<AdoptCollectionPayload> {
    return { registry: await this.registries.adopt(tenantId, parseInput(adoptCollectionSchema, input)) };
  }

  @Authorized('read')
  @Query(() => Registry)
  async registry(@Arg('id', () => ID) id: string, @Ctx() { tenantId }: RequestContext): Promise<Registry> {
    return this.registries.get(tenantId, parseInput(registryGlobalIdSchema, id, 'id'));
  }

  @Authorized('read')
  @Query(() => RegistryConnection, { name: 'registries' })
  async registryPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RegistryFilterInput, { nullable: true }) filter: RegistryFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
    @Selected() selection: Selection,
  ): Promise<Page<Registry>> {
    return this.registries.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(registryFilterSchema, filter, 'filter'),
      selection,
    );
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The contract whose tokens are the works (CAIP-19 asset type); null if the registry mints its own.',
  })
  adoptedCollection(@Root() { adopted }: Registry): string | null {
    return adopted && erc721ContractId(adopted);
  }

  @FieldResolver(() => AdoptedPosture, {
    nullable: true,
    description: 'Null if the registry mints its own works. Asks the chain at each call.',
  })
  async adoptedPosture(@Root() registry: Registry): Promise<AdoptedPosture | null> {
    return registry.adopted && this.adoptions.posture(registry);
  }
}
