import { Arg, Args, Authorized, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { projectGlobalIdSchema, registryGlobalIdSchema } from '../../schema/inputs/ids';
import {
  LedgerAccountFilterInput,
  LedgerEntryFilterInput,
  ledgerAccountFilterSchema,
  ledgerEntryFilterSchema,
  RoyaltyStatementInput,
  royaltyStatementSchema,
} from '../../schema/inputs/ledger';
import { BookPageArgs, placePageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  SetRoyaltyPolicyInput,
  StateRoyaltyPolicyInput,
  setRoyaltyPolicySchema,
  stateRoyaltyPolicySchema,
} from '../../schema/inputs/royalty';
import type { Page } from '../../schema/types/connection';
import { GuardAction } from '../../schema/types/guard-action';
import {
  type LedgerAccount,
  LedgerAccountConnection,
  type LedgerEntry,
  LedgerEntryConnection,
  RoyaltyStatement,
} from '../../schema/types/ledger';
import { ChainRoyaltyTerms, RoyaltyPolicy } from '../../schema/types/royalty';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@ObjectType()
export class SetRoyaltyPolicyPayload {
  @Field(() => RoyaltyPolicy) policy: RoyaltyPolicy;
  @Field(() => [GuardAction], {
    description:
      'What is done to have it known on the chains of the project’s registry; none before that is active.',
  })
  actions: GuardAction[];
}

@ObjectType()
export class StateRoyaltyPolicyPayload {
  @Field(() => [GuardAction]) actions: GuardAction[];
}

@Resolver()
export class RoyaltyResolver {
  constructor(
    private readonly policies: Services['policies'],
    private readonly terms: Services['royaltyTerms'],
    private readonly ledger: Services['ledger'],
  ) {}

  @Authorized('royalty:write')
  @Mutation(() => SetRoyaltyPolicyPayload, {
    description:
      'Adds a revision to a project’s royalty policy, and has it stated on the chains of its registry. Earlier ones stay, and hold for what was sold under them.',
  })
  async setRoyaltyPolicy(
    @Arg('input', () => SetRoyaltyPolicyInput) input: SetRoyaltyPolicyInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<SetRoyaltyPolicyPayload> {
    return this.policies.set(tenantId, parseInput(setRoyaltyPolicySchema, input));
  }

  @Authorized('royalty:write')
  @Mutation(() => StateRoyaltyPolicyPayload, {
    description:
      'Has the policy that holds now stated where it is not known yet: after a failure, with the owner’s consent, or for a registry that was made before.',
  })
  async stateRoyaltyPolicy(
    @Arg('input', () => StateRoyaltyPolicyInput) input: StateRoyaltyPolicyInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<StateRoyaltyPolicyPayload> {
    return {
      actions: await this.policies.stateOnChains(tenantId, parseInput(stateRoyaltyPolicySchema, input)),
    };
  }

  @Authorized('read')
  @Query(() => [ChainRoyaltyTerms], {
    description: 'What each chain of a registry holds of its royalty policy, home first.',
  })
  async royaltyTerms(
    @Arg('registryId', () => ID) registryId: string,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<ChainRoyaltyTerms[]> {
    return this.terms.onChains(tenantId, parseInput(registryGlobalIdSchema, registryId, 'registryId'));
  }

  @Authorized('read')
  @Query(() => [RoyaltyPolicy], {
    description:
      'All revisions of a project’s royalty policy, oldest first; before them, what the project began with.',
  })
  async royaltyPolicies(
    @Arg('projectId', () => ID) projectId: string,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RoyaltyPolicy[]> {
    return this.policies.all(tenantId, parseInput(projectGlobalIdSchema, projectId, 'projectId'));
  }

  @Authorized('royalty:read')
  @Query(() => RoyaltyStatement, {
    description: 'What the books say of a time: owed, paid, credited, by asset.',
  })
  async royaltyStatement(
    @Arg('input', () => RoyaltyStatementInput) input: RoyaltyStatementInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RoyaltyStatement> {
    return this.ledger.statement(tenantId, parseInput(royaltyStatementSchema, input));
  }

  @Authorized('royalty:read')
  @Query(() => LedgerAccountConnection, {
    description: 'The accounts of the books with their balances, newest first.',
  })
  async ledgerAccounts(
    @Args(() => BookPageArgs) page: BookPageArgs,
    @Arg('filter', () => LedgerAccountFilterInput, { nullable: true })
    filter: LedgerAccountFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<LedgerAccount>> {
    return this.ledger.accounts(
      tenantId,
      parseInput(placePageSchema, page),
      parseInput(ledgerAccountFilterSchema, filter, 'filter'),
    );
  }

  @Authorized('royalty:read')
  @Query(() => LedgerEntryConnection, {
    description: 'The entries of the books with their postings, last first.',
  })
  async ledgerEntries(
    @Args(() => BookPageArgs) page: BookPageArgs,
    @Arg('filter', () => LedgerEntryFilterInput, { nullable: true }) filter: LedgerEntryFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<LedgerEntry>> {
    return this.ledger.entries(
      tenantId,
      parseInput(placePageSchema, page),
      parseInput(ledgerEntryFilterSchema, filter, 'filter'),
    );
  }
}
