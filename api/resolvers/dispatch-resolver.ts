import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import {
  DispatchFilterInput,
  DispatchUpdatedArgs,
  dispatchFilterSchema,
  dispatchUpdatedSchema,
  PrepareSendWorkInput,
  prepareSendWorkSchema,
  RetryDispatchInput,
  retryDispatchSchema,
  SendWorkInput,
  sendWorkSchema,
} from '../../schema/inputs/dispatch';
import { dispatchGlobalIdSchema } from '../../schema/inputs/ids';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import { Dispatch, DispatchConnection } from '../../schema/types/dispatch';
import type { RequestContext } from '../request-context';
import { Selected } from '../selected';
import type { Services } from '../services';
import type { Subscribing } from '../subscriptions/subscribing';
import { PrepareSendWorkPayload, RetryDispatchPayload, SendWorkPayload } from './dispatch-payloads';

@Resolver(() => Dispatch)
export class DispatchResolver {
  constructor(private readonly dispatches: Services['dispatches']) {}

  @Authorized('dispatch:write')
  @Mutation(() => SendWorkPayload, {
    description: 'Sends a work to another chain: one that the platform holds, or that its holder permits.',
  })
  async sendWork(
    @Arg('input', () => SendWorkInput) input: SendWorkInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<SendWorkPayload> {
    return { dispatch: await this.dispatches.send(tenantId, parseInput(sendWorkSchema, input)) };
  }

  @Authorized('dispatch:write')
  @Mutation(() => PrepareSendWorkPayload, {
    description: 'What a holder’s wallet signs to send a work. Changes nothing by itself.',
  })
  async prepareSendWork(
    @Arg('input', () => PrepareSendWorkInput) input: PrepareSendWorkInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<PrepareSendWorkPayload> {
    return {
      preparedSend: await this.dispatches.prepareSend(tenantId, parseInput(prepareSendWorkSchema, input)),
    };
  }

  @Authorized('dispatch:write')
  @Mutation(() => RetryDispatchPayload, { description: 'Tries a held or failed dispatch again.' })
  async retryDispatch(
    @Arg('input', () => RetryDispatchInput) input: RetryDispatchInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RetryDispatchPayload> {
    const { dispatchId } = parseInput(retryDispatchSchema, input);
    return { dispatch: await this.dispatches.retry(tenantId, dispatchId) };
  }

  @Authorized('read')
  @Query(() => Dispatch)
  async dispatch(@Arg('id', () => ID) id: string, @Ctx() { tenantId }: RequestContext): Promise<Dispatch> {
    return this.dispatches.get(tenantId, parseInput(dispatchGlobalIdSchema, id, 'id'));
  }

  @Authorized('read')
  @Query(() => DispatchConnection, { name: 'dispatches' })
  async dispatchPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => DispatchFilterInput, { nullable: true }) filter: DispatchFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
    @Selected() selection: Selection,
  ): Promise<Page<Dispatch>> {
    return this.dispatches.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(dispatchFilterSchema, filter, 'filter'),
      selection,
    );
  }

  @Authorized('read')
  @Subscription(() => Dispatch, {
    description:
      'The dispatch as it is now, and again after each change; or, by work, all of its dispatches, also those that begin later.',
    subscribe: async ({ args, context }: Subscribing<DispatchUpdatedArgs>) => {
      const target = parseInput(dispatchUpdatedSchema, args);
      return 'dispatchId' in target
        ? context.watcher.dispatch(context, target.dispatchId)
        : context.watcher.dispatchesOf(context, target.workId);
    },
  })
  dispatchUpdated(
    @Root() dispatch: Dispatch,
    @Args(() => DispatchUpdatedArgs) _target: DispatchUpdatedArgs,
  ): Dispatch {
    return dispatch;
  }
}
