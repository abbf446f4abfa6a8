import { SAMPLE_MANIFEST_HASH } from '../samples';
import { mutation, none, type Operation } from './operation';

const onTenant = (
  name: string,
  type: string,
  more: object,
  invalid: Operation['invalid'] = [],
): Operation => ({
  query: mutation(name, type, 'tenant { tenantId state pool }'),
  scope: 'operator',
  foreign: 'FORBIDDEN',
  variables: (ids) => ({ input: { tenantId: ids.tenant, ...more } }),
  invalid: [['tenantId', { tenantId: 'x' }], ...invalid],
});

/** What the platform’s operator does with tenants, and how they leave by themselves. */
export const tenantMutations = {
  createTenant: {
    query: mutation('createTenant', 'CreateTenantInput', 'tenant { tenantId }'),
    scope: 'operator',
    foreign: 'NO_IDS',
    variables: () => ({ input: { name: 'Gallery' } }),
    invalid: [['name', { name: '' }]],
  },
  suspendTenant: {
    ...onTenant('suspendTenant', 'SuspendTenantInput', { reason: 'not paid' }, [
      ['reason', { reason: ' ' }],
      ['reason', { reason: 'x'.repeat(501) }],
    ]),
    undoneBy: 'resumeTenant',
  },
  resumeTenant: onTenant('resumeTenant', 'ResumeTenantInput', {}),
  setPlan: {
    query: mutation('setPlan', 'SetPlanInput', 'plan { plan quotas { works } tenants }'),
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: () => ({ input: { plan: 'gallery', quotas: { works: 10_000 } } }),
    invalid: [
      ['plan', { plan: 'The Best' }],
      ['quotas.works', { quotas: { works: -1 } }],
      ['quotas.dispatchesPerDay', { quotas: { dispatchesPerDay: 1.5 } }],
      ['quotas.apiRequestsPerMinute', { quotas: { apiRequestsPerMinute: 0 } }],
    ],
  },
  assignPlan: onTenant('assignPlan', 'AssignPlanInput', { plan: 'unlimited', overrides: { works: null } }, [
    ['plan', { plan: '' }],
    ['overrides.storageBytes', { overrides: { storageBytes: -1 } }],
  ]),
  assignPool: onTenant('assignPool', 'AssignPoolInput', { pool: 'shared', relayWeight: 2 }, [
    ['pool', { pool: 'Fast.Lane' }],
    ['relayWeight', { relayWeight: 101 }],
    ['maxJobsInFlight', { maxJobsInFlight: 0 }],
  ]),
  requestExport: {
    query: 'mutation { requestExport { export { id state } } }',
    scope: 'tenant:export',
    foreign: 'NO_IDS',
    variables: none,
  },
  cancelExport: {
    query: mutation('cancelExport', 'CancelExportInput', 'export { id state }'),
    scope: 'tenant:export',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { exportId: ids.export } }),
    invalid: [['exportId', { exportId: 'x' }]],
  },
  deleteTenant: {
    query: mutation(
      'deleteTenant',
      'DeleteTenantInput',
      'tombstone { tenantId manifestHash auditHash erasedAt }',
    ),
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: (ids) => ({ input: { tenantId: ids.leavingTenant, manifestHash: SAMPLE_MANIFEST_HASH } }),
    invalid: [
      ['tenantId', { tenantId: 'x' }],
      ['manifestHash', { manifestHash: 'x' }],
    ],
  },
} satisfies Record<string, Operation>;
