import { notifyChanged } from '../../../domain/events/change-notifier';
import { encodeGlobalId } from '../../../schema/global-id';
import { projectIdSchema, type TenantId } from '../../../schema/ids';
import type { Dispatch } from '../../../schema/types/dispatch';
import type { Work } from '../../../schema/types/work';
import { openDataSource } from '../../../tenants/data-source';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { sampleDispatch, sampleRegistry, sampleWork } from './support/samples';
import { TestApi, type TestSubscription, type TestTenant } from './support/test-api';

const WORK = 'subscription ($id: ID!) { workUpdated(workId: $id) { id hop registry { name } } }';
const DISPATCH = 'subscription ($id: ID) { dispatchUpdated(dispatchId: $id) { id state } }';
const DISPATCHES_OF = 'subscription ($id: ID) { dispatchUpdated(workId: $id) { id state work { hop } } }';

const domain = new FakeDomain();
let api: TestApi;
let pool: Awaited<ReturnType<typeof openDataSource>>;
let database: TenantDatabase;
let tenant: TestTenant;
let work: Work;
const open: TestSubscription[] = [];

beforeAll(async () => {
  api = await TestApi.start(domain);
  pool = await openDataSource({ url: api.database.appUrl, poolSize: 2, applicationName: 'test' });
  database = new TenantDatabase(pool);
});
afterAll(async () => {
  await pool.destroy();
  await api.stop();
});
beforeEach(async () => {
  tenant = await api.tenant();
  work = addWork(tenant.tenantId);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((subscription) => subscription.close()));
});

function addWork(tenantId: TenantId): Work {
  const projectId = projectIdSchema.parse('00000000-0000-4000-8000-000000000001');
  return domain.works.put(tenantId, sampleWork(domain.registries.put(tenantId, sampleRegistry(projectId))));
}

function subscribe(query: string, id: string, apiKey = tenant.apiKey): TestSubscription {
  const subscription = api.subscribe(query, { id }, apiKey);
  open.push(subscription);
  return subscription;
}

/** Changes a row as a service does: the row, and in the same transaction the notification. */
async function changeWork(change: Partial<Work>): Promise<void> {
  work = domain.works.put(tenant.tenantId, { ...work, ...change });
  await database.transaction(tenant.tenantId, (tx) => notifyChanged(tx, 'Work', work.id));
}

async function putDispatch(dispatch: Dispatch): Promise<Dispatch> {
  domain.dispatches.put(tenant.tenantId, dispatch);
  await database.transaction(tenant.tenantId, (tx) => notifyChanged(tx, 'Dispatch', dispatch.id));
  return dispatch;
}

const workId = () => encodeGlobalId('Work', work.id);
const hop = (n: number) => ({ data: { workUpdated: expect.objectContaining({ hop: n }) } });

describe('workUpdated', () => {
  test('yields the work as it is, then after each committed change, with fresh field resolvers', async () => {
    const updates = subscribe(WORK, workId());
    expect(await updates.next()).toEqual({
      data: { workUpdated: { id: workId(), hop: 0, registry: { name: 'Tides' } } },
    });

    const registry = await domain.registries.get(tenant.tenantId, work.registryId);
    domain.registries.put(tenant.tenantId, { ...registry, name: 'Renamed' });
    await changeWork({ hop: 1 });
    expect(await updates.next()).toEqual({
      data: { workUpdated: { id: workId(), hop: 1, registry: { name: 'Renamed' } } },
    });
  });

  test('yields nothing for a rolled-back change, another work, another tenant, or a repeat', async () => {
    const updates = subscribe(WORK, workId());
    await updates.next();

    const abandoned = database.transaction(tenant.tenantId, async (tx) => {
      await notifyChanged(tx, 'Work', work.id);
      throw new Error('abandoned');
    });
    await expect(abandoned).rejects.toThrow('abandoned');
    const stranger = await api.tenant();
    await database.transaction(stranger.tenantId, (tx) => notifyChanged(tx, 'Work', work.id));
    const other = addWork(tenant.tenantId);
    await database.transaction(tenant.tenantId, (tx) => notifyChanged(tx, 'Work', other.id));
    await changeWork({});
    await changeWork({ hop: 2 });
    expect(await updates.next()).toEqual(hop(2));
  });

  test('goes on through a suspension of the tenant: it only reads', async () => {
    const updates = subscribe(WORK, workId());
    await updates.next();
    const suspend =
      'mutation ($input: SuspendTenantInput!) { suspendTenant(input: $input) { tenant { state } } }';
    await api.ask(suspend, { input: { tenantId: tenant.tenantId, reason: 'not paid' } }, api.operatorKey);
    await changeWork({ hop: 1 });
    expect(await updates.next()).toEqual(hop(1));
  });

  test('gives a client that reads slowly the newest state, not a backlog', async () => {
    const updates = subscribe(WORK, workId());
    await updates.next();
    for (let n = 1; n <= 50; n += 1) await changeWork({ hop: n });
    const seen: number[] = [];
    while (seen.at(-1) !== 50) seen.push((await updates.next())?.data.workUpdated.hop);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });

  test('reads afresh after the connection to the database was lost', async () => {
    const updates = subscribe(WORK, workId());
    await updates.next();
    // Changed without a notification: only the fresh reading can tell.
    work = domain.works.put(tenant.tenantId, { ...work, hop: 7 });
    await withClient(api.database.adminUrl, (admin) =>
      admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'colophon-changes' and datname = current_database()",
      ),
    );
    expect(await updates.next()).toEqual(hop(7));
    await changeWork({ hop: 8 });
    expect(await updates.next()).toEqual(hop(8));
  });

  test.each([
    ['revoked', 'update api_keys set revoked_at = now() where tenant_id = $1'],
    ['erased', 'delete from api_keys where tenant_id = $1'],
  ])('ends with UNAUTHENTICATED when its key is %s, though nothing else changes', async (_how, statement) => {
    const updates = subscribe(WORK, workId());
    await updates.next();
    await withClient(api.database.adminUrl, (admin) => admin.query(statement, [tenant.tenantId]));
    await expect(updates.next()).rejects.toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) }),
    ]);
  });

  test('ends with a masked error when a reading fails', async () => {
    const updates = subscribe(WORK, workId());
    await updates.next();
    domain.bug = new Error('a secret');
    await changeWork({ hop: 1 });
    await expect(updates.next()).rejects.toEqual([
      {
        message: 'Something went wrong on our side.',
        extensions: { code: 'INTERNAL', requestId: expect.any(String) },
      },
    ]);
  });
});

