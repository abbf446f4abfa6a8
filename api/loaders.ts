import DataLoader from 'dataloader';
import type { Hex } from 'viem';
import type { OwnersFile } from '../domain/guard/guard-service';
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
  TenantId,
  WebhookDeliveryId,
  WebhookEndpointId,
  WorkId,
} from '../schema/ids';
import type { ApiKey } from '../schema/types/api-key';
import type { Dispatch } from '../schema/types/dispatch';
import type { GuardAction } from '../schema/types/guard-action';
import type { LicenceTemplate } from '../schema/types/licence';
import type { Member } from '../schema/types/member';
import type { Project } from '../schema/types/project';
import type { Registry } from '../schema/types/registry';
import type { Sale, SalePayment } from '../schema/types/sale';
import type { Settlement } from '../schema/types/settlement';
import type { SigningKey } from '../schema/types/signing-key';
import type { TenantExport } from '../schema/types/tenant-export';
import type { WebhookDelivery, WebhookEndpoint } from '../schema/types/webhook';
import type { Work } from '../schema/types/work';
import type { Services } from './services';

/** Batched look-ups of one request, for field resolvers. A missing or foreign row loads as undefined. */
export interface Loaders {
  readonly project: DataLoader<ProjectId, Project | undefined>;
  readonly registry: DataLoader<RegistryId, Registry | undefined>;
  readonly work: DataLoader<WorkId, Work | undefined>;
  readonly dispatch: DataLoader<DispatchId, Dispatch | undefined>;
  readonly sale: DataLoader<SaleId, Sale | undefined>;
  readonly salePayments: DataLoader<SaleId, SalePayment[]>;
  readonly guardAction: DataLoader<GuardActionId, GuardAction | undefined>;
  readonly ownersFile: DataLoader<GuardActionId, OwnersFile | undefined>;
  readonly licenceTemplate: DataLoader<Hex, LicenceTemplate | undefined>;
  readonly settlement: DataLoader<SettlementId, Settlement | undefined>;
  readonly apiKey: DataLoader<ApiKeyId, ApiKey | undefined>;
  readonly member: DataLoader<MemberId, Member | undefined>;
  readonly signingKey: DataLoader<SigningKeyId, SigningKey | undefined>;
  readonly tenantExport: DataLoader<ExportId, TenantExport | undefined>;
  readonly webhookEndpoint: DataLoader<WebhookEndpointId, WebhookEndpoint | undefined>;
  readonly webhookDelivery: DataLoader<WebhookDeliveryId, WebhookDelivery | undefined>;
}

/** What loaders read from. */
export type LoaderServices = Pick<
  Services,
  | 'projects'
  | 'registries'
  | 'works'
  | 'dispatches'
  | 'sales'
  | 'guard'
  | 'licenceTemplates'
  | 'settlements'
  | 'apiKeys'
  | 'members'
  | 'signingKeys'
  | 'exports'
  | 'webhookEndpoints'
  | 'webhookDeliveries'
>;

export function makeLoaders(
  {
    projects,
    registries,
    works,
    dispatches,
    sales,
    guard,
    licenceTemplates,
    settlements,
    apiKeys,
    members,
    signingKeys,
    exports,
    webhookEndpoints,
    webhookDeliveries,
  }: LoaderServices,
  tenantId: TenantId,
): Loaders {
  return {
    project: byId((ids) => projects.findByIds(tenantId, ids)),
    registry: byId((ids) => registries.findByIds(tenantId, ids)),
    work: byId((ids) => works.findByIds(tenantId, ids)),
    dispatch: byId((ids) => dispatches.findByIds(tenantId, ids)),
    sale: byId((ids) => sales.findByIds(tenantId, ids)),
    salePayments: new DataLoader(async (ids: readonly SaleId[]) => {
      const found = await sales.payments(tenantId, ids);
      return ids.map((id) => found.get(id) ?? []);
    }),
    guardAction: byId((ids) => guard.findByIds(tenantId, ids)),
    ownersFile: byId((ids) => guard.ownersFiles(tenantId, ids)),
    licenceTemplate: new DataLoader(async (hashes: readonly Hex[]) => {
      const templates = await licenceTemplates.findByHashes(tenantId, hashes);
      return hashes.map((hash) => templates.find((template) => template.hash === hash));
    }),
    settlement: byId((ids) => settlements.findByIds(tenantId, ids)),
    apiKey: byId((ids) => apiKeys.findByIds(tenantId, ids)),
    member: byId((ids) => members.findByIds(tenantId, ids)),
    tenantExport: byId((ids) => exports.findByIds(tenantId, ids)),
    signingKey: byId((ids) => signingKeys.findByIds(tenantId, ids)),
    webhookEndpoint: byId((ids) => webhookEndpoints.findByIds(tenantId, ids)),
    webhookDelivery: byId((ids) => webhookDeliveries.findByIds(tenantId, ids)),
  };
}

/** Loads a row that a foreign key says is there. @throws Error when it is not: a bug. */
export async function loadReferenced<Id extends string, Row>(
  loader: DataLoader<Id, Row | undefined>,
  id: Id,
): Promise<Row> {
  const row = await loader.load(id);
  if (row === undefined) throw new Error(`the referenced row ${id} is missing`);
  return row;
}

function byId<Id extends string, Row extends { id: Id }>(
  find: (ids: readonly Id[]) => Promise<readonly Row[]>,
): DataLoader<Id, Row | undefined> {
  return new DataLoader(async (ids: readonly Id[]) => {
    const rows = new Map((await find(ids)).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id));
  });
}
