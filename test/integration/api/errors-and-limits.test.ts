import { pollUntil } from '../../../cli/embedded/poll';
import { encodeGlobalId } from '../../../schema/global-id';
import { projectIdSchema } from '../../../schema/ids';
import { urlOf, withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { sampleRegistry, sampleWork } from './support/samples';
import { type Answer, TestApi, type TestTenant } from './support/test-api';

const WORK = 'query ($id: ID!) { work(id: $id) { id } }';
const SECRET = 'select * from secrets at /srv/colophon.ts:1';

const codes = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);

const domain = new FakeDomain();
let api: TestApi;
let tenant: TestTenant;
let workId: string;

beforeAll(async () => {
  api = await TestApi.start(domain);
  tenant = await api.tenant();
  const projectId = projectIdSchema.parse('00000000-0000-4000-8000-000000000001');
  const registry = domain.registries.put(tenant.tenantId, sampleRegistry(projectId));
  workId = encodeGlobalId('Work', domain.works.put(tenant.tenantId, sampleWork(registry)).id);
});
afterAll(() => api.stop());

/** One answer over a WebSocket. */
async function overWebSocket(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
  const subscription = api.subscribe(query, variables, tenant.apiKey);
  try {
    return (await subscription.next()) ?? {};
  } catch (errors) {
    // CAST: graphql-ws rejects with the list of errors when the operation never began.
    return { errors: errors as NonNullable<Answer['errors']> };
  } finally {
    await subscription.close();
  }
}

