import { ColophonClient, ColophonError, graphql, type RetryOptions } from '../../../packages/client/src';
import { FakeDomain } from './support/fake-domain';
import { TestApi, type TestTenant } from './support/test-api';

const QUICK: RetryOptions = { attempts: 3, firstDelayMs: 1, maxDelayMs: 2_000 };
const CREATE = graphql(`
  mutation Create($input: CreateProjectInput!) {
    createProject(input: $input) {
      project {
        id
        name
        createdAt
      }
    }
  }
`);
const PROJECTS = graphql(`
  query Projects($after: String, $first: Int!) {
    projects(first: $first, after: $after, order: OLDEST_FIRST) {
      totalCount
      edges {
        node {
          name
          artistAccount
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
const ME = graphql('query Me { me { scopes tenant { name } } }');

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant('Gallery');
});

const input = (name: string) => ({
  name,
  artistName: 'Ada',
  artistAccount: 'eip155:1:0x52908400098527886E0F7030069857D2E4169EE7',
  script: 'draw()',
  editionCap: 10,
  royaltyBps: 500,
  licence: 'CC0-1.0',
});

/** What stands between client and server: each call goes through the next of these, then straight. */
type Hop = (send: () => Promise<Response>) => Promise<Response>;

function clientBehind(hops: readonly Hop[] = [], retry = QUICK, apiKey = tenant.apiKey) {
  const keys: (string | null)[] = [];
  const waiting = [...hops];
  const client = new ColophonClient({
    url: api.url,
    apiKey,
    retry,
    fetch: async (url, init) => {
      keys.push(new Headers(init?.headers).get('idempotency-key'));
      const send = () => fetch(url, init);
      const hop = waiting.shift();
      return hop === undefined ? send() : hop(send);
    },
  });
  return { client, keys };
}

const cut: Hop = () => Promise.reject(new TypeError('the connection was cut'));
const loseTheAnswer: Hop = async (send) => {
  await send();
  throw new TypeError('the connection was cut');
};
const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Hop =>
  async () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
const refusal = (code: string) => ({ errors: [{ message: code, extensions: { code } }] });

const countProjects = async () =>
  (await clientBehind().client.request(PROJECTS, { first: 1 })).projects.totalCount;

test('an operation answers what its text asks for, in its types', async () => {
  const { client, keys } = clientBehind();
  const { me } = await client.request(ME);
  const name: string = me.tenant.name;
  expect(name).toBe('Gallery');
  const { createProject } = await client.request(CREATE, { input: input('Tides') });
  expect(createProject.project.name).toBe('Tides');
  expect(Date.parse(createProject.project.createdAt)).not.toBeNaN();
  // @ts-expect-error the API has no such field
  expect(createProject.project.title).toBeUndefined();
  expect(keys).toEqual([null, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
});

test('a mutation whose answer was lost is sent again under its key, and carried out once', async () => {
  const { client, keys } = clientBehind([loseTheAnswer, cut]);
  const { createProject } = await client.request(CREATE, { input: input('Once') });
  expect(createProject.project.name).toBe('Once');
  expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
  expect(await countProjects()).toBe(1);
});

test('two requests of the same name by its caller are one, also from another client', async () => {
  const options = { idempotencyKey: 'order-7' };
  const one = await clientBehind().client.request(CREATE, { input: input('Once') }, options);
  const other = await clientBehind().client.request(CREATE, { input: input('Once') }, options);
  expect(other).toEqual(one);
  expect(await countProjects()).toBe(1);
});

test('what passes is waited for, as long as the server asks', async () => {
  const busy = answer(429, refusal('RATE_LIMITED'), { 'retry-after': '1' });
  const { client, keys } = clientBehind([busy, answer(503, 'upstream is away')]);
  const begun = Date.now();
  expect((await client.request(ME)).me.tenant.name).toBe('Gallery');
  expect(Date.now() - begun).toBeGreaterThanOrEqual(1_000);
  expect(keys).toHaveLength(3);
});

test('what is refused is thrown with its code, field and request, and not sent again', async () => {
  const { client, keys } = clientBehind();
  const refused = client.request(CREATE, { input: input('') });
  await expect(refused).rejects.toBeInstanceOf(ColophonError);
  await expect(refused).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    retryable: false,
    errors: [{ extensions: { field: 'name' } }],
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(keys).toHaveLength(1);
  const stranger = clientBehind([], QUICK, 'colophon_unknown');
  await expect(stranger.client.request(ME)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('what passes is given up after the last try, and at once if the server asks for too long', async () => {
  const dead = clientBehind([cut, cut, cut, cut]);
  await expect(dead.client.request(ME)).rejects.toMatchObject({
    name: 'ColophonConnectionError',
    cause: expect.any(TypeError),
  });
  expect(dead.keys).toHaveLength(3);
  const later = clientBehind([answer(429, refusal('RATE_LIMITED'), { 'retry-after': '60' })]);
  await expect(later.client.request(ME)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(later.keys).toHaveLength(1);
  const odd = clientBehind([answer(200, '<html>'), answer(404, { status: 404 })]);
  await expect(odd.client.request(ME)).rejects.toThrow('HTTP 200');
  await expect(odd.client.request(ME)).rejects.toThrow('HTTP 404');
});

test('whoever has enough can stop it, between two tries too', async () => {
  const { client, keys } = clientBehind([cut], { attempts: 3, firstDelayMs: 60_000, maxDelayMs: 60_000 });
  const enough = new AbortController();
  const asked = client.request(ME, {}, { signal: enough.signal });
  setTimeout(() => enough.abort(new Error('enough')), 50);
  await expect(asked).rejects.toThrow('enough');
  await expect(client.request(ME, {}, { signal: enough.signal })).rejects.toThrow('enough');
  expect(keys).toHaveLength(1);
});

test('a list is read to its end, a page at a time, and no further than is taken', async () => {
  const { client, keys } = clientBehind();
  const names = Array.from({ length: 7 }, (_, index) => `Project ${index}`);
  for (const name of names) await client.request(CREATE, { input: input(name) });
  keys.length = 0;
  const read: string[] = [];
  for await (const { name } of client.nodes(PROJECTS, { first: 3 }, ({ projects }) => projects))
    read.push(name);
  expect(read).toEqual(names);
  expect(keys).toHaveLength(3);
  for await (const { name } of client.nodes(PROJECTS, { first: 3 }, ({ projects }) => projects)) {
    expect(name).toBe(names[0]);
    break;
  }
  expect(keys).toHaveLength(4);
});

test('the package as it is published has the same to offer', async () => {
  const published = await import('@colophon/client');
  expect(Object.keys(published).sort()).toEqual([
    'ColophonClient',
    'ColophonConnectionError',
    'ColophonError',
    'graphql',
  ]);
  const client = new published.ColophonClient({ url: api.url, apiKey: tenant.apiKey });
  const { me } = await client.request(published.graphql('query { me { tenant { name } } }'));
  expect(me.tenant.name).toBe('Gallery');
});
