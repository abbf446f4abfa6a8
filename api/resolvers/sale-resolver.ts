import { Arg, Args, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import { SaleFilterInput, saleFilterSchema } from '../../schema/inputs/sale';
import type { Page } from '../../schema/types/connection';
import { Project } from '../../schema/types/project';
import { Sale, SaleConnection, SalePayment } from '../../schema/types/sale';
import { Work } from '../../schema/types/work';
import { loadReferenced } from '../loaders';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@Resolver(() => Sale)
export class SaleResolver {
  constructor(private readonly sales: Services['sales']) {}

  @Authorized('read')
  @Query(() => SaleConnection, {
    name: 'sales',
    description: 'What the tenant’s works were sold for, as their chains show it.',
  })
  async salePage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => SaleFilterInput, { nullable: true }) filter: SaleFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<Sale>> {
    return this.sales.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(saleFilterSchema, filter, 'filter'),
    );
  }

  @FieldResolver(() => Work)
  async work(@Root() { workId }: Sale, @Ctx() { loaders }: RequestContext): Promise<Work> {
    return loadReferenced(loaders.work, workId);
  }

  @FieldResolver(() => Project)
  async project(@Root() { projectId }: Sale, @Ctx() { loaders }: RequestContext): Promise<Project> {
    return loadReferenced(loaders.project, projectId);
  }

  @FieldResolver(() => [SalePayment], {
    description:
      'Royalties, and money instead of them, that the same transaction paid; none once it is taken back.',
  })
  async payments(@Root() { id }: Sale, @Ctx() { loaders }: RequestContext): Promise<SalePayment[]> {
    return loaders.salePayments.load(id);
  }
}
