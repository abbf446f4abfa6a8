import type { Project } from '../../schema/types/project';
import { NodeRows } from '../node-rows';

export const PROJECTS = new NodeRows<Project>({
  name: 'projects',
  fields: {
    id: 'id',
    name: 'name',
    artistName: 'artist_name',
    artistAccount: 'artist_account',
    description: 'description',
    scriptHash: 'script_hash',
    dependencies: 'dependencies',
    traits: 'traits',
    editionCap: { sql: (project) => `${project}.edition_cap`, read: Number },
    royaltyBps: 'royalty_bps',
    licence: 'licence',
    metadata: 'metadata',
    createdAt: 'created_at',
  },
  references: {},
});
