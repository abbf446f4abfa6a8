import DataLoader from 'dataloader';
import type { ProjectService } from '../domain/registry/project-service';
import type { ProjectId, TenantId } from '../schema/ids';
import type { Project } from '../schema/types/project';

/** What loaders read from. */
export interface LoaderServices {
  readonly projects: ProjectService;
}

/** Batched look-ups of one request, for field resolvers. A missing or foreign row loads as undefined. */
export interface Loaders {
  readonly project: DataLoader<ProjectId, Project | undefined>;
}

export function makeLoaders({ projects }: LoaderServices, tenantId: TenantId): Loaders {
  return {
    project: byId((ids) => projects.findByIds(tenantId, ids)),
  };
}

function byId<Id extends string, Row extends { id: Id }>(
  find: (ids: readonly Id[]) => Promise<readonly Row[]>,
): DataLoader<Id, Row | undefined> {
  return new DataLoader(async (ids: readonly Id[]) => {
    const rows = new Map((await find(ids)).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id));
  });
}
