import { Arg, Args, Authorized, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { projectGlobalIdSchema } from '../../schema/inputs/ids';
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
import { SetRoyaltyPolicyInput, setRoyaltyPolicySchema } from '../../schema/inputs/royalty';
import type { Page } from '../../schema/types/connection';
import {
  type LedgerAccount,
  LedgerAccountConnection,
  type LedgerEntry,
  LedgerEntryConnection,
  RoyaltyStatement,
} from '../../schema/types/ledger';
import { RoyaltyPolicy } from '../../schema/types/royalty';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@ObjectType()
export class SetRoyaltyPolicyPayload {
  @Field(() => RoyaltyPolicy) policy: RoyaltyPolicy;
}

@Resolver()
export class RoyaltyResolver {
  constructor(
    private readonly policies: Services['policies'],
    private readonly ledger: Services['ledger'],
  ) {}

  @Authorized('royalty:write')
  @Mutation(() => SetRoyaltyPolicyPayload, {
    description:
      'Adds a revision to a project’s royalty policy. Earlier ones stay, and hold for what was sold under them.',
  })
  async setRoyaltyPolicy(
    @Arg('input', () => SetRoyaltyPolicyInput) input: SetRoyaltyPolicyInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<SetRoyaltyPolicyPayload> {
    return { policy: await this.policies.set(tenantId, parseInput(setRoyaltyPolicySchema, input)) };
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
