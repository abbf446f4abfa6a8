import { HOLDER } from '../samples';
import { byId, list, none, type Operation } from './operation';

/** Every query of the schema. */
export const QUERIES: Readonly<Record<string, Operation>> = {
  me: { query: '{ me { tenant { tenantId } } }', scope: 'read', foreign: 'NO_IDS', variables: none },
  tenants: {
    query: '{ tenants { totalCount edges { node { tenantId name } } } }',
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: none,
  },
  tenant: {
    query: 'query ($id: ID!) { tenant(id: $id) { tenantId name } }',
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: (ids) => ({ id: ids.tenant }),
  },
  plans: {
    query: '{ plans { plan tenants quotas { works } } }',
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: none,
  },
  workerPools: {
    query: '{ workerPools { pool workers tenants } }',
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: none,
  },
  platformAuditLog: {
    query: '{ platformAuditLog { totalCount edges { node { operation actor hash } } } }',
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: none,
  },
  chains: { query: '{ chains { chainId } }', scope: 'read', foreign: 'NO_IDS', variables: none },
  project: {
    query: byId('project'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.project }),
  },
  registry: {
    query: byId('registry'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.registry }),
  },
  work: { query: byId('work'), scope: 'read', foreign: 'NOT_FOUND', variables: (ids) => ({ id: ids.work }) },
  dispatch: {
    query: byId('dispatch'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.dispatch }),
  },
  projects: { query: list('projects'), scope: 'read', foreign: 'ABSENT', variables: none },
  registries: { query: list('registries'), scope: 'read', foreign: 'ABSENT', variables: none },
  works: {
    query: `query ($id: ID!) { works { edges { node { id } } } filtered: works(filter: { registryId: $id }) { totalCount edges { node { id } } } }`,
    scope: 'read',
    foreign: 'ABSENT',
    variables: (ids) => ({ id: ids.registry }),
  },
  dispatches: {
    query: `query ($id: ID!) { dispatches { edges { node { id } } } filtered: dispatches(filter: { workId: $id }) { totalCount edges { node { id } } } }`,
    scope: 'read',
    foreign: 'ABSENT',
    variables: (ids) => ({ id: ids.work }),
  },
  sales: {
    query: `query ($id: ID!) { sales { edges { node { id work { id } project { id } payments { id } } } } filtered: sales(filter: { projectId: $id }) { totalCount edges { node { id } } } }`,
    scope: 'read',
    foreign: 'ABSENT',
    variables: (ids) => ({ id: ids.project }),
  },
  suspendedPayments: {
    query: `query ($id: ID!) { suspendedPayments { edges { node { id suspended } } } filtered: suspendedPayments(filter: { projectId: $id }) { totalCount edges { node { id } } } }`,
    scope: 'royalty:read',
    foreign: 'ABSENT',
    variables: (ids) => ({ id: ids.project }),
  },
  market: {
    query:
      'query ($id: ID!) { market(projectId: $id) { volumes { asset amount } leftOut holders { account } lastSale { id } } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.project }),
  },
  royaltyPolicies: {
    query: 'query ($id: ID!) { royaltyPolicies(projectId: $id) { revision royaltyBps splits { account } } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.project }),
  },
  royaltyWalletChanges: {
    query:
      'query ($id: ID!) { royaltyWalletChanges(projectId: $id) { number state oldWallet newWallet effectiveAt } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.project }),
  },
  royaltyTerms: {
    query:
      'query ($id: ID!) { royaltyTerms(registryId: $id) { chainId revision policyRevision provisional } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.registry }),
  },
  royaltyStatement: {
    query:
      'query ($input: RoyaltyStatementInput!) { royaltyStatement(input: $input) { lines { asset owed payees { account credited } } } }',
    scope: 'royalty:read',
    foreign: 'ABSENT',
    variables: (ids) => ({
      input: { projectId: ids.project, from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
    }),
  },
  ledgerAccounts: {
    query:
      'query ($id: ID!) { ledgerAccounts { edges { node { projectId } } } filtered: ledgerAccounts(filter: { projectId: $id }) { totalCount edges { node { balance } } } }',
    scope: 'royalty:read',
    foreign: 'ABSENT',
    variables: (ids) => ({ id: ids.project }),
  },
  ledgerEntries: {
    query:
      'query ($id: ID!) { ledgerEntries { edges { node { projectId } } } filtered: ledgerEntries(filter: { saleId: $id }) { totalCount edges { node { sequence postings { amount } } } } }',
    scope: 'royalty:read',
    foreign: 'ABSENT',
    variables: (ids) => ({ id: ids.sale }),
  },
  provenance: {
    query: 'query ($id: ID!) { provenance(workId: $id) { totalCount } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.work }),
  },
  lanes: {
    query: 'query ($id: ID!) { lanes(registryId: $id) { transport } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.registry }),
  },
  auditLog: {
    query: '{ auditLog { totalCount edges { node { operation actor hash } } } }',
    scope: 'audit:read',
    foreign: 'ABSENT',
    variables: none,
  },
  licenceTemplates: {
    query: '{ licenceTemplates { hash family name uri document terms { commercial } odrl } }',
    scope: 'read',
    foreign: 'NO_IDS',
    variables: none,
  },
  isLicensed: {
    query: 'query ($input: IsLicensedInput!) { isLicensed(input: $input) { chainId licensed } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: {
        registryId: ids.registry,
        workId: ids.work,
        account: HOLDER,
        templateHash: `0x${'8'.repeat(64)}`,
      },
    }),
  },
  licenceOffers: {
    query: '{ licenceOffers { totalCount edges { node { chainId offerId price registry { id } odrl } } } }',
    scope: 'read',
    foreign: 'ABSENT',
    variables: none,
  },
  licences: {
    query:
      '{ licences { totalCount edges { node { grantId state copies { chainId } registry { id } odrl } } } }',
    scope: 'read',
    foreign: 'ABSENT',
    variables: none,
  },
  exports: {
    query: '{ exports { totalCount edges { node { id state archivePath } } } }',
    scope: 'tenant:export',
    foreign: 'ABSENT',
    variables: none,
  },
  signingKeys: { query: list('signingKeys'), scope: 'read', foreign: 'ABSENT', variables: none },
  feeLimits: {
    query: '{ feeLimits { chainId maxFeePerGasWei maxTotalFeeWei } }',
    scope: 'read',
    foreign: 'NO_IDS',
    variables: none,
  },
  rpcEndpoints: {
    query: '{ rpcEndpoints { chainId hosts fallback lastErrorCode lastErrorAt } }',
    scope: 'read',
    foreign: 'NO_IDS',
    variables: none,
  },
  apiKeys: { query: list('apiKeys'), scope: 'read', foreign: 'ABSENT', variables: none },
  guardActions: { query: list('guardActions'), scope: 'read', foreign: 'ABSENT', variables: none },
  settlement: {
    query: byId('settlement'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.settlement }),
  },
  settlements: { query: list('settlements'), scope: 'read', foreign: 'ABSENT', variables: none },
  settlementRules: {
    query: '{ settlementRules { asset maxCostBps } }',
    scope: 'read',
    foreign: 'NO_IDS',
    variables: none,
  },
  reconcileBooks: {
    query: 'query ($id: ID!) { reconcileBooks(registryId: $id) { chainId balanced differences } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.registry }),
  },
  webhookEndpoint: {
    query: byId('webhookEndpoint'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.webhookEndpoint }),
  },
  webhookEndpoints: { query: list('webhookEndpoints'), scope: 'read', foreign: 'ABSENT', variables: none },
  webhookDelivery: {
    query: byId('webhookDelivery'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.webhookDelivery }),
  },
  webhookDeliveries: {
    query:
      'query ($id: ID!) { webhookDeliveries(endpointId: $id) { totalCount edges { node { id endpoint { id } } } } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.webhookEndpoint }),
  },
  members: {
    query: list('members'),
    scope: 'member:read',
    foreign: 'ABSENT',
    variables: none,
  },
  identityProvider: {
    query: '{ identityProvider { issuer } }',
    scope: 'member:read',
    foreign: 'NO_IDS',
    variables: none,
  },
  node: {
    query: `query ($p: ID!, $r: ID!, $w: ID!, $d: ID!, $g: ID!, $e: ID!, $v: ID!, $k: ID!, $m: ID!, $s: ID!, $t: ID!, $l: ID!, $x: ID!) {
      p: node(id: $p) { id } r: node(id: $r) { id } w: node(id: $w) { id } d: node(id: $d) { id }
      g: node(id: $g) { id } e: node(id: $e) { id } v: node(id: $v) { id } k: node(id: $k) { id }
      m: node(id: $m) { id } s: node(id: $s) { id } t: node(id: $t) { id }
      l: node(id: $l) { id } x: node(id: $x) { id } }`,
    scope: 'read',
    foreign: 'NULL',
    variables: (ids) => ({
      p: ids.project,
      r: ids.registry,
      w: ids.work,
      d: ids.dispatch,
      g: ids.guardAction,
      e: ids.webhookEndpoint,
      v: ids.webhookDelivery,
      k: ids.apiKey,
      m: ids.member,
      s: ids.signingKey,
      l: ids.sale,
      t: ids.settlement,
      x: ids.export,
    }),
  },
};

/** Every subscription of the schema. */
export const SUBSCRIPTIONS: Readonly<Record<string, Operation>> = {
  workUpdated: {
    query: 'subscription ($id: ID!) { workUpdated(workId: $id) { id } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.work }),
  },
  saleRecorded: {
    query: 'subscription ($id: ID!) { saleRecorded(projectId: $id) { id } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.project }),
  },
  dispatchUpdated: {
    query: 'subscription ($id: ID) { dispatchUpdated(dispatchId: $id) { id } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.dispatch }),
  },
  settlementUpdated: {
    query: 'subscription ($id: ID!) { settlementUpdated(settlementId: $id) { id } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.settlement }),
  },
};
