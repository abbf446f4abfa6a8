import { encodeGlobalId } from '../../../schema/global-id';
import { projectIdSchema } from '../../../schema/ids';
import { FakeDomain } from './support/fake-domain';
import { sampleRegistry, sampleWork } from './support/samples';
import { type Answer, TestApi, type TestTenant } from './support/test-api';

/** As often as it takes for a document to be compiled, and once more. */
const TIMES = 4;

const domain = new FakeDomain();
let api: TestApi;
let tenant: TestTenant;
let id: string;

beforeAll(async () => {
  api = await TestApi.start(domain);
  tenant = await api.tenant();
  const projectId = projectIdSchema.parse('00000000-0000-4000-8000-000000000001');
  const registry = domain.registries.put(tenant.tenantId, sampleRegistry(projectId));
  id = encodeGlobalId('Work', domain.works.put(tenant.tenantId, sampleWork(registry)).id);
});
afterAll(() => api.stop());

async function answers(
  query: string,
  variables: object = {},
  key: string | undefined = tenant.apiKey,
  prepare: () => void = () => undefined,
): Promise<Answer[]> {
  const all: Answer[] = [];
  for (let time = 1; time <= TIMES; time += 1) {
    prepare();
    all.push(await api.send(query, variables, key));
  }
  return all;
}

function withoutRequestId(answer: Answer): unknown {
  return JSON.parse(JSON.stringify(answer, (name, value) => (name === 'requestId' ? '…' : value)));
}

/** The first is graphql-js's. */
function expectAlike([first, ...others]: Answer[]): void {
  for (const other of others) expect(withoutRequestId(other)).toEqual(withoutRequestId(first as Answer));
}

const WORK = `id state holder tokenId legs { chainId state } document createdAt`;

describe('a query that was compiled answers as it did before', () => {
  test.each([
    ['rows', `{ works(first: 5) { totalCount pageInfo { hasNextPage } edges { node { ${WORK} } } } }`],
    ['what rows refer to', '{ works { edges { node { registry { id name } } } } }'],
    [
      'aliases and fragments',
      `query A { a: works { ...C } b: works { ...C } } fragment C on WorkConnection { n: totalCount }`,
    ],
    ['nodes of any type', 'query ($id: ID!) { node(id: $id) { __typename id ... on Work { state } } }'],
    ['nothing', 'query { node(id: "none") { id } }'],
    ['the schema', '{ __schema { queryType { name } } __type(name: "Work") { fields { name } } }'],
    [
      'left-out fields',
      'query ($id: ID!, $no: Boolean = false) { work(id: $id) { id state @include(if: $no) hop @skip(if: $no) } }',
    ],
    [
      'a row that is not there',
      `{ work(id: "${encodeGlobalId('Work', '00000000-0000-4000-8000-00000000000f')}") { id } }`,
    ],
    ['an argument that breaks a rule', '{ works(first: 101) { totalCount } }'],
    ['an error beside data', '{ works { totalCount } project(id: "x") { id } }'],
  ])('%s', async (_what, query) => {
    const all = await answers(query, query.includes('$id') ? { id } : {});
    expectAlike(all);
    expect(all[0]?.data ?? all[0]?.errors).toBeDefined();
  });

  test('without a key, and without the scope', async () => {
    const query = '{ works { totalCount } }';
    const unscoped = await api.keyWith(tenant.tenantId, ['work:write']);
    for (const [key, code] of [
      ['none', 'UNAUTHENTICATED'],
      [unscoped, 'FORBIDDEN'],
    ] as const) {
      const all = await answers(query, {}, key);
      expectAlike(all);
      expect(all.at(-1)?.errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    }
  });

  test('a bug, masked and logged', async () => {
    const query = 'query ($id: ID!) { bug: work(id: $id) { id } }';
    const all = await answers(query, { id }, tenant.apiKey, () => {
      domain.bug = new Error('secret');
    });
    expectAlike(all);
    expect(all.at(-1)?.errors).toMatchObject([{ path: ['bug'], extensions: { code: 'INTERNAL' } }]);
    const requestId = all.at(-1)?.errors?.[0]?.extensions.requestId;
    expect(api.logs.filter((line) => line['requestId'] === requestId && line['level'] === 50)).toEqual([
      expect.objectContaining({ err: expect.objectContaining({ message: 'secret' }) }),
    ]);
  });
});

test('each operation of a document is compiled for itself', async () => {
  const query = 'query A { works { totalCount } } query B { node(id: "none") { id } }';
  for (let time = 1; time <= TIMES; time += 1) {
    for (const [operationName, field] of [
      ['A', 'works'],
      ['B', 'node'],
    ] as const) {
      const answer = (await (await api.post({ query, operationName }, tenant.apiKey)).json()) as Answer;
      expect(Object.keys(answer.data ?? {})).toEqual([field]);
    }
  }
});
