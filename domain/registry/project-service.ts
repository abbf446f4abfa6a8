import { keccak256, stringToBytes } from 'viem';
import type { ProjectId, TenantId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { CreateProject, ProjectFilter } from '../../schema/inputs/project';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import type { Project } from '../../schema/types/project';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import type { QuotaGuard } from '../tenancy/quota-guard';
import type { ProjectRepository } from './project-repository';

/** Generative projects: what works are minted from. */
export class ProjectService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly projects: ProjectRepository,
    private readonly quotas: QuotaGuard,
  ) {}

  /** Registers a project. Its script is pinned by its keccak256 from here on. @throws {@link QuotaExceededError} */
  async create(tenantId: TenantId, project: CreateProject): Promise<Project> {
    const scriptHash = keccak256(stringToBytes(project.script));
    return this.database.transaction(tenantId, (tx) =>
      this.quotas.within(tx, ['storageBytes'], () => this.projects.insert(tx, { ...project, scriptHash })),
    );
  }

  /** @throws {@link NotFoundError} if the tenant has no such project. */
  async get(tenantId: TenantId, projectId: ProjectId): Promise<Project> {
    const [project] = await this.findByIds(tenantId, [projectId]);
    if (project === undefined) throw new NotFoundError('Project', projectId);
    return project;
  }

  async findByIds(tenantId: TenantId, projectIds: readonly ProjectId[]): Promise<Project[]> {
    return this.database.read(tenantId, (tx) => this.projects.findByIds(tx, projectIds));
  }

  /** @param selection - What is shown of the connection; undefined for whole nodes. */
  async page(
    tenantId: TenantId,
    request: PageRequest,
    filter?: ProjectFilter,
    selection?: Selection,
  ): Promise<Page<Project>> {
    return this.database.read(tenantId, (tx) => this.projects.page(tx, request, filter, selection));
  }
}
