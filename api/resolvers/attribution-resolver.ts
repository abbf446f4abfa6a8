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
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  AttributePaymentInput,
  attributePaymentSchema,
  SuspendedPaymentFilterInput,
  suspendedPaymentFilterSchema,
  WithdrawAttributionInput,
  withdrawAttributionSchema,
} from '../../schema/inputs/sale';
import type { Page } from '../../schema/types/connection';
import { PaymentAttribution, Sale, type SalePayment, SalePaymentConnection } from '../../schema/types/sale';
import { loadReferenced } from '../loaders';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

@ObjectType()
export class AttributePaymentPayload {
  @Field(() => PaymentAttribution) attribution: PaymentAttribution;
}

@ObjectType()
export class WithdrawAttributionPayload {
  @Field(() => PaymentAttribution) attribution: PaymentAttribution;
}

@Resolver(() => PaymentAttribution)
export class AttributionResolver {
  constructor(
    private readonly attributions: Services['attributions'],
    private readonly sales: Services['sales'],
  ) {}

  @Authorized('royalty:read')
  @Query(() => SalePaymentConnection, {
    description: 'Payments that came for no known reason, as long as something of them is in suspense.',
  })
  async suspendedPayments(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => SuspendedPaymentFilterInput, { nullable: true })
    filter: SuspendedPaymentFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<SalePayment>> {
    return this.sales.suspendedPayments(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(suspendedPaymentFilterSchema, filter, 'filter'),
    );
  }

  @Authorized('royalty:write')
  @Mutation(() => AttributePaymentPayload, {
    description:
      'Tells which sale a payment in suspense was for. Payees stay credited as the vault has credited them.',
  })
  async attributePayment(
    @Arg('input', () => AttributePaymentInput) input: AttributePaymentInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<AttributePaymentPayload> {
    const attribution = parseInput(attributePaymentSchema, input);
    return { attribution: await this.attributions.attribute(tenantId, attribution) };
  }

  @Authorized('royalty:write')
  @Mutation(() => WithdrawAttributionPayload, {
    description: 'Puts what was attributed to a sale back into suspense, by a linked entry of the books.',
  })
  async withdrawAttribution(
    @Arg('input', () => WithdrawAttributionInput) input: WithdrawAttributionInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<WithdrawAttributionPayload> {
    const withdrawn = parseInput(withdrawAttributionSchema, input);
    return { attribution: await this.attributions.withdraw(tenantId, withdrawn) };
  }

  @FieldResolver(() => Sale)
  async sale(@Root() { saleId }: PaymentAttribution, @Ctx() { loaders }: RequestContext): Promise<Sale> {
    return loadReferenced(loaders.sale, saleId);
  }
}
