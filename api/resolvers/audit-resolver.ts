import { Arg, Args, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import { AuditFilterInput, auditFilterSchema } from '../../schema/inputs/audit';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import { AuditConnection, type AuditEntry } from '../../schema/types/audit';
import type { Page } from '../../schema/types/connection';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@Resolver()
export class AuditResolver {
  constructor(private readonly audit: Services['audit']) {}

  @Authorized('audit:read')
  @Query(() => AuditConnection, {
    description: 'Who changed what: the tenant’s mutations, linked by hashes.',
  })
  async auditLog(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AuditFilterInput, { nullable: true }) filter: AuditFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<AuditEntry>> {
    return this.audit.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(auditFilterSchema, filter, 'filter'),
    );
  }
}
