import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Extensions,
  Field,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import {
  CancelExportInput,
  cancelExportSchema,
  exportFilterSchema,
  TenantExportFilterInput,
} from '../../schema/inputs/export';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import type { Page } from '../../schema/types/connection';
import { TenantExport, TenantExportConnection } from '../../schema/types/tenant-export';
import { LETS_LEAVE } from '../allowed-while-suspended';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@ObjectType()
export class TenantExportPayload {
  @Field(() => TenantExport) export: TenantExport;
}

@Resolver(() => TenantExport)
export class TenantExportResolver {
  constructor(private readonly exports: Services['exports']) {}

  @Authorized('tenant:export')
  @Extensions({ [LETS_LEAVE]: true })
  @Mutation(() => TenantExportPayload, {
    description:
      'Has all that is held of the tenant written into a signed archive, which takes the place of the one before. One at a time; also while the tenant is suspended.',
  })
  async requestExport(@Ctx() { tenantId }: RequestContext): Promise<TenantExportPayload> {
    return { export: await this.exports.request(tenantId) };
  }

  @Authorized('tenant:export')
  @Extensions({ [LETS_LEAVE]: true })
  @Mutation(() => TenantExportPayload, {
    description: 'Stops an export that is under way, or removes its archive.',
  })
  async cancelExport(
    @Arg('input', () => CancelExportInput) input: CancelExportInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<TenantExportPayload> {
    const { exportId } = parseInput(cancelExportSchema, input);
    return { export: await this.exports.cancel(tenantId, exportId) };
  }

  @Authorized('tenant:export')
  @Query(() => TenantExportConnection, {
    name: 'exports',
    description: 'The exports that the tenant has asked for.',
  })
  async exportPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => TenantExportFilterInput, { nullable: true }) filter: TenantExportFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<TenantExport>> {
    return this.exports.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(exportFilterSchema, filter, 'filter'),
    );
  }
}
