import type { ProjectId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { CreateProject, ProjectFilter } from '../../schema/inputs/project';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import type { Project } from '../../schema/types/project';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { nodeSelection, readPage } from '../page';
import { PROJECTS } from './project-rows';

/** Projects never change after they are made: what a work was minted from must stay what it was. */
export class ProjectRepository {
  async insert(tx: TenantTx, project: CreateProject & { scriptHash: string }): Promise<Project> {
    const rows: object[] = await tx.manager.query(
      `insert into projects (tenant_id, name, artist_name, artist_account, description, script, script_hash,
                             dependencies, traits, edition_cap, royalty_bps, licence, metadata)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning ${PROJECTS.columns}`,
      [
        tx.tenantId,
        project.name,
        project.artistName,
        project.artistAccount,
        project.description,
        project.script,
        project.scriptHash,
        JSON.stringify(project.dependencies),
        JSON.stringify(project.traits),
        project.editionCap,
        project.royaltyBps,
        project.licence,
        JSON.stringify(project.metadata),
      ],
    );
    return PROJECTS.nodes(rows)[0] as Project;
  }

  /** The projects with these ids, in no particular order; unknown and foreign ones are absent. */
  async findByIds(tx: TenantTx, ids: readonly ProjectId[]): Promise<Project[]> {
    const rows: object[] = await tx.manager.query(
      `select ${PROJECTS.columns} from projects where tenant_id = $1 and id = any($2)`,
      [tx.tenantId, ids],
    );
    return PROJECTS.nodes(rows);
  }

  async page(
    tx: TenantReads,
    request: PageRequest,
    filter: ProjectFilter,
    selection?: Selection,
  ): Promise<Page<Project>> {
    return readPage(tx, request, {
      ...PROJECTS.select(nodeSelection(selection)),
      selection,
      where: { name: filter?.name, artist_account: filter?.artistAccount },
    });
  }
}
