import { ProjectService } from '../../../domain/registry/project-service';
import { TenancyService } from '../../../domain/tenancy/tenancy-service';
import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { sampleProjectInput } from './support/operations';
import { type Answer, TestApi, type TestTenant } from './support/test-api';

const CREATE = `mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id name } } }`;
const TWO = `mutation ($one: CreateProjectInput!, $two: CreateProjectInput!) {
  one: createProject(input: $one) { project { id } }
  two: createProject(input: $two) { project { id } }
}`;
const named = (name: string) => ({ input: { ...sampleProjectInput, name } });

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
});
afterEach(() => {
  jest.restoreAllMocks();
});

interface Sent extends Answer {
  readonly status: number;
  readonly headers: Headers;
}

async function send(
  key: string,
  variables: object,
  { apiKey = tenant.apiKey, query = CREATE } = {},
): Promise<Sent> {
  const response = await api.post({ query, variables }, apiKey, {
    accept: 'application/graphql-response+json',
    'idempotency-key': key,
  });
  // CAST: the endpoint answers GraphQL's own shape.
  return { ...((await response.json()) as Answer), status: response.status, headers: response.headers };
}

const sql = (text: string, values: unknown[] = []) =>
  withClient(api.database.adminUrl, async (client) => (await client.query(text, values)).rows);
const projectCount = async ({ tenantId } = tenant) =>
  (await sql('select count(*)::int as n from projects where tenant_id = $1', [tenantId]))[0].n;
const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions.code;
const lapse = () =>
  sql("update idempotency_keys set lease_until = now() - interval '1 s' where answer is null");

