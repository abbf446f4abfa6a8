import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { projectGlobalIdSchema } from '../../schema/inputs/ids';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import { MarketArgs, marketSchema, SaleFilterInput, saleFilterSchema } from '../../schema/inputs/sale';
import type { Page } from '../../schema/types/connection';
import { Market } from '../../schema/types/market';
import { Project } from '../../schema/types/project';
import { Sale, SaleConnection, SalePayment } from '../../schema/types/sale';
import { Work } from '../../schema/types/work';
import { loadReferenced } from '../loaders';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import type { Subscribing } from '../subscriptions/subscribing';

@Resolver(() => Sale)
export class SaleResolver {
  constructor(
    private readonly sales: Services['sales'],
    private readonly markets: Services['markets'],
  ) {}

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

  @Authorized('read')
  @Query(() => Market, {
    description: 'What a project’s works, or one work, are traded for, and who holds them.',
  })
  async market(@Args(() => MarketArgs) of: MarketArgs, @Ctx() { tenantId }: RequestContext): Promise<Market> {
    return this.markets.market(tenantId, parseInput(marketSchema, of));
  }

  @Authorized('read')
  @Subscription(() => Sale, {
    description:
      'A sale of a project’s works as it is recorded, and again as it becomes final or is taken back.',
    subscribe: ({ args, context }: Subscribing<{ projectId: string }>) =>
      context.watcher.salesOf(context, parseInput(projectGlobalIdSchema, args.projectId, 'projectId')),
  })
  saleRecorded(@Root() sale: Sale, @Arg('projectId', () => ID) _projectId: string): Sale {
    return sale;
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
