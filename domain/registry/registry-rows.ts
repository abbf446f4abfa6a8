import { zeroAddress } from 'viem';
import type { Registry, RegistryContracts } from '../../schema/types/registry';
import { NodeRows } from '../node-rows';
import { PROJECTS } from './project-rows';

/** Registries of earlier versions have fewer. */
type StoredContracts = Omit<RegistryContracts, keyof typeof LATER_COMPONENTS> & Partial<RegistryContracts>;

const LATER_COMPONENTS = { royaltyReceiver: null, royaltyVault: null, licenceBook: null } as const;

export const REGISTRIES = new NodeRows<Registry, 'project'>({
  name: 'registries',
  fields: {
    id: 'id',
    projectId: 'project_id',
    name: 'name',
    symbol: 'symbol',
    state: 'state',
    homeChainId: 'home_chain_id',
    chainIds: 'chain_ids',
    owner: 'owner',
    artistSigned: (registry) => `(${registry}.manifest->>'artist' is distinct from '${zeroAddress}')`,
    adopted: (registry) =>
      `case when ${registry}.manifest->>'adopted' is distinct from '${zeroAddress}' then jsonb_build_object(
         'chainId', ${registry}.home_chain_id, 'address', ${registry}.manifest->>'adopted') end`,
    releasePolicy: 'release_policy',
    contracts: {
      sql: (registry) => `${registry}.contracts`,
      read: (all: readonly StoredContracts[]): RegistryContracts[] =>
        all.map((contracts) => ({ ...LATER_COMPONENTS, ...contracts })),
    },
    progress: (registry) =>
      `(select count(s.done_at) || '/' || count(*) from registry_steps s
         where s.tenant_id = ${registry}.tenant_id and s.registry_id = ${registry}.id)`,
    waitingFor: 'waiting_for',
    preparedCalls: 'prepared_calls',
    createdAt: 'created_at',
  },
  references: { project: { by: 'project_id', rows: PROJECTS } },
});
