import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import {
  FreezeWorkInput,
  freezeWorkSchema,
  GateLaneInput,
  GuardActionFilterInput,
  gateLaneSchema,
  guardActionFilterSchema,
  HoldStatementInput,
  holdStatementSchema,
  RetireChainInput,
  retireChainSchema,
  SetTravelLimitInput,
  StatementInput,
  setTravelLimitSchema,
  statementSchema,
} from '../../schema/inputs/guard';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import { GuardAction, GuardActionConnection } from '../../schema/types/guard-action';
import { loadReferenced } from '../loaders';
import type { RequestContext } from '../request-context';
import { Selected } from '../selected';
import type { Services } from '../services';
import { GuardActionPayload, SetTravelLimitPayload } from './guard-payloads';

@Resolver(() => GuardAction)
export class GuardResolver {
  constructor(private readonly guard: Services['guard']) {}

  @Authorized('guard:write')
  @Mutation(() => GuardActionPayload, { description: 'Lets nothing but voids leave on a lane.' })
  async pauseLane(
    @Arg('input', () => GateLaneInput) input: GateLaneInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.guard.pauseLane(tenantId, parseInput(gateLaneSchema, input)) };
  }

  @Authorized('guard:write')
  @Mutation(() => GuardActionPayload, { description: 'Lets statements leave on a lane again.' })
  async resumeLane(
    @Arg('input', () => GateLaneInput) input: GateLaneInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.guard.resumeLane(tenantId, parseInput(gateLaneSchema, input)) };
  }

  @Authorized('guard:write')
  @Mutation(() => SetTravelLimitPayload, {
    description: 'Sets how many works may pass from one chain to another, after 48 hours in public.',
  })
  async setTravelLimit(
    @Arg('input', () => SetTravelLimitInput) input: SetTravelLimitInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<SetTravelLimitPayload> {
    return { actions: await this.guard.setTravelLimit(tenantId, parseInput(setTravelLimitSchema, input)) };
  }

  @Authorized('guard:write')
  @Mutation(() => GuardActionPayload, {
    description: 'Freezes a work at home, and on every mirror: it cannot be sent, and arrives frozen.',
  })
  async freezeWork(
    @Arg('input', () => FreezeWorkInput) input: FreezeWorkInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.guard.freezeWork(tenantId, parseInput(freezeWorkSchema, input)) };
  }

  @Authorized('guard:write')
  @Mutation(() => GuardActionPayload, { description: 'Lifts the freeze of a work.' })
  async unfreezeWork(
    @Arg('input', () => FreezeWorkInput) input: FreezeWorkInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.guard.unfreezeWork(tenantId, parseInput(freezeWorkSchema, input)) };
  }

  @Authorized('guard:write')
  @Mutation(() => GuardActionPayload, {
    description:
      'Holds a statement on its destination, once, for at most 72 hours; then anyone may release it.',
  })
  async holdStatement(
    @Arg('input', () => HoldStatementInput) input: HoldStatementInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.guard.holdStatement(tenantId, parseInput(holdStatementSchema, input)) };
  }

  @Authorized('guard:write')
  @Mutation(() => GuardActionPayload, {
    description: 'Ends the hold of a statement, and has it applied if it waits.',
  })
  async releaseStatement(
    @Arg('input', () => StatementInput) input: StatementInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.guard.releaseStatement(tenantId, parseInput(statementSchema, input)) };
  }

  @Authorized('guard:write')
  @Mutation(() => GuardActionPayload, {
    description: 'Voids a statement for ever, after a delay of 24 hours; its source takes the works back.',
  })
  async voidMessage(
    @Arg('input', () => StatementInput) input: StatementInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.guard.voidMessage(tenantId, parseInput(statementSchema, input)) };
  }

  @Authorized('guard:write')
  @Mutation(() => GuardActionPayload, {
    description:
      'Gives a mirror up for ever, after a delay of 30 days; its works can be claimed at home then.',
  })
  async retireChain(
    @Arg('input', () => RetireChainInput) input: RetireChainInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.guard.retireChain(tenantId, parseInput(retireChainSchema, input)) };
  }

  @Authorized('read')
  @Query(() => GuardActionConnection, {
    description: 'What guardians did to lanes, works, statements and chains.',
  })
  async guardActions(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => GuardActionFilterInput, { nullable: true }) filter: GuardActionFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
    @Selected() selection: Selection,
  ): Promise<Page<GuardAction>> {
    return this.guard.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(guardActionFilterSchema, filter, 'filter'),
      selection,
    );
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'For retirements: who had which work, as the file (JSON) that `exit --owners` takes.',
  })
  async ownersFile(
    @Root() { id, ownersRoot }: GuardAction,
    @Ctx() { loaders }: RequestContext,
  ): Promise<string | null> {
    return ownersRoot === null ? null : (await loadReferenced(loaders.ownersFile, id)).text;
  }
}
