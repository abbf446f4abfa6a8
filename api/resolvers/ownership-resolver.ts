import { Arg, Authorized, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  PrepareOwnerConsentInput,
  prepareOwnerConsentSchema,
  SetRegistryRoleInput,
  setRegistryRoleSchema,
} from '../../schema/inputs/registry-role';
import { PreparedConsent } from '../../schema/types/owner-consent';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import { GuardActionPayload } from './guard-payloads';

@ObjectType()
export class PrepareOwnerConsentPayload {
  @Field(() => PreparedConsent) preparedConsent: PreparedConsent;
}

@Resolver()
export class OwnershipResolver {
  constructor(
    private readonly guard: Services['guard'],
    private readonly ownerConsents: Services['ownerConsents'],
  ) {}

  @Authorized('owner:write')
  @Mutation(() => GuardActionPayload, {
    description:
      'Hands a role of a registry over, on one chain. What the tenant’s account may not do is prepared for whoever may.',
  })
  async setRegistryRole(
    @Arg('input', () => SetRegistryRoleInput) input: SetRegistryRoleInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.guard.setRegistryRole(tenantId, parseInput(setRegistryRoleSchema, input)) };
  }

  @Authorized('registry:write')
  @Mutation(() => PrepareOwnerConsentPayload, {
    description: 'What a registry’s owner signs to consent to a change. Changes nothing.',
  })
  async prepareOwnerConsent(
    @Arg('input', () => PrepareOwnerConsentInput) input: PrepareOwnerConsentInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<PrepareOwnerConsentPayload> {
    const asked = parseInput(prepareOwnerConsentSchema, input);
    return { preparedConsent: await this.ownerConsents.prepare(tenantId, asked) };
  }
}
