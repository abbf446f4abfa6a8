import { Arg, Authorized, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { projectGlobalIdSchema } from '../../schema/inputs/ids';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  CancelRoyaltyWalletChangeInput,
  cancelRoyaltyWalletChangeSchema,
  PrepareArtistConsentInput,
  prepareArtistConsentSchema,
  RequestRoyaltyWalletChangeInput,
  requestRoyaltyWalletChangeSchema,
  VetoRoyaltyWalletChangeInput,
  vetoRoyaltyWalletChangeSchema,
} from '../../schema/inputs/royalty-wallet';
import { PreparedArtistConsent, RoyaltyWalletChange } from '../../schema/types/royalty-wallet';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@ObjectType()
export class PrepareArtistConsentPayload {
  @Field(() => PreparedArtistConsent) preparedConsent: PreparedArtistConsent;
}

@ObjectType()
export class RoyaltyWalletChangePayload {
  @Field(() => RoyaltyWalletChange) walletChange: RoyaltyWalletChange;
}

/** What carries the artist's signature needs no right to state policies: artists ask for it themselves. */
@Resolver()
export class RoyaltyWalletResolver {
  constructor(
    private readonly consents: Services['artistConsents'],
    private readonly changes: Services['walletChanges'],
  ) {}

  @Authorized('project:write')
  @Mutation(() => PrepareArtistConsentPayload, {
    description:
      'What a project’s artist signs, with the primary wallet, to consent to a change. Changes nothing.',
  })
  async prepareArtistConsent(
    @Arg('input', () => PrepareArtistConsentInput) input: PrepareArtistConsentInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<PrepareArtistConsentPayload> {
    const asked = parseInput(prepareArtistConsentSchema, input);
    return { preparedConsent: await this.consents.prepare(tenantId, asked) };
  }

  @Authorized('project:write')
  @Mutation(() => RoyaltyWalletChangePayload, {
    description:
      'Has the primary wallet of a project’s royalties changed, after a delay, by the signature of the present one.',
  })
  async requestRoyaltyWalletChange(
    @Arg('input', () => RequestRoyaltyWalletChangeInput) input: RequestRoyaltyWalletChangeInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RoyaltyWalletChangePayload> {
    const asked = parseInput(requestRoyaltyWalletChangeSchema, input);
    return { walletChange: await this.changes.request(tenantId, asked) };
  }

  @Authorized('project:write')
  @Mutation(() => RoyaltyWalletChangePayload, {
    description: 'Cancels a pending change by the signature of the wallet that it would replace.',
  })
  async cancelRoyaltyWalletChange(
    @Arg('input', () => CancelRoyaltyWalletChangeInput) input: CancelRoyaltyWalletChangeInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RoyaltyWalletChangePayload> {
    const asked = parseInput(cancelRoyaltyWalletChangeSchema, input);
    return { walletChange: await this.changes.cancel(tenantId, asked) };
  }

  @Authorized('owner:write')
  @Mutation(() => RoyaltyWalletChangePayload, {
    description:
      'Cancels a pending change as the tenant’s owner, such as when the artist says that a key was stolen.',
  })
  async vetoRoyaltyWalletChange(
    @Arg('input', () => VetoRoyaltyWalletChangeInput) input: VetoRoyaltyWalletChangeInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RoyaltyWalletChangePayload> {
    const asked = parseInput(vetoRoyaltyWalletChangeSchema, input);
    return { walletChange: await this.changes.veto(tenantId, asked) };
  }

  @Authorized('read')
  @Query(() => [RoyaltyWalletChange], {
    description: 'The changes of a project’s primary wallet that artists have asked for, oldest first.',
  })
  async royaltyWalletChanges(
    @Arg('projectId', () => ID) projectId: string,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<RoyaltyWalletChange[]> {
    return this.changes.all(tenantId, parseInput(projectGlobalIdSchema, projectId, 'projectId'));
  }
}
