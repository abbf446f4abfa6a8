import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { encodeGlobalId } from '../../schema/global-id';
import { registryGlobalIdSchema, settlementGlobalIdSchema } from '../../schema/inputs/ids';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  ApproveSettlementInput,
  approveSettlementSchema,
  CancelSettlementInput,
  cancelSettlementSchema,
  RequestSettlementInput,
  requestSettlementSchema,
  SetRemittanceOftInput,
  SetSettlementRuleInput,
  SettlementFilterInput,
  SettlementUpdatedArgs,
  setRemittanceOftSchema,
  setSettlementRuleSchema,
  settlementFilterSchema,
  settlementUpdatedSchema,
} from '../../schema/inputs/settlement';
import type { Page } from '../../schema/types/connection';
import { Registry } from '../../schema/types/registry';
import {
  Reconciliation,
  Settlement,
  SettlementApproval,
  SettlementConnection,
  SettlementRule,
} from '../../schema/types/settlement';
import { PERSON } from '../auth/auth-checker';
import { loadReferenced } from '../loaders';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import type { Subscribing } from '../subscriptions/subscribing';
import { GuardActionPayload } from './guard-payloads';
import {
  ApproveSettlementPayload,
  CancelSettlementPayload,
  RequestSettlementPayload,
  SetSettlementRulePayload,
} from './settlement-payloads';

@Resolver(() => Settlement)
export class SettlementResolver {
  constructor(
    private readonly settlements: Services['settlements'],
    private readonly reconciliations: Services['reconciliations'],
    private readonly ofts: Services['remittanceOfts'],
  ) {}

  @Authorized('settlement:write')
  @Mutation(() => RequestSettlementPayload, {
    description:
      'Settles what a registry’s payees are owed by final blocks, to the chains on which they are; what no bridge carries is left out.',
  })
  async requestSettlement(
    @Arg('input', () => RequestSettlementInput) input: RequestSettlementInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RequestSettlementPayload> {
    const settlements = await this.settlements.request(tenantId, parseInput(requestSettlementSchema, input));
    return { settlements };
  }

  @Authorized(PERSON)
  @Mutation(() => ApproveSettlementPayload, {
    description: 'Approves a settlement as one of two different people; an API key cannot.',
  })
  async approveSettlement(
    @Arg('input', () => ApproveSettlementInput) input: ApproveSettlementInput,
    @Ctx() context: RequestContext,
  ): Promise<ApproveSettlementPayload> {
    context.requireScope('settlement:approve');
    const { tenantId, actor } = context.person;
    const approval = parseInput(approveSettlementSchema, input);
    return { settlement: await this.settlements.approve(tenantId, actor.id, approval) };
  }

  @Authorized('settlement:write')
  @Mutation(() => CancelSettlementPayload, {
    description: 'Takes back a settlement that has not been submitted: it fails with `SETTLEMENT_CANCELLED`.',
  })
  async cancelSettlement(
    @Arg('input', () => CancelSettlementInput) input: CancelSettlementInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<CancelSettlementPayload> {
    const cancelled = parseInput(cancelSettlementSchema, input);
    return { settlement: await this.settlements.cancel(tenantId, cancelled) };
  }

  @Authorized('owner:write')
  @Mutation(() => SetSettlementRulePayload, {
    description:
      'Says what settlements of an asset may cost, above which amount two people approve them, from which on and how often it is settled by itself.',
  })
  async setSettlementRule(
    @Arg('input', () => SetSettlementRuleInput) input: SetSettlementRuleInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<SetSettlementRulePayload> {
    return { rule: await this.settlements.setRule(tenantId, parseInput(setSettlementRuleSchema, input)) };
  }

  @Authorized('owner:write')
  @Mutation(() => GuardActionPayload, {
    description:
      'Has the registry’s owner name the OFT by which settlements of a token go over LayerZero: at once while none is named and nothing of the token has come, else after 48 hours in public.',
  })
  async setRemittanceOft(
    @Arg('input', () => SetRemittanceOftInput) input: SetRemittanceOftInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.ofts.set(tenantId, parseInput(setRemittanceOftSchema, input)) };
  }

  @Authorized('read')
  @Query(() => Settlement)
  async settlement(
    @Arg('id', () => ID) id: string,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Settlement> {
    return this.settlements.get(tenantId, parseInput(settlementGlobalIdSchema, id, 'id'));
  }

  @Authorized('read')
  @Query(() => SettlementConnection, { name: 'settlements' })
  async settlementPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => SettlementFilterInput, { nullable: true }) filter: SettlementFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<Settlement>> {
    return this.settlements.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(settlementFilterSchema, filter, 'filter'),
    );
  }

  @Authorized('read')
  @Query(() => [SettlementRule], { description: 'The rules of all assets that have one.' })
  async settlementRules(@Ctx() { tenantId }: RequestContext): Promise<SettlementRule[]> {
    return this.settlements.rules(tenantId);
  }

  @Authorized('read')
  @Query(() => [Reconciliation], {
    description:
      'Compares what a registry’s vaults have with what they owe, with what the record has of them, and with the books; each difference is told.',
  })
  async reconcileBooks(
    @Arg('registryId', () => ID) registryId: string,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Reconciliation[]> {
    return this.reconciliations.reconcile(
      tenantId,
      parseInput(registryGlobalIdSchema, registryId, 'registryId'),
    );
  }

  @Authorized('read')
  @Subscription(() => Settlement, {
    description: 'The settlement as it is now, and again after each change.',
    subscribe: async ({ args, context }: Subscribing<SettlementUpdatedArgs>) =>
      context.watcher.settlement(context, parseInput(settlementUpdatedSchema, args).settlementId),
  })
  settlementUpdated(
    @Root() settlement: Settlement,
    @Args(() => SettlementUpdatedArgs) _target: SettlementUpdatedArgs,
  ): Settlement {
    return settlement;
  }

  @FieldResolver(() => Registry)
  async registry(@Root() { registryId }: Settlement, @Ctx() { loaders }: RequestContext): Promise<Registry> {
    return loadReferenced(loaders.registry, registryId);
  }
}

@Resolver(() => SettlementApproval)
export class SettlementApprovalResolver {
  @FieldResolver(() => ID, { description: 'The member who approved it.' })
  approvedBy(@Root() { memberId }: SettlementApproval): string {
    return encodeGlobalId('Member', memberId);
  }
}
