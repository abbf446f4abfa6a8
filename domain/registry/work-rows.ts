import type { Work } from '../../schema/types/work';
import { NodeRows } from '../node-rows';
import { PROJECTS } from './project-rows';
import { REGISTRIES } from './registry-rows';

export const WORKS = new NodeRows<Work, 'project' | 'registry'>({
  name: 'works',
  fields: {
    id: 'id',
    projectId: 'project_id',
    registryId: 'registry_id',
    state: 'state',
    provisional: 'provisional',
    frozen: (work) => `(${work}.frozen or ${work}.breach_reason is not null)`,
    freezeReason: (work) =>
      `coalesce(${work}.breach_reason, case when ${work}.frozen then 'Frozen on chain.' end)`,
    documentHash: 'document_hash',
    document: 'document',
    edition: 'edition',
    seed: 'seed',
    commitment: 'commitment',
    tokenId: 'token_id',
    chainId: 'chain_id',
    holder: 'holder',
    hop: 'hop',
    revision: 'revision',
    metadata: 'metadata',
    legs: (work) =>
      `coalesce((select jsonb_agg(jsonb_build_object('chainId', l.chain_id, 'assetId', l.asset_id, 'state', l.state,
          'holder', l.holder, 'hop', l.hop, 'revision', l.revision, 'provisional', l.provisional) order by l.chain_id)
         from legs l where l.tenant_id = ${work}.tenant_id and l.work_id = ${work}.id), '[]')`,
    failure: 'failure',
    createdAt: 'created_at',
  },
  references: {
    project: { by: 'project_id', rows: PROJECTS },
    registry: { by: 'registry_id', rows: REGISTRIES },
  },
});