test('what fails before any operation begins is masked, and logged under the request’s id as well', async () => {
  const { apiKey } = await api.tenant();
  const rename = (from: string, to: string) =>
    withClient(api.database.adminUrl, (admin) => admin.query(`alter table ${from} rename to ${to}`));
  await rename('api_keys', 'away');
  const { errors } = await api
    .send('{ me { tenant { name } } }', {}, apiKey)
    .finally(() => rename('away', 'api_keys'));
  expect(errors).toEqual([
    {
      message: 'Something went wrong on our side.',
      extensions: { code: 'INTERNAL', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    },
  ]);
  const requestId = errors?.[0]?.extensions.requestId;
  expect(api.logs.filter((line) => line['requestId'] === requestId && line['level'] === 50)).toEqual([
    expect.objectContaining({
      err: expect.objectContaining({ message: expect.stringContaining('api_keys') }),
    }),
  ]);
});

const transports: [string, (query: string, variables?: Record<string, unknown>) => Promise<Answer>][] = [
  ['HTTP', (query, variables) => api.send(query, variables, tenant.apiKey)],
  ['WebSocket', overWebSocket],
];

describe.each(transports)('over %s', (_transport, ask) => {
  test('a bug is masked; its request id leads to the whole of it in the log', async () => {
    domain.bug = new Error(SECRET);
    const answer = await ask(WORK, { id: workId });
    expect(answer.errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['work'],
        locations: expect.anything(),
        extensions: { code: 'INTERNAL', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
    ]);
    expect(JSON.stringify(answer)).not.toContain('colophon.ts');
    const requestId = answer.errors?.[0]?.extensions.requestId;
    expect(api.logs.filter((line) => line['requestId'] === requestId && line['level'] === 50)).toEqual([
      expect.objectContaining({ err: expect.objectContaining({ message: SECRET }) }),
    ]);
  });

  test.each([
    ['GRAPHQL_PARSE_FAILED', '{ me {'],
    ['GRAPHQL_VALIDATION_FAILED', '{ nothing }'],
    ['BAD_USER_INPUT', '{ works(filter: { chainId: "1" }) { totalCount } }'],
  ])('%s for %s, without a stack', async (code, query) => {
    const answer = await ask(query);
    expect(codes(answer)).toEqual([code]);
    expect(JSON.stringify(answer)).not.toMatch(/stack|node_modules/);
  });

  test('variables that do not fit are BAD_USER_INPUT and name the variable', async () => {
    const answer = await ask('query ($filter: WorkFilterInput) { works(filter: $filter) { totalCount } }', {
      filter: { chainId: '1' },
    });
    expect(answer.errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('"filter.chainId"'),
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    ]);
  });

  test('refuses what costs too much, aliases counted, before anything is read', async () => {
    const { reads } = domain.works;
    const page = 'works(first: 100) { edges { node { id state holder frozen hop } } }';
    const fields = Array.from({ length: 20 }, (_, index) => `a${index}: ${page}`);
    expect(codes(await ask(`{ ${fields.join(' ')} }`))).toEqual(['QUERY_TOO_COMPLEX']);
    expect(codes(await ask(`{ ${fields.slice(0, 5).join(' ')} }`))).toBeUndefined();
    expect(domain.works.reads).toBe(reads);
  });

  test('refuses what nests too deep, also through fragments', async () => {
    const page = (innermost: string) =>
      `{ dispatches { edges { node { ...A } } } } fragment A on Dispatch { work { registry { project { ${innermost} } } } }`;
    expect(codes(await ask(page('dependencies { name }')))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(codes(await ask(page('name')))).toBeUndefined();
  });
});

describe('over HTTP', () => {
  test('a body that is no JSON is the client’s mistake', async () => {
    const response = await api.post('{ not json', tenant.apiKey);
    expect(response.status).toBe(400);
  });

  test('a body beyond the limit is refused', async () => {
    const response = await api.post({ query: 'x'.repeat(4 * 1_048_576) }, tenant.apiKey);
    expect(response.status).toBe(413);
  });

  test('a request that a foreign page could make a browser send is refused', async () => {
    const response = await fetch(`${api.url}?query={me{scopes}}`, {
      headers: { 'content-type': 'text/plain' },
    });
    expect(response.status).toBe(400);
  });

  test('an operation that the document does not have is refused', async () => {
    const response = await api.post(
      { query: 'query A { me { scopes } }', operationName: 'B' },
      tenant.apiKey,
    );
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
    });
  });

  test('says that it lives, and that it is ready only while the database answers', async () => {
    const own = await TestApi.start(new FakeDomain());
    const health = async () =>
      Promise.all(['healthz', 'readyz'].map(async (path) => (await fetch(new URL(path, own.url))).status));
    const database = new URL(own.database.adminUrl).pathname.slice(1);
    const allowConnections = (allowed: boolean) =>
      withClient(urlOf(own.database.adminUrl, { database: 'postgres' }), async (admin) => {
        await admin.query(`alter database ${database} allow_connections ${allowed}`);
        await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
          database,
        ]);
      });
    try {
      expect(await health()).toEqual([200, 200]);
      await allowConnections(false);
      // A terminated connection may answer once more before it ends.
      expect(await pollUntil(async () => (await health())[1] === 503, 5_000)).toBe(true);
      expect(await health()).toEqual([200, 503]);
      await allowConnections(true);
      expect(await pollUntil(async () => (await health())[1] === 200, 5_000)).toBe(true);
    } finally {
      await own.stop();
    }
  });
});

describe('introspection', () => {
  const query = '{ __schema { queryType { name } } }';

  test('can be switched off over both, suggestions included', async () => {
    const own = await TestApi.start(new FakeDomain(), { GRAPHQL_INTROSPECTION: 'false' });
    try {
      const overHttp = await own.send(query);
      const suggestion = await own.send('{ mee }');
      const socket = own.subscribe(query, {});
      const refusal: unknown = await socket.next().catch((errors: unknown) => errors);
      await socket.close();
      expect(codes(overHttp)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(suggestion.errors?.[0]?.message).not.toContain('Did you mean');
      expect(refusal).toEqual([
        expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
      ]);
    } finally {
      await own.stop();
    }
  });

  test('works where it is allowed', async () => {
    expect(codes(await api.send(query))).toBeUndefined();
  });
});
