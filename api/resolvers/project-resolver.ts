import { Arg, Args, Authorized, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { projectGlobalIdSchema } from '../../schema/inputs/ids';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  CreateProjectInput,
  createProjectSchema,
  ProjectFilterInput,
  projectFilterSchema,
} from '../../schema/inputs/project';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import { Project, ProjectConnection } from '../../schema/types/project';
import type { RequestContext } from '../request-context';
import { Selected } from '../selected';
import type { Services } from '../services';

@ObjectType()
export class CreateProjectPayload {
  @Field(() => Project) project: Project;
}

@Resolver(() => Project)
export class ProjectResolver {
  constructor(private readonly projects: Services['projects']) {}

  @Authorized('project:write')
  @Mutation(() => CreateProjectPayload, { description: 'Registers a generative project.' })
  async createProject(
    @Arg('input', () => CreateProjectInput) input: CreateProjectInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<CreateProjectPayload> {
    return { project: await this.projects.create(tenantId, parseInput(createProjectSchema, input)) };
  }

  @Authorized('read')
  @Query(() => Project)
  async project(@Arg('id', () => ID) id: string, @Ctx() { tenantId }: RequestContext): Promise<Project> {
    return this.projects.get(tenantId, parseInput(projectGlobalIdSchema, id, 'id'));
  }

  @Authorized('read')
  @Query(() => ProjectConnection, { name: 'projects' })
  async projectPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ProjectFilterInput, { nullable: true }) filter: ProjectFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
    @Selected() selection: Selection,
  ): Promise<Page<Project>> {
    return this.projects.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(projectFilterSchema, filter, 'filter'),
      selection,
    );
  }
}