describe('dispatchUpdated', () => {
  test('follows one dispatch', async () => {
    const dispatch = await putDispatch(sampleDispatch(work));
    const updates = subscribe(DISPATCH, encodeGlobalId('Dispatch', dispatch.id));
    const id = encodeGlobalId('Dispatch', dispatch.id);
    expect(await updates.next()).toEqual({ data: { dispatchUpdated: { id, state: 'REQUESTED' } } });
    await putDispatch(sampleDispatch(work));
    await putDispatch({ ...dispatch, state: 'SENT' });
    expect(await updates.next()).toEqual({ data: { dispatchUpdated: { id, state: 'SENT' } } });
  });

  test('follows every dispatch of a work, also one that begins later, and no other work’s', async () => {
    const first = await putDispatch(sampleDispatch(work));
    const updates = subscribe(DISPATCHES_OF, workId());
    const update = (dispatch: Dispatch) => ({
      data: {
        dispatchUpdated: {
          id: encodeGlobalId('Dispatch', dispatch.id),
          state: dispatch.state,
          work: { hop: 0 },
        },
      },
    });
    expect(await updates.next()).toEqual(update(first));
    await putDispatch(sampleDispatch(addWork(tenant.tenantId)));
    const second = await putDispatch(sampleDispatch(work));
    expect(await updates.next()).toEqual(update(second));
    const sent = await putDispatch({ ...first, state: 'SENT' });
    expect(await updates.next()).toEqual(update(sent));
  });

  test.each([
    ['neither', ''],
    ['both', '(dispatchId: "a", workId: "b")'],
  ])('wants a dispatch or a work, not %s', async (_case, args) => {
    const updates = subscribe(`subscription { dispatchUpdated${args} { id } }`, 'unused');
    expect((await updates.next())?.errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) }),
    ]);
  });
});

describe('any subscription', () => {
  const operations = () => [
    [WORK, workId()] as const,
    [DISPATCHES_OF, workId()] as const,
    [
      DISPATCH,
      encodeGlobalId('Dispatch', domain.dispatches.put(tenant.tenantId, sampleDispatch(work)).id),
    ] as const,
  ];
  const codeOf = async (subscription: TestSubscription) =>
    (await subscription.next())?.errors?.[0]?.extensions.code;

  test('to a foreign row is not found, without a key unauthenticated, without the scope forbidden', async () => {
    const stranger = await api.tenant();
    const writer = await api.keyWith(tenant.tenantId, ['dispatch:write']);
    for (const [query, id] of operations()) {
      expect([
        await codeOf(subscribe(query, id, stranger.apiKey)),
        await codeOf(subscribe(query, id, '')),
        await codeOf(subscribe(query, id, writer)),
      ]).toEqual(['NOT_FOUND', 'UNAUTHENTICATED', 'FORBIDDEN']);
    }
  });

  test('ends when the server stops, and the server does not wait for it', async () => {
    const ownDomain = new FakeDomain();
    const own = await TestApi.start(ownDomain);
    const { tenantId, apiKey } = await own.tenant();
    const registry = sampleRegistry(projectIdSchema.parse('00000000-0000-4000-8000-000000000001'));
    ownDomain.registries.put(tenantId, registry);
    const { id } = ownDomain.works.put(tenantId, sampleWork(registry));
    const updates = own.subscribe(WORK, { id: encodeGlobalId('Work', id) }, apiKey);
    await updates.next();
    const ended = updates.next().then(
      () => 'completed',
      () => 'closed',
    );
    await own.stop();
    expect(await ended).toBe('closed');
    await updates.close();
  });
});
