import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { templateOdrl } from '../../domain/licensing/odrl';
import { exportLicence, exportOffer } from '../../domain/licensing/odrl-export';
import {
  AddLicenceTemplateInput,
  addLicenceTemplateSchema,
  GrantLicenceInput,
  grantLicenceSchema,
  IsLicensedInput,
  isLicensedSchema,
  LicenceFilterInput,
  LicenceOfferFilterInput,
  licenceFilterSchema,
  licenceOfferFilterSchema,
  OfferLicenceInput,
  offerLicenceSchema,
  PrepareBuyLicenceInput,
  prepareBuyLicenceSchema,
  ReplicateLicenceInput,
  RevokeLicenceInput,
  replicateLicenceSchema,
  revokeLicenceSchema,
  WithdrawLicenceOfferInput,
  withdrawLicenceOfferSchema,
} from '../../schema/inputs/licence';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import { JsonScalar } from '../../schema/scalars';
import type { Page } from '../../schema/types/connection';
import {
  Licence,
  LicenceConnection,
  LicenceOffer,
  LicenceOfferConnection,
  LicenceTemplate,
  LicensedOn,
} from '../../schema/types/licence';
import { PreparedCall } from '../../schema/types/prepared-call';
import { Registry } from '../../schema/types/registry';
import { loadReferenced } from '../loaders';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import { GuardActionPayload } from './guard-payloads';

const ODRL = {
  description: 'As a policy of the W3C’s ODRL 2.2, in JSON-LD; null for a text that is not known here.',
};

@ObjectType()
export class LicenceTemplatePayload {
  @Field(() => LicenceTemplate) template: LicenceTemplate;
}

@ObjectType()
export class PrepareBuyLicencePayload {
  @Field(() => [PreparedCall], { description: 'For the buyer’s wallet, in this order.' })
  preparedCalls: PreparedCall[];
}

@ObjectType()
export class ReplicateLicencePayload {
  @Field(() => Licence) licence: Licence;
}

@Resolver(() => LicenceTemplate)
export class LicenceTemplateResolver {
  constructor(private readonly templates: Services['licenceTemplates']) {}

  @Authorized('read')
  @Query(() => [LicenceTemplate], {
    description: 'The licence texts that can be offered, the tenant’s own last.',
  })
  async licenceTemplates(@Ctx() { tenantId }: RequestContext): Promise<LicenceTemplate[]> {
    return this.templates.all(tenantId);
  }

  @Authorized('registry:write')
  @Mutation(() => LicenceTemplatePayload, {
    description: 'Adds a licence text of the tenant’s own, for good.',
  })
  async addLicenceTemplate(
    @Arg('input', () => AddLicenceTemplateInput) input: AddLicenceTemplateInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<LicenceTemplatePayload> {
    return { template: await this.templates.add(tenantId, parseInput(addLicenceTemplateSchema, input)) };
  }

  @FieldResolver(() => JsonScalar, ODRL)
  odrl(@Root() template: LicenceTemplate): object {
    return templateOdrl(template);
  }
}

@Resolver(() => LicenceOffer)
export class LicenceOfferResolver {
  constructor(private readonly licences: Services['licences']) {}

  @Authorized('registry:write')
  @Mutation(() => GuardActionPayload, { description: 'Puts a licence up for sale on one chain.' })
  async offerLicence(
    @Arg('input', () => OfferLicenceInput) input: OfferLicenceInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.licences.offer(tenantId, parseInput(offerLicenceSchema, input)) };
  }

  @Authorized('registry:write')
  @Mutation(() => GuardActionPayload, {
    description: 'Ends an offer. Licences that were bought under it stay.',
  })
  async withdrawLicenceOffer(
    @Arg('input', () => WithdrawLicenceOfferInput) input: WithdrawLicenceOfferInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    const withdrawal = parseInput(withdrawLicenceOfferSchema, input);
    return { action: await this.licences.withdrawOffer(tenantId, withdrawal) };
  }

