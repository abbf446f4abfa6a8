import { Arg, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql';
import { decodeGlobalId, type NodeType } from '../../schema/global-id';
import type {
  ApiKeyId,
  DispatchId,
  ExportId,
  GuardActionId,
  MemberId,
  ProjectId,
  RegistryId,
  SaleId,
  SettlementId,
  SigningKeyId,
  WebhookDeliveryId,
  WebhookEndpointId,
  WorkId,
} from '../../schema/ids';
import type { Scope } from '../../schema/scopes';
import { Node, type Tagged } from '../../schema/types/node';
import type { Loaders } from '../loaders';
import type { RequestContext } from '../request-context';

type Load = (loaders: Loaders, id: string) => Promise<object | undefined>;

/** How each node type is loaded. A type without an entry does not compile. */
const LOADS: Record<NodeType, Load> = {
  // CAST: in each, the id was decoded as one of this type.
  Project: (loaders, id) => loaders.project.load(id as ProjectId),
  Registry: (loaders, id) => loaders.registry.load(id as RegistryId),
  Work: (loaders, id) => loaders.work.load(id as WorkId),
  Dispatch: (loaders, id) => loaders.dispatch.load(id as DispatchId),
  Sale: (loaders, id) => loaders.sale.load(id as SaleId),
  GuardAction: (loaders, id) => loaders.guardAction.load(id as GuardActionId),
  Settlement: (loaders, id) => loaders.settlement.load(id as SettlementId),
  WebhookEndpoint: (loaders, id) => loaders.webhookEndpoint.load(id as WebhookEndpointId),
  ApiKey: (loaders, id) => loaders.apiKey.load(id as ApiKeyId),
  Member: (loaders, id) => loaders.member.load(id as MemberId),
  SigningKey: (loaders, id) => loaders.signingKey.load(id as SigningKeyId),
  TenantExport: (loaders, id) => loaders.tenantExport.load(id as ExportId),
  WebhookDelivery: (loaders, id) => loaders.webhookDelivery.load(id as WebhookDeliveryId),
};

/** What else than `read` a type asks for: addresses of people are not for every machine, nor is all that there is. */
const SCOPES_BEYOND_READ: Partial<Record<NodeType, Scope>> = {
  Member: 'member:read',
  TenantExport: 'tenant:export',
};

@Resolver()
export class NodeResolver {
  @Authorized('read')
  @Query(() => Node, {
    nullable: true,
    description: 'The row with this global id, or null when there is none.',
  })
  async node(
    @Arg('id', () => ID) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Tagged<object> | null> {
    const decoded = decodeGlobalId(id);
    if (decoded === undefined) return null;
    context.requireScope(SCOPES_BEYOND_READ[decoded.type]);
    const row = await LOADS[decoded.type](context.loaders, decoded.id);
    return row === undefined ? null : { ...row, __typename: decoded.type };
  }
}
