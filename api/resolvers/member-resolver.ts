import { Arg, Args, Authorized, Ctx, Extensions, Mutation, Query, Resolver } from 'type-graphql';
import {
  ChangeMemberRoleInput,
  changeMemberRoleSchema,
  InviteMemberInput,
  inviteMemberSchema,
  MemberFilterInput,
  MemberInput,
  memberFilterSchema,
  memberInputSchema,
} from '../../schema/inputs/member';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import { SetIdentityProviderInput, setIdentityProviderSchema } from '../../schema/inputs/sign-in';
import type { Page } from '../../schema/types/connection';
import { IdentityProvider, Member, MemberConnection } from '../../schema/types/member';
import { TAKES_ACCESS_AWAY } from '../allowed-while-suspended';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import { IdentityProviderPayload, InvitationPayload, MemberPayload } from './member-payloads';

@Resolver(() => Member)
export class MemberResolver {
  constructor(
    private readonly members: Services['members'],
    private readonly oidc: Services['oidc'],
  ) {}

  @Authorized('member:write')
  @Mutation(() => InvitationPayload, {
    description:
      'Invites a person in a role that may do no more than the caller. Whoever brings the invitation joins.',
  })
  async inviteMember(
    @Arg('input', () => InviteMemberInput) input: InviteMemberInput,
    @Ctx() { tenantId, scopes }: RequestContext,
  ): Promise<InvitationPayload> {
    return this.members.invite(tenantId, scopes, parseInput(inviteMemberSchema, input));
  }

  @Authorized('member:write')
  @Mutation(() => InvitationPayload, {
    description:
      'Makes another invitation in place of the last: also for a member who cannot sign in any more.',
  })
  async renewInvitation(
    @Arg('input', () => MemberInput) input: MemberInput,
    @Ctx() { tenantId, scopes }: RequestContext,
  ): Promise<InvitationPayload> {
    const { memberId } = parseInput(memberInputSchema, input);
    return this.members.renewInvitation(tenantId, scopes, memberId);
  }

  @Authorized('member:write')
  @Mutation(() => MemberPayload, { description: 'From the next request on, also in sessions that are open.' })
  async changeMemberRole(
    @Arg('input', () => ChangeMemberRoleInput) input: ChangeMemberRoleInput,
    @Ctx() { tenantId, scopes }: RequestContext,
  ): Promise<MemberPayload> {
    const change = parseInput(changeMemberRoleSchema, input);
    return { member: await this.members.changeRole(tenantId, scopes, change) };
  }

  @Authorized('member:write')
  @Extensions({ [TAKES_ACCESS_AWAY]: true })
  @Mutation(() => MemberPayload, { description: 'Ends a membership, or an invitation, with all sessions.' })
  async removeMember(
    @Arg('input', () => MemberInput) input: MemberInput,
    @Ctx() { tenantId, scopes }: RequestContext,
  ): Promise<MemberPayload> {
    const { memberId } = parseInput(memberInputSchema, input);
    return { member: await this.members.remove(tenantId, scopes, memberId) };
  }

  @Authorized('member:read')
  @Query(() => MemberConnection, {
    name: 'members',
    description: 'The tenant’s people, also those who were removed.',
  })
  async memberPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => MemberFilterInput, { nullable: true }) filter: MemberFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<Member>> {
    return this.members.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(memberFilterSchema, filter, 'filter'),
    );
  }

  @Authorized('member:read')
  @Query(() => IdentityProvider, {
    nullable: true,
    description: 'The tenant’s OpenID provider, if it has one.',
  })
  async identityProvider(@Ctx() { tenantId }: RequestContext): Promise<IdentityProvider | null> {
    return (await this.oidc.provider(tenantId)) ?? null;
  }

  @Authorized('owner:write')
  @Mutation(() => IdentityProviderPayload, {
    description:
      'Takes a provider’s word for who somebody is, also for owners. It must send people back to `/sign-in/callback` of the console.',
  })
  async setIdentityProvider(
    @Arg('input', () => SetIdentityProviderInput) input: SetIdentityProviderInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<IdentityProviderPayload> {
    const wanted = parseInput(setIdentityProviderSchema, input);
    return { identityProvider: await this.oidc.setProvider(tenantId, wanted) };
  }

  @Authorized('owner:write')
  @Extensions({ [TAKES_ACCESS_AWAY]: true })
  @Mutation(() => IdentityProviderPayload, { description: 'Sessions that are open go on.' })
  async removeIdentityProvider(@Ctx() { tenantId }: RequestContext): Promise<IdentityProviderPayload> {
    await this.oidc.removeProvider(tenantId);
    return { identityProvider: null };
  }
}
