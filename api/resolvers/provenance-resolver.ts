import { Arg, Args, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql';
import { workGlobalIdSchema } from '../../schema/inputs/ids';
import { ProvenancePageArgs, placePageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import { ProvenanceFilterInput, provenanceFilterSchema } from '../../schema/inputs/provenance';
import type { Page } from '../../schema/types/connection';
import { ProvenanceConnection, type ProvenanceEvent } from '../../schema/types/provenance';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@Resolver()
export class ProvenanceResolver {
  constructor(private readonly history: Services['provenance']) {}

  @Authorized('read')
  @Query(() => ProvenanceConnection, { description: 'The history of a work.' })
  async provenance(
    @Arg('workId', () => ID) workId: string,
    @Args(() => ProvenancePageArgs) page: ProvenancePageArgs,
    @Arg('filter', () => ProvenanceFilterInput, { nullable: true }) filter: ProvenanceFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<ProvenanceEvent>> {
    return this.history.page(
      tenantId,
      parseInput(workGlobalIdSchema, workId, 'workId'),
      parseInput(placePageSchema, page),
      parseInput(provenanceFilterSchema, filter, 'filter'),
    );
  }
}
