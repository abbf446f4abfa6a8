import { advanceRegistry, submitRevision } from './jobs';

const TENANT = '0b0e3f0e-6f1c-4c55-9d0e-0f7c54f2a111';
const OTHER_TENANT = '0b0e3f0e-6f1c-4c55-9d0e-0f7c54f2a222';
const WORK = '6f6b1a52-9d6e-4f0e-8d2a-1f4c1a0b2c3d';

test('requests of a job are about the same exactly if all of their ids but the tenant’s are', () => {
  const registry = (tenantId: string) =>
    advanceRegistry.subject(advanceRegistry.payload.parse({ tenantId, registryId: WORK }));
  const revision = (of: number) =>
    submitRevision.subject(submitRevision.payload.parse({ tenantId: TENANT, workId: WORK, revision: of }));

  // Rows that an older release queued have these keys.
  expect(registry(TENANT)).toBe(WORK);
  expect(registry(OTHER_TENANT)).toBe(WORK);
  expect(revision(1)).toBe(`${WORK} 1`);
  expect(revision(2)).not.toBe(revision(1));
});
