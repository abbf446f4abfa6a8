import { encodeGlobalId } from '../../../../schema/global-id';
import { projectIdSchema } from '../../../../schema/ids';
import { FakeDomain } from '../support/fake-domain';
import { sampleProjectInput } from '../support/operations';
import { sampleRegistry, sampleWork } from '../support/samples';
import { type Answer, TestApi, type TestTenant } from '../support/test-api';

const ME = '{ me { scopes } }';
const domain = new FakeDomain();
let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await TestApi.start(domain);
  tenant = await api.tenant();
  const projectId = projectIdSchema.parse('00000000-0000-4000-8000-000000000001');
  const registry = domain.registries.put(tenant.tenantId, sampleRegistry(projectId));
  for (let index = 0; index < 3; index += 1) domain.works.put(tenant.tenantId, sampleWork(registry));
});
afterAll(() => api.stop());

/** After each attempt the server answers as ever, within what a busy machine takes. */
afterEach(async () => {
  const begun = Date.now();
  expect(await api.ask(ME, {}, tenant.apiKey)).toEqual({ me: { scopes: expect.any(Array) } });
  expect(Date.now() - begun).toBeLessThan(10_000);
});

const repeat = (times: number, render: (index: number) => string) =>
  Array.from({ length: times }, (_, index) => render(index)).join(' ');
const codes = ({ errors }: Answer) => errors && [...new Set(errors.map(({ extensions }) => extensions.code))];

/** F0 spreads F1 twice, which spreads F2 twice …: 2^n selections when written out. */
const bomb = (levels: number) =>
  repeat(levels, (n) => `fragment F${n} on Viewer { a${n}: scopes ...F${n + 1} ...F${n + 1} }`) +
  ` fragment F${levels} on Viewer { scopes }`;
const introspect = (levels: number) =>
  `{ __schema { types { ${'fields { type { '.repeat(levels)} name ${'} } '.repeat(levels)} } } }`;

const documents: readonly [name: string, code: string, document: string][] = [
  [
    'deep: fields below the limit',
    'GRAPHQL_VALIDATION_FAILED',
    '{ dispatches { edges { node { work { registry { project { dependencies { name } } } } } } } }',
  ],
  [
    'deep: through fragments',
    'GRAPHQL_VALIDATION_FAILED',
    '{ dispatches { ...A } } fragment A on DispatchConnection { edges { node { work { ...B } } } } fragment B on Work { registry { project { dependencies { name } } } }',
  ],
  ['deep: introspection in circles', 'GRAPHQL_VALIDATION_FAILED', introspect(4)],
  ['deep: braces without end', 'GRAPHQL_PARSE_FAILED', '{ a '.repeat(20_000)],
  ['deep: lists within literals', 'GRAPHQL_PARSE_FAILED', `{ project(id: ${'['.repeat(20_000)}`],
  [
    'wide: 100 rows of everything',
    'QUERY_TOO_COMPLEX',
    `{ ${repeat(10, (n) => `w${n}: works(first: 100) { edges { node { id state holder hop registry { id name symbol state } project { id name artistName } } } }`)} }`,
  ],
  [
    'wide: pages within pages by alias',
    'QUERY_TOO_COMPLEX',
    `{ ${repeat(40, (n) => `a${n}: dispatches(first: 100) { edges { node { id work { id } } } }`)} }`,
  ],
  [
    'wide: as many nodes as tokens allow',
    'QUERY_TOO_COMPLEX',
    `{ ${repeat(8, (n) => `w${n}: works(first: 100) { edges { node { ${repeat(100, () => 'id state')} } } }`)} }`,
  ],
  [
    'circular: a fragment that spreads itself',
    'GRAPHQL_VALIDATION_FAILED',
    '{ me { ...A } } fragment A on Viewer { scopes ...A }',
  ],
  [
    'circular: through another fragment',
    'GRAPHQL_VALIDATION_FAILED',
    '{ me { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }',
  ],
  [
    'circular: through an object',
    'GRAPHQL_VALIDATION_FAILED',
    '{ dispatches { edges { node { ...D } } } } fragment D on Dispatch { work { ...W } } fragment W on Work { registry { id } ...W }',
  ],
  ['fragments: 2^16 selections', 'QUERY_TOO_COMPLEX', `{ me { ...F0 } } ${bomb(16)}`],
  ['fragments: one that is never used', 'GRAPHQL_VALIDATION_FAILED', `${ME} fragment A on Viewer { scopes }`],
  [
    'aliases: one field 51 times',
    'GRAPHQL_VALIDATION_FAILED',
    `{ ${repeat(51, (n) => `a${n}: me { scopes }`)} }`,
  ],
  [
    'aliases: within fragments',
    'GRAPHQL_VALIDATION_FAILED',
    `{ me { ...A } } fragment A on Viewer { ${repeat(51, (n) => `a${n}: scopes`)} }`,
  ],
  [
    'aliases: of mutations',
    'GRAPHQL_VALIDATION_FAILED',
    `mutation ($input: CreateProjectInput!) { ${repeat(51, (n) => `a${n}: createProject(input: $input) { project { id } }`)} }`,
  ],
  [
    'tokens: more than a document may have',
    'GRAPHQL_PARSE_FAILED',
    `{ me { ${repeat(5_001, () => 'scopes')} } }`,
  ],
  [
    'tokens: directives without end',
    'GRAPHQL_PARSE_FAILED',
    `{ me { scopes ${'@include(if: true) '.repeat(2_000)} } }`,
  ],
  ['directives: unknown ones', 'GRAPHQL_VALIDATION_FAILED', `{ me { scopes ${'@a'.repeat(500)} } }`],
  [
    'operations: hundreds in one document',
    'GRAPHQL_VALIDATION_FAILED',
    repeat(300, (n) => `query Q${n} { nothing }`),
  ],
  ['rows: more than a page', 'BAD_USER_INPUT', '{ works(first: 101) { totalCount } }'],
  ['rows: fewer than none', 'BAD_USER_INPUT', '{ works(first: -1) { totalCount } }'],
  ['rows: beyond an integer', 'GRAPHQL_VALIDATION_FAILED', '{ works(first: 99999999999) { totalCount } }'],
  [
    'subscriptions over plain HTTP',
    'TRANSPORT_NOT_SUPPORTED',
    'subscription { workUpdated(workId: "x") { id } }',
  ],
];