  @Authorized('registry:write')
  @Mutation(() => PrepareBuyLicencePayload, {
    description: 'What a buyer’s wallet sends to buy a licence. Changes nothing.',
  })
  async prepareBuyLicence(
    @Arg('input', () => PrepareBuyLicenceInput) input: PrepareBuyLicenceInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<PrepareBuyLicencePayload> {
    const purchase = parseInput(prepareBuyLicenceSchema, input);
    return { preparedCalls: await this.licences.prepareBuy(tenantId, purchase) };
  }

  @Authorized('read')
  @Query(() => LicenceOfferConnection, { description: 'Licences that were put up for sale, by chain.' })
  async licenceOffers(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => LicenceOfferFilterInput, { nullable: true }) filter: LicenceOfferFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<LicenceOffer>> {
    const where = parseInput(licenceOfferFilterSchema, filter, 'filter');
    return this.licences.offers(tenantId, parseInput(pageSchema, page), where);
  }

  @FieldResolver(() => Registry)
  async registry(
    @Root() { registryId }: LicenceOffer,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Registry> {
    return loadReferenced(loaders.registry, registryId);
  }

  @FieldResolver(() => JsonScalar, { ...ODRL, nullable: true })
  async odrl(@Root() offer: LicenceOffer, @Ctx() { loaders }: RequestContext): Promise<object | null> {
    const template = await loaders.licenceTemplate.load(offer.templateHash);
    const registry = await loadReferenced(loaders.registry, offer.registryId);
    return template === undefined ? null : exportOffer(registry, template, offer);
  }
}

@Resolver(() => Licence)
export class LicenceResolver {
  constructor(private readonly licenceBooks: Services['licences']) {}

  @Authorized('registry:write')
  @Mutation(() => GuardActionPayload, {
    description: 'Gives somebody a licence: buys it for them, with the tenant’s money.',
  })
  async grantLicence(
    @Arg('input', () => GrantLicenceInput) input: GrantLicenceInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.licenceBooks.grant(tenantId, parseInput(grantLicenceSchema, input)) };
  }

  @Authorized('registry:write')
  @Mutation(() => GuardActionPayload, { description: 'Takes a licence back, if its terms allow it.' })
  async revokeLicence(
    @Arg('input', () => RevokeLicenceInput) input: RevokeLicenceInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<GuardActionPayload> {
    return { action: await this.licenceBooks.revoke(tenantId, parseInput(revokeLicenceSchema, input)) };
  }

  @Authorized('dispatch:write')
  @Mutation(() => ReplicateLicencePayload, {
    description: 'Has the other chains told of a licence, at the tenant’s cost.',
  })
  async replicateLicence(
    @Arg('input', () => ReplicateLicenceInput) input: ReplicateLicenceInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<ReplicateLicencePayload> {
    return {
      licence: await this.licenceBooks.replicate(tenantId, parseInput(replicateLicenceSchema, input)),
    };
  }

  @Authorized('read')
  @Query(() => [LicensedOn], {
    description: 'Whether somebody is licensed now, by chain. Asks the chains at each call.',
  })
  async isLicensed(
    @Arg('input', () => IsLicensedInput) input: IsLicensedInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<LicensedOn[]> {
    return this.licenceBooks.isLicensed(tenantId, parseInput(isLicensedSchema, input));
  }

  @Authorized('read')
  @Query(() => LicenceConnection, { description: 'Who has which licence.' })
  async licences(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => LicenceFilterInput, { nullable: true }) filter: LicenceFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<Licence>> {
    const where = parseInput(licenceFilterSchema, filter, 'filter');
    return this.licenceBooks.licences(tenantId, parseInput(pageSchema, page), where);
  }

  @FieldResolver(() => Registry)
  async registry(@Root() { registryId }: Licence, @Ctx() { loaders }: RequestContext): Promise<Registry> {
    return loadReferenced(loaders.registry, registryId);
  }

  @FieldResolver(() => JsonScalar, { ...ODRL, nullable: true })
  async odrl(@Root() licence: Licence, @Ctx() { loaders }: RequestContext): Promise<object | null> {
    const template = await loaders.licenceTemplate.load(licence.templateHash);
    const registry = await loadReferenced(loaders.registry, licence.registryId);
    return template === undefined ? null : exportLicence(registry, template, licence);
  }
}
