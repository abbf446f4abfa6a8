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
import { registryGlobalIdSchema } from '../../schema/inputs/ids';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  CreateRegistryInput,
  createRegistrySchema,
  RegistryFilterInput,
  registryFilterSchema,
} from '../../schema/inputs/registry';
import type { Page } from '../../schema/types/connection';
import { Project } from '../../schema/types/project';
import { Registry, RegistryConnection } from '../../schema/types/registry';
import { loadReferenced } from '../loaders';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@ObjectType()
export class CreateRegistryPayload {
  @Field(() => Registry) registry: Registry;
}

@Resolver(() => Registry)
export class RegistryResolver {
  constructor(private readonly registries: Services['registries']) {}

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
  ): Promise<Page<Registry>> {
    return this.registries.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(registryFilterSchema, filter, 'filter'),
    );
  }

  @FieldResolver(() => Project)
  async project(@Root() { projectId }: Registry, @Ctx() { loaders }: RequestContext): Promise<Project> {
    return loadReferenced(loaders.project, projectId);
  }
}
