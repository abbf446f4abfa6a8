import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { workGlobalIdSchema } from '../../schema/inputs/ids';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  AdoptWorksInput,
  adoptWorksSchema,
  MintWorkInput,
  MintWorksInput,
  mintWorkSchema,
  mintWorksSchema,
  PrepareMintWorksInput,
  prepareMintWorksSchema,
  UpdateMetadataInput,
  updateMetadataSchema,
  WorkFilterInput,
  workFilterSchema,
} from '../../schema/inputs/work';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import { Work, WorkConnection } from '../../schema/types/work';
import type { RequestContext } from '../request-context';
import { Selected } from '../selected';
import type { Services } from '../services';
import type { Subscribing } from '../subscriptions/subscribing';
import {
  AdoptWorksPayload,
  MintWorkPayload,
  MintWorksPayload,
  PrepareMintWorksPayload,
  UpdateMetadataPayload,
} from './work-payloads';

@Resolver(() => Work)
export class WorkResolver {
  constructor(
    private readonly mints: Services['mints'],
    private readonly works: Services['works'],
    private readonly consents: Services['consents'],
    private readonly adoptions: Services['adoptions'],
  ) {}

  @Authorized('work:write')
  @Mutation(() => MintWorkPayload, { description: 'Begins to mint one work on the registry’s home chain.' })
  async mintWork(
    @Arg('input', () => MintWorkInput) input: MintWorkInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<MintWorkPayload> {
    const [work] = await this.mints.mint(tenantId, parseInput(mintWorkSchema, input));
    if (work === undefined) throw new Error('a mint of one work returns it');
    return { work };
  }

  @Authorized('work:write')
  @Mutation(() => MintWorksPayload, { description: 'Begins to mint several works, all or none.' })
  async mintWorks(
    @Arg('input', () => MintWorksInput) input: MintWorksInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<MintWorksPayload> {
    return { works: await this.mints.mint(tenantId, parseInput(mintWorksSchema, input)) };
  }

  @Authorized('work:write')
  @Mutation(() => PrepareMintWorksPayload, {
    description:
      'What the artist signs so that works of an `artistSigned` registry can be minted. Changes nothing.',
  })
  async prepareMintWorks(
    @Arg('input', () => PrepareMintWorksInput) input: PrepareMintWorksInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<PrepareMintWorksPayload> {
    return {
      preparedMints: await this.consents.prepare(tenantId, parseInput(prepareMintWorksSchema, input)),
    };
  }

  @Authorized('work:write')
  @Mutation(() => AdoptWorksPayload, {
    description:
      'Begins to adopt tokens as works of a registry that `adoptCollection` made, all or none. Those that are works already are answered as they are.',
  })
  async adoptWorks(
    @Arg('input', () => AdoptWorksInput) input: AdoptWorksInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<AdoptWorksPayload> {
    return { works: await this.adoptions.adopt(tenantId, parseInput(adoptWorksSchema, input)) };
  }

  @Authorized('work:write')
  @Mutation(() => UpdateMetadataPayload, {
    description: 'Replaces a work’s metadata by a new revision and states it to every mirror.',
  })
  async updateMetadata(
    @Arg('input', () => UpdateMetadataInput) input: UpdateMetadataInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<UpdateMetadataPayload> {
    return this.works.updateMetadata(tenantId, parseInput(updateMetadataSchema, input));
  }

  @Authorized('read')
  @Query(() => Work)
  async work(@Arg('id', () => ID) id: string, @Ctx() { tenantId }: RequestContext): Promise<Work> {
    return this.works.get(tenantId, parseInput(workGlobalIdSchema, id, 'id'));
  }

  @Authorized('read')
  @Query(() => WorkConnection, { name: 'works' })
  async workPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => WorkFilterInput, { nullable: true }) filter: WorkFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
    @Selected() selection: Selection,
  ): Promise<Page<Work>> {
    return this.works.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(workFilterSchema, filter, 'filter'),
      selection,
    );
  }

  @Authorized('read')
  @Subscription(() => Work, {
    description: 'The work as it is now, and again after each change.',
    subscribe: ({ args, context }: Subscribing<{ workId: string }>) =>
      context.watcher.work(context, parseInput(workGlobalIdSchema, args.workId, 'workId')),
  })
  workUpdated(@Root() work: Work, @Arg('workId', () => ID) _workId: string): Work {
    return work;
  }
}