describe('refuses, reads nothing and stays up', () => {
  test.each(documents)('%s: %s', async (_name, code, document) => {
    const { reads } = domain.works;
    const calls = domain.calls.length;
    const variables = { input: sampleProjectInput };
    expect(codes(await api.send(document, variables, tenant.apiKey))).toEqual([code]);
    expect(domain.works.reads).toBe(reads);
    expect(domain.calls).toHaveLength(calls);
  });

  test.each(documents.filter(([name]) => !name.startsWith('subscriptions')))(
    'the same over a WebSocket: %s: %s',
    async (_name, code, document) => {
      const socket = api.subscribe(document, {}, tenant.apiKey);
      const refusal = await socket.next().catch((errors: unknown) => ({ errors }));
      await socket.close();
      // CAST: graphql-ws rejects with a list of errors, or answers GraphQL's own shape.
      const expected = document.startsWith('mutation') ? 'GRAPHQL_VALIDATION_FAILED' : code;
      expect(codes(refusal as Answer)).toEqual([expected]);
    },
  );
});

describe('requests', () => {
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const response = await api.post(body, tenant.apiKey, headers);
    return { status: response.status, answer: (await response.json()) as Answer & { code?: string } };
  };

  test('a batch is refused as a whole', async () => {
    const { reads } = domain.works;
    const { status, answer } = await post(Array.from({ length: 100 }, () => ({ query: ME })));
    expect([status, codes(answer)]).toEqual([400, ['BAD_REQUEST']]);
    expect(domain.works.reads).toBe(reads);
  });

  test.each([
    ['a body over the limit', { query: 'x'.repeat(5_000_000) }, {}, 413],
    ['a body that is no JSON', '{ "query": ', {}, 400],
    ['an empty body', '', {}, 400],
    ['a body of another type', 'query=1', { 'content-type': 'application/xml' }, 415],
    [
      'a body that poisons prototypes',
      '{"query":"{ me { scopes } }","__proto__":{"isOperator":true}}',
      {},
      400,
    ],
    [
      'a form that a foreign page posts',
      'query=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
    ],
    ['text that a foreign page posts', JSON.stringify({ query: ME }), { 'content-type': 'text/plain' }, 400],
  ])('%s', async (_name, body, headers, status) => {
    const before = domain.calls.length;
    expect((await api.post(body, tenant.apiKey, headers)).status).toBe(status);
    expect(domain.calls).toHaveLength(before);
  });

  test('a GET that a foreign page makes a browser send', async () => {
    const { status } = await fetch(`${api.url}?query=${encodeURIComponent(ME)}`);
    expect(status).toBe(400);
  });

  test('a mutation by GET', async () => {
    const query = 'mutation { createTenant(input: { name: "x" }) { apiKey } }';
    const response = await fetch(`${api.url}?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': 'yes', authorization: `Bearer ${api.operatorKey}` },
    });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test.each([
    ['GET without a header that asks first', 'GET', undefined],
    ['POST of a form', 'POST', 'application/x-www-form-urlencoded'],
    ['POST of text', 'POST', 'text/plain'],
  ])('an event stream that a foreign page opens: %s', async (_name, method, contentType) => {
    const response = await fetch(`${api.url}/stream?query=${encodeURIComponent(ME)}`, {
      method,
      headers: { accept: 'text/event-stream', ...(contentType && { 'content-type': contentType }) },
      ...(method === 'POST' && { body: 'query=x' }),
    });
    expect([400, 415]).toContain(response.status);
    expect(response.headers.get('content-type')).toContain('problem+json');
  });

  test('a message over the limit closes its WebSocket alone', async () => {
    const other = api.subscribe('{ me { scopes } }', {}, tenant.apiKey);
    const large = api.subscribe(`{ me { scopes } } # ${'x'.repeat(5_000_000)}`, {}, tenant.apiKey);
    await expect(large.next()).rejects.toBeDefined();
    expect((await other.next())?.data).toBeDefined();
    await Promise.all([large.close(), other.close()]);
  });

  test('variables that nest without end, also under an Idempotency-Key', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const body = `{"query":"mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }","variables":{"input":{"traits":${deep}}}}`;
    for (const headers of [{}, { 'idempotency-key': 'deep' }])
      expect(codes((await post(body, headers)).answer)).toEqual(['BAD_USER_INPUT']);
  });

  test.each([
    ['of another type', encodeGlobalId('Project', '00000000-0000-4000-8000-000000000001')],
    ['with SQL in it', Buffer.from("Work:' or 1=1 --").toString('base64url')],
    ['of nothing', ''],
    ['of a megabyte', 'A'.repeat(1_048_576)],
  ])('an id %s', async (_name, id) => {
    expect(codes(await api.send('query ($id: ID!) { work(id: $id) { id } }', { id }, tenant.apiKey))).toEqual(
      ['BAD_USER_INPUT'],
    );
  });
});
