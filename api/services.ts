import type { ProjectService } from '../domain/registry/project-service';
import type { TenancyService } from '../domain/tenancy/tenancy-service';
import type { TenantService } from '../domain/tenancy/tenant-service';
import type { DispatchId, RegistryId, TenantId, WorkId } from '../schema/ids';
import type { DispatchFilter, PrepareSendWork, SendWork } from '../schema/inputs/dispatch';
import type { PageRequest, ProvenancePageRequest } from '../schema/inputs/page';
import type { CreateRegistry } from '../schema/inputs/registry';
import type { MintWorks, UpdateMetadata, WorkFilter } from '../schema/inputs/work';
import type { Chain, Lane } from '../schema/types/chain';
import type { Page } from '../schema/types/connection';
import type { Dispatch, PreparedSend } from '../schema/types/dispatch';
import type { ProvenanceEvent } from '../schema/types/provenance';
import type { Registry } from '../schema/types/registry';
import type { Work } from '../schema/types/work';

interface Rows<Id, Row> {
  /** @throws NotFoundError if the tenant has no such row. */
  get(tenantId: TenantId, id: Id): Promise<Row>;
  /** Those of the tenant's rows that have these ids, in no particular order. */
  findByIds(tenantId: TenantId, ids: readonly Id[]): Promise<readonly Row[]>;
}

/** What the resolvers call: the domain's services, by the methods that the API needs. */
export interface Services {
  readonly tenancy: Pick<TenancyService, 'authenticate' | 'createTenant'>;
  readonly tenants: Pick<TenantService, 'get'>;
  readonly projects: Pick<ProjectService, 'create' | 'get' | 'findByIds' | 'page'>;
  readonly registries: Rows<RegistryId, Registry> & {
    create(tenantId: TenantId, input: CreateRegistry): Promise<Registry>;
    page(tenantId: TenantId, request: PageRequest): Promise<Page<Registry>>;
  };
  readonly mints: { mint(tenantId: TenantId, input: MintWorks): Promise<Work[]> };
  readonly works: Rows<WorkId, Work> & {
    page(tenantId: TenantId, request: PageRequest, filter: WorkFilter): Promise<Page<Work>>;
    updateMetadata(
      tenantId: TenantId,
      input: UpdateMetadata,
    ): Promise<{ work: Work; dispatches: Dispatch[] }>;
  };
  readonly dispatches: Rows<DispatchId, Dispatch> & {
    send(tenantId: TenantId, input: SendWork): Promise<Dispatch>;
    prepareSend(tenantId: TenantId, input: PrepareSendWork): Promise<PreparedSend>;
    retry(tenantId: TenantId, dispatchId: DispatchId): Promise<Dispatch>;
    page(tenantId: TenantId, request: PageRequest, filter: DispatchFilter): Promise<Page<Dispatch>>;
  };
  readonly lanes: { lanes(tenantId: TenantId, registryId: RegistryId): Promise<Lane[]> };
  readonly provenance: {
    page(tenantId: TenantId, workId: WorkId, request: ProvenancePageRequest): Promise<Page<ProvenanceEvent>>;
  };
  readonly chains: { all(): Promise<Chain[]> };
}
