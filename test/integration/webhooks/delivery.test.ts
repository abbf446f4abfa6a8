import { type CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { MAX_ATTEMPTS } from '../../../domain/webhooks/retry-schedule';
import { InProcessQueue } from '../../../workers/queue/in-process-queue';
import { gate, silent } from '../queue/harness';
import { plain, type TestEndpoint, WebhookHarness, workKey } from './harness';
import { Receiver } from './receiver';

let h: WebhookHarness;
let receiver: Receiver;
let endpoint: TestEndpoint;
const receivers: Receiver[] = [];

beforeAll(async () => {
  h = await WebhookHarness.create();
});
afterAll(() => h.destroy());
beforeEach(async () => {
  receiver = await startReceiver();
  endpoint = await h.endpoint(await h.tenant(), receiver.url);
});
afterEach(async () => {
  await h.stopWorkers();
  await Promise.all(receivers.splice(0).map((one) => one.stop()));
});

async function startReceiver(): Promise<Receiver> {
  const started = await Receiver.start();
  receivers.push(started);
  return started;
}

const failing = (status: number, headers = {}) => ({ status, headers, body: `no: ${status}` });
const headersOf = (index: number) => receiver.received[index]?.headers as Record<string, string>;

describe('an event', () => {
  test('is verified by standardwebhooks and parsed by cloudevents, with the same id and body at each try', async () => {
    receiver.answer = (_received, nth) => (nth === 1 ? failing(500) : {});
    await h.publish(endpoint.tenantId, workKey(), 1);
    expect(await h.deliver(endpoint)).toBeGreaterThan(0);
    await h.pass(endpoint);
    expect(await h.deliver(endpoint)).toBeUndefined();

    expect(receiver.received).toHaveLength(2);
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
    expect(headersOf(1)['webhook-id']).toBe(headersOf(0)['webhook-id']);
    for (const index of [0, 1]) {
      const { body = '' } = receiver.received[index] ?? {};
      new Webhook(endpoint.secret).verify(body, headersOf(index));
      // CAST: one event is sent at a time, and the assertions below look at what is in it.
      const event = HTTP.toEvent({ headers: headersOf(index), body }) as CloudEvent<unknown>;
      expect(event).toMatchObject({
        id: headersOf(index)['webhook-id'],
        specversion: '1.0',
        source: `/tenants/${endpoint.tenantId}`,
        type: 'work.minted',
        finality: 'final',
        data: { n: 1 },
      });
      expect(event.validate()).toBe(true);
    }
  });

  test('goes out if its transaction commits, and leaves no trace if not', async () => {
    const abandoned = h.tenants.transaction(endpoint.tenantId, async (tx) => {
      await h.services.publisher.publish(tx, [plain(workKey(), 1)]);
      throw new Error('abandoned');
    });
    await expect(abandoned).rejects.toThrow('abandoned');
    await h.publish(endpoint.tenantId, workKey(), 2);
    await h.deliver(endpoint);
    expect(receiver.numbers).toEqual([2]);
    const { rows } = await h.admin.query('select 1 from webhook_events where tenant_id = $1', [
      endpoint.tenantId,
    ]);
    expect(rows).toHaveLength(1);
  });

  test('goes to the endpoints that want its type, of its own tenant alone', async () => {
    const [others, strangers] = [await startReceiver(), await startReceiver()];
    const other = await h.endpoint(endpoint.tenantId, others.url, ['dispatch.*', 'work.burned']);
    const stranger = await h.endpoint(await h.tenant(), strangers.url);
    await h.publish(endpoint.tenantId, workKey(), 1);
    await h.announce(endpoint.tenantId, { ...plain(workKey(), 2), type: 'work.burned' });
    for (const one of [endpoint, other, stranger]) await h.deliver(one);
    expect([receiver.numbers, others.numbers, strangers.numbers]).toEqual([[1, 2], [2], []]);
  });

  test('of a tenant without endpoints is not written', async () => {
    const tenantId = await h.tenant();
    await h.publish(tenantId, workKey(), 1);
    const { rows } = await h.admin.query('select 1 from webhook_events where tenant_id = $1', [tenantId]);
    expect(rows).toEqual([]);
  });

  test('that was sent and not written down, because the worker died, is sent again under the same id', async () => {
    const dying = new AbortController();
    receiver.answer = (_received, nth) => {
      if (nth === 1) dying.abort(new Error('the worker dies'));
      return {};
    };
    await h.publish(endpoint.tenantId, workKey(), 1, 2);
    await expect(h.deliver(endpoint, dying.signal)).rejects.toThrow('the worker dies');
    await h.deliver(endpoint);
    expect(receiver.numbers).toEqual([1, 1, 2]);
    expect(headersOf(1)['webhook-id']).toBe(headersOf(0)['webhook-id']);
    expect((await h.log(endpoint)).map(({ state, attempts }) => [state, attempts.length])).toEqual([
      ['DELIVERED', 1],
      ['DELIVERED', 1],
    ]);
  });
});

describe('order', () => {
  test('is kept per work while works go side by side: a work whose receiver fails waits alone', async () => {
    const [broken, sound] = [workKey(), workKey()];
    let isBroken = true;
    receiver.answer = ({ event }) => (isBroken && event.subject === broken ? failing(503) : {});
    await h.publish(endpoint.tenantId, broken, 1, 2);
    await h.publish(endpoint.tenantId, sound, 11, 12, 13);
    await h.publish(endpoint.tenantId, broken, 3);
    await h.deliver(endpoint);
    expect(receiver.numbers.filter((n) => n > 10)).toEqual([11, 12, 13]);
    expect(receiver.numbers.filter((n) => n < 10)).toEqual([1]);
    await h.deliver(endpoint);
    expect(receiver.received).toHaveLength(4);

    isBroken = false;
    await h.pass(endpoint);
    await h.deliver(endpoint);
    expect(receiver.numbers.filter((n) => n < 10)).toEqual([1, 1, 2, 3]);
    expect(await h.states(endpoint)).toEqual(Array(6).fill('DELIVERED'));
  });

  test('does not keep a work waiting for another one whose answer hangs', async () => {
    const [slow, quick] = [workKey(), workKey()];
    const released = gate();
    receiver.answer = async ({ event }) => {
      if (event.subject === slow) await released.opened;
      return {};
    };
    await h.publish(endpoint.tenantId, slow, 1, 2);
    await h.publish(endpoint.tenantId, quick, 11, 12, 13);
    const run = h.deliver(endpoint);
    await h.until('the other work is done', () => receiver.numbers.includes(13));
    expect(receiver.numbers).not.toContain(2);
    released.open();
    await run;
    expect(receiver.numbers.filter((n) => n < 10)).toEqual([1, 2]);
  });

  test('is that of the commits: who publishes second waits for who was first', async () => {
    const work = workKey();
    const { tenantId } = endpoint;
    const hold = gate();
    const published = gate();
    const first = h.tenants.transaction(tenantId, async (tx) => {
      await h.services.publisher.publish(tx, [plain(work, 1)]);
      published.open();
      await hold.opened;
    });
    await published.opened;
    const numbers = async () => {
      const { rows } = await h.admin.query('select last_value from webhook_deliveries_sequence_seq');
      return rows[0].last_value;
    };
    const drawn = await numbers();
    const second = h.publish(tenantId, work, 2);
    await h.until('the second waits', async () => {
      const { rows } = await h.admin.query(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      return rows.length === 1;
    });
    // It has drawn no number yet that a later commit of the first could fall behind.
    expect(await numbers()).toBe(drawn);
    await h.deliver(endpoint);
    hold.open();
    await Promise.all([first, second]);
    await h.deliver(endpoint);
    expect(receiver.numbers).toEqual([1, 2]);
  });
});

describe('a failure', () => {
  test('is tried again until the delivery is a dead letter, which no longer holds up its work', async () => {
    const work = workKey();
    receiver.answer = ({ event }) => (event.data.n === 1 ? failing(500) : {});
    await h.publish(endpoint.tenantId, work, 1, 2);
    for (let run = 0; run < MAX_ATTEMPTS; run += 1) {
      await h.deliver(endpoint);
      await h.pass(endpoint);
    }
    await h.deliver(endpoint);
    expect(receiver.numbers).toEqual([...Array(MAX_ATTEMPTS).fill(1), 2]);
    const [dead, delivered] = await h.log(endpoint);
    expect([dead?.state, delivered?.state]).toEqual(['DEAD', 'DELIVERED']);
    expect(
      dead?.attempts.map(({ number, statusCode, responseExcerpt }) => [number, statusCode, responseExcerpt]),
    ).toEqual(Array.from({ length: MAX_ATTEMPTS }, (_, index) => [index + 1, 500, 'no: 500']));
  });

  test('pauses an endpoint that fails at everything: then one delivery is tried before the others', async () => {
    receiver.answer = () => failing(500);
    for (let n = 1; n <= 30; n += 1) await h.publish(endpoint.tenantId, workKey(), n);
    expect(await h.deliver(endpoint)).toBeGreaterThan(5_000);
    const asked = receiver.received.length;
    expect(asked).toBeLessThan(25);
    expect(await h.deliver(endpoint)).toBeGreaterThan(5_000);
    expect(receiver.received).toHaveLength(asked);

    await h.pass(endpoint);
    await h.deliver(endpoint);
    expect(receiver.received).toHaveLength(asked + 1);

    receiver.answer = () => ({});
    await h.pass(endpoint);
    await h.deliver(endpoint);
    expect(await h.states(endpoint)).toEqual(Array(30).fill('DELIVERED'));
    const { failingSince } = await h.services.webhookEndpoints.get(endpoint.tenantId, endpoint.endpointId);
    expect(failingSince).toBeNull();
  });

  test.each([429, 503])(
    'with %i and Retry-After is not followed by anything before that time',
    async (status) => {
      receiver.answer = () => failing(status, { 'retry-after': '120' });
      await h.publish(endpoint.tenantId, workKey(), 1);
      const waitMs = (await h.deliver(endpoint)) ?? 0;
      expect(waitMs).toBeGreaterThan(115_000);
      await h.publish(endpoint.tenantId, workKey(), 2);
      expect(await h.deliver(endpoint)).toBeGreaterThan(115_000);
      expect(receiver.received).toHaveLength(1);
      const [delivery] = await h.log(endpoint);
      expect(delivery?.nextTryAt?.getTime()).toBeGreaterThan(Date.now() + 115_000);
    },
  );

  test('with 410 disables the endpoint, buries what waits and tells the tenant’s others', async () => {
    const others = await startReceiver();
    const other = await h.endpoint(endpoint.tenantId, others.url, ['tenant.*']);
    receiver.answer = () => failing(410);
    await h.publish(endpoint.tenantId, workKey(), 1, 2);
    expect(await h.deliver(endpoint)).toBeUndefined();
    await h.publish(endpoint.tenantId, workKey(), 3);
    await h.deliver(endpoint);
    expect(receiver.numbers).toEqual([1]);
    expect(await h.states(endpoint)).toEqual(['DEAD', 'DEAD']);
    const now = await h.services.webhookEndpoints.get(endpoint.tenantId, endpoint.endpointId);
    expect(now).toMatchObject({ enabled: false, disabledReason: expect.stringContaining('410') });
    await h.deliver(other);
    expect(others.received.map(({ event }) => [event.type, event.data.reason])).toEqual([
      ['tenant.webhook_disabled', now.disabledReason],
    ]);
  });

  test('that has gone on for 5 days disables the endpoint; one of 4 days does not', async () => {
    receiver.answer = () => failing(500);
    const since = (days: number) =>
      h.admin.query(
        `update webhook_endpoints set failing_since = now() - $2 * interval '1 day' where id = $1`,
        [endpoint.endpointId, days],
      );
    const isEnabled = async () =>
      (await h.services.webhookEndpoints.get(endpoint.tenantId, endpoint.endpointId)).enabled;
    await h.publish(endpoint.tenantId, workKey(), 1);
    await since(4);
    await h.deliver(endpoint);
    expect(await isEnabled()).toBe(true);
    await since(5);
    await h.pass(endpoint);
    await h.deliver(endpoint);
    expect(await isEnabled()).toBe(false);
    expect(await h.states(endpoint)).toEqual(['DEAD']);
  });
});

describe('with workers', () => {
  test('a receiver that hangs delays no other, of its own tenant or another', async () => {
    const [quick, strangers] = [await startReceiver(), await startReceiver()];
    await h.endpoint(endpoint.tenantId, quick.url);
    const stranger = await h.endpoint(await h.tenant(), strangers.url);
    const released = gate();
    receiver.answer = async () => {
      await released.opened;
      return {};
    };
    h.startWorker(new InProcessQueue(silent));
    for (let n = 1; n <= 40; n += 1) {
      await h.publish(endpoint.tenantId, workKey(), n);
      await h.publish(stranger.tenantId, workKey(), n);
    }
    await h.until('the others have all', () => quick.received.length + strangers.received.length === 80);
    expect(receiver.received.length).toBeLessThanOrEqual(16);
    released.open();
    await h.until('the slow one has all', async () => receiver.received.length === 40);
  });

  test('a stop in the middle loses nothing and doubles nothing that was written down', async () => {
    h.startWorker(new InProcessQueue(silent));
    const work = workKey();
    await h.publish(endpoint.tenantId, work, ...Array.from({ length: 20 }, (_, index) => index + 1));
    await h.until('some have arrived', () => receiver.received.length >= 5);
    await h.stopWorkers();
    h.startWorker(new InProcessQueue(silent));
    await h.until('all are delivered', async () =>
      (await h.states(endpoint)).every((state) => state === 'DELIVERED'),
    );
    expect([...new Set(receiver.numbers)]).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(receiver.numbers).toEqual([...receiver.numbers].sort((one, other) => one - other));
  });
});
