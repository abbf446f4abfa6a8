import type { AccountId } from '../../schema/caip';
import type { ProjectId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { CreateProject, ProjectFilter } from '../../schema/inputs/project';
import type { Page } from '../../schema/types/connection';
import type { Dependency, Project } from '../../schema/types/project';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readPage } from '../page';

interface ProjectRow {
  id: ProjectId;
  name: string;
  artist_name: string;
  artist_account: AccountId;
  description: string;
  script_hash: string;
  dependencies: Dependency[];
  traits: unknown;
  edition_cap: string;
  royalty_bps: number;
  licence: string;
  metadata: unknown;
  created_at: Date;
}

const COLUMNS =
  'id, name, artist_name, artist_account, description, script_hash, dependencies, traits, edition_cap, royalty_bps, licence, metadata, created_at';

/** Projects never change after they are made: what a work was minted from must stay what it was. */
export class ProjectRepository {
  async insert(tx: TenantTx, project: CreateProject & { scriptHash: string }): Promise<Project> {
    const rows: ProjectRow[] = await tx.manager.query(
      `insert into projects (tenant_id, name, artist_name, artist_account, description, script, script_hash,
                             dependencies, traits, edition_cap, royalty_bps, licence, metadata)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning ${COLUMNS}`,
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
    return rows.map(toProject)[0] as Project;
  }

  /** The projects with these ids, in no particular order; unknown and foreign ones are absent. */
  async findByIds(tx: TenantTx, ids: readonly ProjectId[]): Promise<Project[]> {
    const rows: ProjectRow[] = await tx.manager.query(
      `select ${COLUMNS} from projects where tenant_id = $1 and id = any($2)`,
      [tx.tenantId, ids],
    );
    return rows.map(toProject);
  }

  async page(tx: TenantReads, request: PageRequest, filter: ProjectFilter): Promise<Page<Project>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: 'projects',
      where: { name: filter?.name, artist_account: filter?.artistAccount },
      toNode: toProject,
    });
  }
}

function toProject(row: ProjectRow): Project {
  return {
    id: row.id,
    name: row.name,
    artistName: row.artist_name,
    artistAccount: row.artist_account,
    description: row.description,
    scriptHash: row.script_hash,
    dependencies: row.dependencies,
    traits: row.traits,
    editionCap: Number(row.edition_cap),
    royaltyBps: row.royalty_bps,
    licence: row.licence,
    metadata: row.metadata,
    createdAt: row.created_at,
  };
}
