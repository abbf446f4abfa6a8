import { keccak256, stringToBytes } from 'viem';
import { encodeGlobalId } from '../../../schema/global-id';
import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { TestApi, type TestTenant } from './support/test-api';

const CREATE = `mutation ($input: CreateProjectInput!) {
  createProject(input: $input) { project { id name scriptHash editionCap metadata traits dependencies { name } createdAt } }
}`;
const PAGE = `query ($first: Int, $after: String) {
  projects(first: $first, after: $after) { totalCount edges { cursor node { id name } } pageInfo { hasNextPage hasPreviousPage endCursor } }
}`;

const INPUT = {
  name: 'Tides',
  artistName: 'Ada',
  artistAccount: 'eip155:11155111:0x52908400098527886E0F7030069857D2E4169EE7',
  script: 'draw()',
  editionCap: 100,
  royaltyBps: 500,
  licence: 'CC-BY-4.0',
};

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
});

const countProjects = async () =>
  withClient(api.database.adminUrl, async (client) => {
    const { rows } = await client.query('select count(*)::int as n from projects where tenant_id = $1', [
      tenant.tenantId,
    ]);
    return rows[0].n;
  });

describe('createProject', () => {
  test('stores the project, pins its script by hash, and reads back by id and as a node', async () => {
    const { createProject } = await api.ask(CREATE, { input: INPUT }, tenant.apiKey);
    expect(createProject.project).toMatchObject({
      name: 'Tides',
      scriptHash: keccak256(stringToBytes('draw()')),
      editionCap: 100,
      metadata: {},
      dependencies: [],
    });
    const { id } = createProject.project;
    const read = await api.ask(
      'query ($id: ID!) { project(id: $id) { id name } node(id: $id) { __typename id ... on Project { name } } }',
      { id },
      tenant.apiKey,
    );
    expect(read).toEqual({
      project: { id, name: 'Tides' },
      node: { __typename: 'Project', id, name: 'Tides' },
    });
    expect(await countProjects()).toBe(1);
  });

  test.each([
    ['name', { name: '  ' }],
    ['name', { name: 'a\0b' }],
    ['name', { name: 'x'.repeat(201) }],
    ['script', { script: '' }],
    ['script', { script: 'half \ud800' }],
    ['editionCap', { editionCap: 0 }],
    ['royaltyBps', { royaltyBps: 10_001 }],
    ['dependencies.0.hash', { dependencies: [{ name: 'p5', version: '1', hash: '0x12' }] }],
    ['metadata', { metadata: [] }],
    ['metadata', { metadata: { note: 'a\0b' } }],
    ['traits', { traits: JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`) }],
  ])('refuses a wrong %s, names the field and stores nothing', async (field, wrong) => {
    const { data, errors } = await api.send(CREATE, { input: { ...INPUT, ...wrong } }, tenant.apiKey);
    expect(data).toBeNull();
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(`${field}: `),
        extensions: { code: 'BAD_USER_INPUT', retryable: false, field },
      }),
    ]);
    expect(await countProjects()).toBe(0);
  });

  test('refuses an oversized document with a code of its own', async () => {
    const metadata = { note: 'x'.repeat(1_048_577) };
    const { errors } = await api.send(CREATE, { input: { ...INPUT, metadata } }, tenant.apiKey);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['METADATA_TOO_LARGE']);
  });

  test.each([
    ['eip155:11155111', 'no address'],
    ['eip155:11155111:0x1234', 'too short an address'],
    ['eip155:11155111:0x52908400098527886E0F7030069857D2E4169Ee7', 'a wrong checksum'],
  ])('refuses the account %s (%s), as a variable and in the text of the query', async (artistAccount) => {
    const asVariable = await api.send(CREATE, { input: { ...INPUT, artistAccount } }, tenant.apiKey);
    expect(asVariable.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);

    const asLiteral = await api.send(
      `mutation { createProject(input: { name: "n", artistName: "a", artistAccount: "${artistAccount}", script: "s",
         editionCap: 1, royaltyBps: 0, licence: "l" }) { project { id } } }`,
      {},
      tenant.apiKey,
    );
    expect(asLiteral.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(await countProjects()).toBe(0);
  });

  test('needs a key, and one with the scope', async () => {
    const reader = await api.keyWith(tenant.tenantId, ['read']);
    const answers = await Promise.all([
      api.send(CREATE, { input: INPUT }),
      api.send(CREATE, { input: INPUT }, reader),
    ]);
    expect(answers.map(({ errors }) => errors?.map(({ extensions }) => extensions.code))).toEqual([
      ['UNAUTHENTICATED'],
      ['FORBIDDEN'],
    ]);
    expect(await countProjects()).toBe(0);
  });
});

describe('projects', () => {
  const create = async (name: string) => {
    const { createProject } = await api.ask(CREATE, { input: { ...INPUT, name } }, tenant.apiKey);
    return createProject.project.id as string;
  };

  test('reads every project once, newest first, though others arrive meanwhile', async () => {
    for (const name of ['1', '2', '3', '4', '5']) await create(name);

    const names: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page += 1) {
      const { projects }: { projects: Answers } = await api.ask(PAGE, { first: 2, after }, tenant.apiKey);
      names.push(...projects.edges.map(({ node }) => node.name));
      expect(projects.pageInfo).toMatchObject({ hasNextPage: page < 2, hasPreviousPage: page > 0 });
      expect(projects.totalCount).toBe(5 + page);
      after = projects.pageInfo.endCursor;
      await create(`late ${page}`);
    }
    expect(names).toEqual(['5', '4', '3', '2', '1']);
  });

  test.each([
    ['after', { after: 'nonsense' }],
    ['after', { after: Buffer.from('["2026-13-01T00:00:00Z","x"]').toString('base64url') }],
    ['first', { first: 0 }],
    ['first', { first: 101 }],
    ['first', { first: -1 }],
  ])('refuses a wrong %s: %j', async (field, page) => {
    const { errors } = await api.send(PAGE, page, tenant.apiKey);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'BAD_USER_INPUT', retryable: false, field },
    ]);
  });

  test("another tenant's projects are neither listed nor counted, and read as not found", async () => {
    const id = await create('mine');
    const stranger = await api.tenant();
    const { data, errors } = await api.send(
      `query ($id: ID!) { projects { totalCount edges { node { id } } } node(id: $id) { id } }`,
      { id },
      stranger.apiKey,
    );
    expect({ data, errors }).toEqual({
      data: { projects: { totalCount: 0, edges: [] }, node: null },
      errors: undefined,
    });
    const byId = await api.send('query ($id: ID!) { project(id: $id) { id } }', { id }, stranger.apiKey);
    expect(byId.errors?.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND']);
  });

  test('an id of another type is refused by name', async () => {
    const id = encodeGlobalId('Work', '00000000-0000-4000-8000-000000000000');
    const { errors } = await api.send('query ($id: ID!) { project(id: $id) { id } }', { id }, tenant.apiKey);
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'id: must be the id of a Project',
        extensions: { code: 'BAD_USER_INPUT', retryable: false, field: 'id' },
      }),
    ]);
  });
});

interface Answers {
  readonly totalCount: number;
  readonly edges: readonly { readonly node: { readonly name: string } }[];
  readonly pageInfo: { readonly endCursor: string | null };
}
