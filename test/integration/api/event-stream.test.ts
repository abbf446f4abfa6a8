import { createClient, type ExecutionResult } from 'graphql-sse';
import { pollUntil } from '../../../cli/embedded/poll';
import { notifyChanged } from '../../../domain/events/change-notifier';
import { encodeGlobalId } from '../../../schema/global-id';
import { projectIdSchema } from '../../../schema/ids';
import type { Work } from '../../../schema/types/work';
import { openDataSource } from '../../../tenants/data-source';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { sampleRegistry, sampleWork } from './support/samples';
import { TestApi, type TestTenant } from './support/test-api';

const WORK = 'subscription ($id: ID!) { workUpdated(workId: $id) { hop } }';

const domain = new FakeDomain();
let api: TestApi;
let pool: Awaited<ReturnType<typeof openDataSource>>;
let tenant: TestTenant;
let work: Work;

beforeAll(async () => {
  api = await TestApi.start(domain);
  pool = await openDataSource({ url: api.database.appUrl, poolSize: 2, applicationName: 'test' });
});
afterAll(async () => {
  await pool.destroy();
  await api.stop();
});
beforeEach(async () => {
  tenant = await api.tenant();
  const projectId = projectIdSchema.parse('00000000-0000-4000-8000-000000000001');
  const registry = domain.registries.put(tenant.tenantId, sampleRegistry(projectId));
  work = domain.works.put(tenant.tenantId, sampleWork(registry));
});

/** The npm client as it comes, in its distinct connections mode. */
function client(apiKey = tenant.apiKey) {
  return createClient({
    url: `${api.url}/stream`,
    headers: { authorization: `Bearer ${apiKey}` },
    retryAttempts: 0,
  });
}

const iterate = (query: string, variables: Record<string, unknown>, apiKey?: string) =>
  client(apiKey).iterate({ query, variables });
const follow = (apiKey?: string) => iterate(WORK, { id: encodeGlobalId('Work', work.id) }, apiKey);

async function changeWork(hop: number): Promise<void> {
  work = domain.works.put(tenant.tenantId, { ...work, hop });
  await new TenantDatabase(pool).transaction(tenant.tenantId, (tx) => notifyChanged(tx, 'Work', work.id));
}

const codeOf = ({ value }: IteratorResult<ExecutionResult<Record<string, unknown>, unknown>>) =>
  value?.errors?.[0]?.extensions?.['code'];

describe('the graphql-sse client', () => {
  test('gets the present state and every change', async () => {
    const updates = follow();
    expect((await updates.next()).value).toEqual({ data: { workUpdated: { hop: 0 } } });
    await changeWork(1);
    expect((await updates.next()).value).toEqual({ data: { workUpdated: { hop: 1 } } });
    await updates.return?.();
  });

  test('gets the answer of a query as a stream of one', async () => {
    const answers = iterate('{ me { tenant { tenantId } } }', {});
    expect((await answers.next()).value).toEqual({ data: { me: { tenant: { tenantId: tenant.tenantId } } } });
    expect((await answers.next()).done).toBe(true);
  });

  test('is told UNAUTHENTICATED, and the stream ends, when its key is revoked', async () => {
    const updates = follow();
    await updates.next();
    await withClient(api.database.adminUrl, (admin) =>
      admin.query('update api_keys set revoked_at = now() where tenant_id = $1', [tenant.tenantId]),
    );
    expect(codeOf(await updates.next())).toBe('UNAUTHENTICATED');
    expect((await updates.next()).done).toBe(true);
  });

  test.each([
    ['an unknown key', 'UNAUTHENTICATED', () => follow('colophon_x')],
    ['a foreign work', 'NOT_FOUND', async () => follow((await api.tenant()).apiKey)],
    ['a document that does not parse', 'GRAPHQL_PARSE_FAILED', () => iterate('{ me {', {})],
    [
      'a mutation',
      'TRANSPORT_NOT_SUPPORTED',
      () => iterate('mutation { createTenant(input: { name: "x" }) { apiKey } }', {}),
    ],
  ])('%s ends in %s', async (_case, code, begin) => {
    const answers = await begin();
    expect(codeOf(await answers.next())).toBe(code);
    expect((await answers.next()).done).toBe(true);
  });

  test('that goes away leaves nothing behind', async () => {
    const updates = follow();
    await updates.next();
    const reads = domain.works.reads;
    await updates.return?.();
    // Its watch is gone when a change is read for nobody any more.
    const unread = async () => {
      const before = domain.works.reads;
      await changeWork(work.hop + 1);
      return domain.works.reads === before;
    };
    expect(await pollUntil(unread, 5_000)).toBe(true);
    expect(domain.works.reads).toBeGreaterThanOrEqual(reads);
  });

  test('has its stream completed when the server stops', async () => {
    const own = new FakeDomain();
    const other = await TestApi.start(own);
    const owner = await other.tenant();
    const row = own.works.put(owner.tenantId, work);
    const answers = createClient({
      url: `${other.url}/stream`,
      headers: { authorization: `Bearer ${owner.apiKey}` },
      retryAttempts: 0,
    }).iterate({ query: WORK, variables: { id: encodeGlobalId('Work', row.id) } });
    await answers.next();
    await other.stop();
    expect((await answers.next()).done).toBe(true);
  });
});

test('a masked error carries the id of its request', async () => {
  domain.bug = new Error('a secret');
  const answers = follow();
  const { value } = await answers.next();
  expect(value).toMatchObject({
    errors: [{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } }],
  });
  expect(api.logs.some(({ requestId }) => requestId === value?.errors?.[0]?.extensions?.['requestId'])).toBe(
    true,
  );
});
