/** The two queries, of the same shape for every contestant: 100 rows of 6 fields, and 20 rows with what they refer to. */
export interface Documents {
  readonly list: string;
  readonly nested: string;
}

/** Ours, and those of the bare server. */
export const DOCUMENTS: Documents = {
  list: '{ works(first: 100) { edges { node { id state holder tokenId hop revision } } } }',
  nested: `{ dispatches(first: 20) { edges { node { id state
    work { id tokenId holder } registry { id name project { id name artistName } } } } } }`,
};

/** PostGraphile's, on the same tables. */
export const POSTGRAPHILE_DOCUMENTS: Documents = {
  list: '{ allWorks(first: 100, orderBy: PRIMARY_KEY_DESC) { edges { node { id state holder tokenId hop revision } } } }',
  nested: `{ allDispatches(first: 20, orderBy: PRIMARY_KEY_DESC) { edges { node { id state
    work: workByTenantIdAndWorkId { id tokenId holder }
    registry: registryByTenantIdAndRegistryId { id name project: projectByTenantIdAndProjectId { id name artistName } } } } } }`,
};

export const LIST_ROWS = 100;
export const NESTED_ROWS = 20;