/** Something that a test waits for. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('a mutation with an Idempotency-Key', () => {
  test('is carried out once, and answered the same each time', async () => {
    const first = await send('a', named('One'));
    const again = await send('a', named('One'));
    expect(first.data.createProject.project.name).toBe('One');
    expect(again.data).toEqual(first.data);
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await projectCount()).toBe(1);
  });

  test('is refused with another body, and nothing is done', async () => {
    await send('a', named('One'));
    const other = await send('a', named('Two'));
    expect([other.status, codeOf(other)]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await projectCount()).toBe(1);
  });

  test('the order of the fields of its variables does not matter', async () => {
    const { input } = named('One');
    await send('a', { input });
    const turned = Object.fromEntries(Object.entries(input).reverse());
    expect((await send('a', { input: turned })).errors).toBeUndefined();
    expect(await projectCount()).toBe(1);
  });

  test('another key of the tenant is not shown the answer', async () => {
    await send('a', named('One'));
    const reader = await api.keyWith(tenant.tenantId, ['read']);
    expect(codeOf(await send('a', named('One'), { apiKey: reader }))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('keys of different tenants never meet', async () => {
    const other = await api.tenant();
    const [mine, theirs] = [
      await send('a', named('One')),
      await send('a', named('Two'), { apiKey: other.apiKey }),
    ];
    expect(theirs.data.createProject.project.name).toBe('Two');
    expect(theirs.data.createProject.project.id).not.toBe(mine.data.createProject.project.id);
    expect([await projectCount(), await projectCount(other)]).toEqual([1, 1]);
  });

  test('of many at the same time one is carried out; the others conflict or get its answer', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => send('race', named('One'))));
    const ids = answers.flatMap(({ data }) => data?.createProject.project.id ?? []);
    const refused = answers.filter(({ errors }) => errors !== undefined);
    expect(new Set(ids).size).toBe(1);
    expect(refused.map((answer) => [answer.status, codeOf(answer)])).toEqual(
      refused.map(() => [409, 'IDEMPOTENCY_IN_PROGRESS']),
    );
    for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await projectCount()).toBe(1);
  });

  test('a refusal is answered again as it was', async () => {
    const first = await send('a', named(''));
    const again = await send('a', named(''));
    expect([codeOf(first), codeOf(again)]).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  test('an operation over a limit takes up no key', async () => {
    const fields = Array.from(
      { length: 3 },
      (_, i) => `a${i}: createProject(input: $input) { project { id } }`,
    );
    const deep = { input: { ...named('One').input, traits: JSON.parse('['.repeat(200) + ']'.repeat(200)) } };
    const query = `mutation ($input: CreateProjectInput!) { ${fields.join(' ')} }`;
    expect(codeOf(await send('a', deep, { query }))).toBe('BAD_USER_INPUT');
    expect((await send('a', named('One'))).errors).toBeUndefined();
  });

  test.each(['é', 'two words', 'x'.repeat(256)])('the key %p is refused', async (key) => {
    const answer = await send(key, named('One'));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
    expect(await projectCount()).toBe(0);
  });

  test('a query pays no attention to it', async () => {
    const query = '{ projects { totalCount } }';
    await send('a', {}, { query });
    expect((await send('a', named('One'))).errors).toBeUndefined();
    expect((await send('a', {}, { query })).data).toEqual({ projects: { totalCount: 1 } });
  });

  test('without a good API key no row is made', async () => {
    expect(codeOf(await send('a', named('One'), { apiKey: 'colophon_x' }))).toBe('UNAUTHENTICATED');
    expect(await sql('select * from idempotency_keys where tenant_id = $1', [tenant.tenantId])).toEqual([]);
  });
});

describe('after something went wrong', () => {
  /** Makes the service fail once: before it has done anything, or after. */
  function failOnce(when: 'before' | 'after', error: Error): void {
    const create = ProjectService.prototype.create;
    jest.spyOn(ProjectService.prototype, 'create').mockImplementationOnce(async function (
      this: ProjectService,
      ...args
    ) {
      if (when === 'after') await create.apply(this, args);
      throw error;
    });
  }

  test.each(['before', 'after'] as const)(
    'a failure %s the effect may be tried again, and is done once',
    async (when) => {
      failOnce(when, new Error('a bug'));
      expect(codeOf(await send('a', named('One')))).toBe('INTERNAL');
      expect(await projectCount()).toBe(when === 'after' ? 1 : 0);
      const again = await send('a', named('One'));
      const rows = await sql('select name from projects where tenant_id = $1', [tenant.tenantId]);
      expect(again.data.createProject.project.name).toBe('One');
      expect(rows).toEqual([{ name: 'One' }]);
      expect((await send('a', named('One'))).data).toEqual(again.data);
    },
  );

  test('a try that was taken over commits nothing, also after the other has been answered', async () => {
    const create = ProjectService.prototype.create;
    const mayGoOn = gate();
    const begun = gate();
    jest.spyOn(ProjectService.prototype, 'create').mockImplementationOnce(async function (
      this: ProjectService,
      ...args
    ) {
      begun.open();
      await mayGoOn.opened; // a database or a process that stood still for longer than the lease
      return create.apply(this, args);
    });
    const late = send('a', named('One'));
    await begun.opened;
    await lapse();
    const { data } = await send('a', named('One'));
    mayGoOn.open();

    expect(codeOf(await late)).toBe('IDEMPOTENCY_IN_PROGRESS');
    expect(await projectCount()).toBe(1);
    expect((await send('a', named('One'))).data).toEqual(data);
  });

  test('a try that is taken over just as it commits is refused', async () => {
    const create = ProjectService.prototype.create;
    const [mayGoOn, begun] = [gate(), gate()];
    jest.spyOn(ProjectService.prototype, 'create').mockImplementationOnce(async function (
      this: ProjectService,
      ...args
    ) {
      begun.open();
      await mayGoOn.opened;
      return create.apply(this, args);
    });
    const late = send('a', named('One'));
    await begun.opened;
    await withClient(api.database.adminUrl, async (taker) => {
      const key = [tenant.tenantId];
      await taker.query('begin');
      await taker.query("select from idempotency_keys where tenant_id = $1 and key = 'a' for update", key);
      await taker.query("update idempotency_keys set claims = 2 where tenant_id = $1 and key = 'a'", key);
      mayGoOn.open();
      const waits = () => sql("select from pg_stat_activity where wait_event = 'transactionid'");
      while ((await waits()).length === 0);
      await taker.query('commit');
    });

    expect(codeOf(await late)).toBe('IDEMPOTENCY_IN_PROGRESS');
    expect(await projectCount()).toBe(0);
  });

  test('a crash between effect and answer: the next try answers what was done, and does it no second time', async () => {
    const create = ProjectService.prototype.create;
    const effect = gate();
    jest.spyOn(ProjectService.prototype, 'create').mockImplementationOnce(async function (
      this: ProjectService,
      ...args
    ) {
      await create.apply(this, args);
      effect.open();
      return new Promise(() => undefined); // the process is gone: no answer ever
    });
    const client = new AbortController();
    const lost = fetch(api.url, {
      method: 'POST',
      signal: client.signal,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tenant.apiKey}`,
        'idempotency-key': 'a',
      },
      body: JSON.stringify({ query: CREATE, variables: named('One') }),
    }).catch((error: unknown) => error);
    await effect.opened;
    client.abort();
    await lost;

    const early = await send('a', named('One'));
    expect(codeOf(early)).toBe('IDEMPOTENCY_IN_PROGRESS');
    // No caller waits for a dead process longer than that.
    expect(Number(early.headers.get('retry-after'))).toBeLessThanOrEqual(15);
    await lapse();
    const { data } = await send('a', named('One'));
    const rows = await sql('select name from projects where tenant_id = $1', [tenant.tenantId]);
    expect(rows).toEqual([{ name: 'One' }]);
    expect(await api.ask('{ projects { edges { node { id } } } }', {}, tenant.apiKey)).toEqual({
      projects: { edges: [{ node: { id: data.createProject.project.id } }] },
    });
  });

  test('a process that comes back late does nothing a second time', async () => {
    const create = ProjectService.prototype.create;
    const [begun, goOn] = [gate(), gate()];
    jest.spyOn(ProjectService.prototype, 'create').mockImplementationOnce(async function (
      this: ProjectService,
      ...args
    ) {
      begun.open();
      await goOn.opened;
      return create.apply(this, args);
    });
    const late = send('a', named('One'));
    await begun.opened;
    await lapse();
    // The other try must commit its step while this one still waits: hold its answer back as well.
    jest.spyOn(ProjectService.prototype, 'create').mockImplementationOnce(async function (
      this: ProjectService,
      ...args
    ) {
      const project = await create.apply(this, args);
      goOn.open();
      await late;
      return project;
    });
    const taken = await send('a', named('One'));
    expect(codeOf(await late)).toBe('IDEMPOTENCY_IN_PROGRESS');
    expect(taken.data.createProject.project.name).toBe('One');
    expect(await projectCount()).toBe(1);
  });

  test('of several mutations in one request, those that were done stay done', async () => {
    const variables = { one: named('One').input, two: named('Two').input };
    const create = ProjectService.prototype.create;
    jest.spyOn(ProjectService.prototype, 'create').mockImplementation(async function (
      this: ProjectService,
      tenantId,
      project,
    ) {
      if (project.name === 'Two') throw new Error('a bug');
      return create.call(this, tenantId, project);
    });
    await send('a', variables, { query: TWO });
    jest.restoreAllMocks();
    const { data } = await send('a', variables, { query: TWO });
    expect(Object.keys(data)).toEqual(['one', 'two']);
    expect(await projectCount()).toBe(2);
  });

  test('an expired key stands for nothing any more, and its row goes', async () => {
    await send('a', named('One'));
    await sql("update idempotency_keys set expires_at = now() - interval '1 s' where tenant_id = $1", [
      tenant.tenantId,
    ]);
    await send('b', named('Two'));
    const keys = await sql('select key from idempotency_keys where tenant_id = $1', [tenant.tenantId]);
    expect(keys).toEqual([{ key: 'b' }]);
    expect((await send('a', named('Three'))).errors).toBeUndefined();
    expect(await projectCount()).toBe(3);
  });
});

describe('what is stored', () => {
  test('lasts more than a day, and holds no step once the answer is there', async () => {
    await send('a', named('One'));
    const [row] = await sql(
      "select expires_at > now() + interval '24 h' as lasting from idempotency_keys where tenant_id = $1",
      [tenant.tenantId],
    );
    expect(row).toEqual({ lasting: true });
    expect(await sql('select * from idempotency_steps where tenant_id = $1', [tenant.tenantId])).toEqual([]);
  });

  test('is no bare hash of what was asked, against which passwords could be tried; one of an older release still counts', async () => {
    await send('a', named('One'));
    await send('b', named('One'));
    const rows = await sql(
      'select fingerprint_key_id is not null as is_sealed, fingerprint from idempotency_keys where tenant_id = $1',
      [tenant.tenantId],
    );
    expect(rows.map((row: { is_sealed: boolean }) => row.is_sealed)).toEqual([true, true]);
    expect(rows[0].fingerprint).not.toEqual(rows[1].fingerprint);

    await sql(
      "update idempotency_keys set fingerprint_key_id = null, fingerprint = sha256('x') where tenant_id = $1",
      [tenant.tenantId],
    );
    expect(codeOf(await send('a', named('One')))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('the operator’s mutations are idempotent too, and the key that they show is not readable', async () => {
    const query = 'mutation { createTenant(input: { name: "Once" }) { tenant { tenantId } apiKey } }';
    const failed = jest
      .spyOn(TenancyService.prototype, 'createTenant')
      .mockImplementationOnce(async function (this: TenancyService, name) {
        failed.mockRestore();
        await this.createTenant(name);
        throw new Error('a bug after the fact');
      });
    await send('op', {}, { query, apiKey: api.operatorKey });
    const first = await send('op', {}, { query, apiKey: api.operatorKey });
    const again = await send('op', {}, { query, apiKey: api.operatorKey });
    expect(again.data).toEqual(first.data);
    expect(await sql("select count(*)::int as n from tenants where name = 'Once'")).toEqual([{ n: 1 }]);
    expect(await api.ask('{ me { tenant { name } } }', {}, first.data.createTenant.apiKey)).toEqual({
      me: { tenant: { name: 'Once' } },
    });
    const stored = JSON.stringify(
      await sql("select encode(answer, 'escape') as a from idempotency_keys where key = 'op'"),
    );
    expect(stored).not.toContain(first.data.createTenant.apiKey);
  });
});
