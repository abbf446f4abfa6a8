import { Webhook } from 'standardwebhooks';
import { NotFoundError } from '../../../domain/not-found-error';
import { MAX_ENDPOINTS } from '../../../domain/webhooks/endpoint-service';
import {
  WebhookDisabledError,
  WebhookLimitReachedError,
  WebhookReplayTooLargeError,
  WebhookUrlRefusedError,
} from '../../../domain/webhooks/webhook-errors';
import { plain, type TestEndpoint, WebhookHarness, workKey } from './harness';
import { Receiver } from './receiver';

const LONG_AGO = new Date('2000-01-01T00:00:00Z');

let h: WebhookHarness;
let receiver: Receiver;
let endpoint: TestEndpoint;

beforeAll(async () => {
  h = await WebhookHarness.create();
  receiver = await Receiver.start();
});
afterAll(async () => {
  await receiver.stop();
  await h.destroy();
});
beforeEach(async () => {
  receiver.received.length = 0;
  receiver.answer = () => ({});
  endpoint = await h.endpoint(await h.tenant(), receiver.url);
});

const verifies = (secret: string) => {
  const last = receiver.received.at(-1);
  if (last === undefined) throw new Error('nothing was received');
  try {
    // CAST: Node joins what a receiver needs into single strings.
    new Webhook(secret).verify(last.body, last.headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
};

async function send(n: number): Promise<void> {
  await h.publish(endpoint.tenantId, workKey(), n);
  await h.deliver(endpoint);
}

const replay = (over: object = {}) =>
  h.services.webhookDeliveries.replay(endpoint.tenantId, {
    endpointId: endpoint.endpointId,
    from: LONG_AGO,
    to: undefined,
    deadLettersOnly: false,
    ...over,
  });

const setEnabled = (enabled: boolean) =>
  h.services.webhookEndpoints.update(endpoint.tenantId, { endpointId: endpoint.endpointId, enabled });

describe('a secret', () => {
  const rotate = (overlapHours: number) =>
    h.services.webhookEndpoints.rotateSecret(endpoint.tenantId, {
      endpointId: endpoint.endpointId,
      overlapHours,
    });

  test('and its successor both verify during the overlap; after it, and after a further rotation, the first no more', async () => {
    const { secret: second } = await rotate(24);
    await send(1);
    expect([endpoint.secret, second].map(verifies)).toEqual([true, true]);
    const { secret: third } = await rotate(24);
    await send(2);
    expect([endpoint.secret, second, third].map(verifies)).toEqual([false, true, true]);
    await h.admin.query('update webhook_secrets set expires_at = now() where expires_at is not null');
    await send(3);
    expect([second, third].map(verifies)).toEqual([false, true]);
  });

  test('without an overlap is the only one at once', async () => {
    const { secret } = await rotate(0);
    await send(1);
    expect([endpoint.secret, secret].map(verifies)).toEqual([false, true]);
  });

  test('is in the database sealed only, and bound to its row', async () => {
    const key = Buffer.from(endpoint.secret.replace('whsec_', ''), 'base64');
    const { rows } = await h.admin.query<{ sealed: Buffer }>('select sealed from webhook_secrets');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ sealed }) => sealed.includes(key))).toBe(false);
    const other = await h.endpoint(await h.tenant(), receiver.url);
    await h.admin.query(
      `update webhook_secrets set (key_id, sealed) =
         (select key_id, sealed from webhook_secrets where endpoint_id = $1) where endpoint_id = $2`,
      [endpoint.endpointId, other.endpointId],
    );
    await h.publish(other.tenantId, workKey(), 1);
    await expect(h.deliver(other)).rejects.toThrow();
    expect(receiver.received).toHaveLength(0);
  });
});

describe('an endpoint', () => {
  test.each(['ftp://example.com/', 'https://10.0.0.1/', 'https://user:pw@example.com/', 'nonsense'])(
    'at %s is refused, when it is made and when it is changed',
    async (url) => {
      const input = { url, eventTypes: ['*'], description: '' };
      const { tenantId, endpointId } = endpoint;
      await expect(h.services.webhookEndpoints.create(tenantId, input)).rejects.toThrow(
        WebhookUrlRefusedError,
      );
      await expect(h.services.webhookEndpoints.update(tenantId, { endpointId, url })).rejects.toThrow(
        WebhookUrlRefusedError,
      );
      const { rows } = await h.admin.query('select url from webhook_endpoints where tenant_id = $1', [
        tenantId,
      ]);
      expect(rows).toEqual([{ url: receiver.url }]);
    },
  );

  test('beyond the limit is refused, also when many are made at once', async () => {
    const made = await Promise.allSettled(
      Array.from({ length: MAX_ENDPOINTS + 3 }, () => h.endpoint(endpoint.tenantId, receiver.url)),
    );
    const refused = made.filter((one) => one.status === 'rejected').map((one) => one.reason);
    expect(refused).toHaveLength(4);
    expect(refused.every((reason) => reason instanceof WebhookLimitReachedError)).toBe(true);
  });

  test('that is disabled is sent nothing and kept nothing for; enabled again it gets what comes, and the gap by replay', async () => {
    await h.publish(endpoint.tenantId, workKey(), 1);
    await setEnabled(false);
    await h.publish(endpoint.tenantId, workKey(), 2);
    await h.deliver(endpoint);
    expect(receiver.received).toHaveLength(0);
    expect(await h.states(endpoint)).toEqual(['DEAD']);
    await setEnabled(true);
    await send(3);
    expect(receiver.numbers).toEqual([3]);
    expect(await replay()).toBe(3);
    await h.deliver(endpoint);
    expect([...receiver.numbers].sort()).toEqual([1, 2, 3, 3]);
  });

  test('that is deleted takes its deliveries, secrets and job with it; the events stay for others', async () => {
    await h.publish(endpoint.tenantId, workKey(), 1);
    await h.services.webhookEndpoints.delete(endpoint.tenantId, endpoint.endpointId);
    expect(await h.deliver(endpoint)).toBeUndefined();
    expect(receiver.received).toHaveLength(0);
    for (const table of ['webhook_deliveries', 'webhook_secrets']) {
      const { rows } = await h.admin.query(`select 1 from ${table} where tenant_id = $1`, [
        endpoint.tenantId,
      ]);
      expect(rows).toEqual([]);
    }
    await expect(h.services.webhookEndpoints.delete(endpoint.tenantId, endpoint.endpointId)).rejects.toThrow(
      NotFoundError,
    );
  });
});

describe('a test event', () => {
  test('goes to its endpoint alone, whatever that asks for, and past works that wait', async () => {
    const { tenantId } = endpoint;
    const picky = await h.endpoint(tenantId, receiver.url, ['registry.failed']);
    const delivery = await h.services.webhookEndpoints.sendTest(tenantId, picky.endpointId);
    expect(delivery).toMatchObject({ state: 'PENDING', origin: 'TEST', attempts: [] });
    await h.deliver(endpoint);
    await h.deliver(picky);
    expect(receiver.received.map(({ event }) => event.type)).toEqual(['tenant.webhook_test']);
    expect(verifies(picky.secret)).toBe(true);
  });

  test('is refused while the endpoint is disabled', async () => {
    await setEnabled(false);
    await expect(
      h.services.webhookEndpoints.sendTest(endpoint.tenantId, endpoint.endpointId),
    ).rejects.toThrow(WebhookDisabledError);
  });
});

describe('sending again', () => {
  test('a delivery makes one of its own under the same event id, behind what waits', async () => {
    const work = workKey();
    await h.publish(endpoint.tenantId, work, 1);
    await h.deliver(endpoint);
    const [first] = await h.log(endpoint);
    if (first === undefined) throw new Error('there is a delivery');
    await h.publish(endpoint.tenantId, work, 2);
    const again = await h.services.webhookDeliveries.redeliver(endpoint.tenantId, first.id);
    expect(again).toMatchObject({ eventId: first.eventId, origin: 'REDELIVERY', state: 'PENDING' });
    await h.deliver(endpoint);
    expect(receiver.numbers).toEqual([1, 2, 1]);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids[2]).toBe(ids[0]);
    expect(await h.states(endpoint)).toEqual(['DELIVERED', 'DELIVERED', 'DELIVERED']);
  });

  test('a time range goes out in its order, of the types that the endpoint asks for, without tests', async () => {
    const work = workKey();
    await h.publish(endpoint.tenantId, work, 1, 2);
    await h.announce(endpoint.tenantId, { ...plain(work, 3), type: 'dispatch.sent' });
    await h.services.webhookEndpoints.sendTest(endpoint.tenantId, endpoint.endpointId);
    await h.deliver(endpoint);
    receiver.received.length = 0;
    await h.services.webhookEndpoints.update(endpoint.tenantId, {
      endpointId: endpoint.endpointId,
      eventTypes: ['work.*', 'tenant.*'],
    });
    expect(await replay()).toBe(2);
    await h.deliver(endpoint);
    expect(receiver.numbers).toEqual([1, 2]);
    expect(await replay({ to: LONG_AGO, from: new Date(0) })).toBe(0);
    expect(await replay({ from: new Date(Date.now() + 60_000) })).toBe(0);
  });

  test('dead letters only takes what has not arrived since', async () => {
    await h.publish(endpoint.tenantId, workKey(), 1);
    await h.publish(endpoint.tenantId, workKey(), 2);
    await setEnabled(false);
    await setEnabled(true);
    await send(3);
    expect(await h.states(endpoint)).toEqual(['DEAD', 'DEAD', 'DELIVERED']);
    expect(await replay({ deadLettersOnly: true })).toBe(2);
    await h.deliver(endpoint);
    expect(await replay({ deadLettersOnly: true })).toBe(0);
    expect([...receiver.numbers].sort()).toEqual([1, 2, 3]);
  });

  test('too much at once is refused and sends nothing', async () => {
    await send(1);
    await h.admin.query(
      `insert into webhook_events (tenant_id, id, type, finality, order_key, body)
       select tenant_id, gen_random_uuid(), type, finality, order_key, body from webhook_events, generate_series(1, 10000)
        where tenant_id = $1`,
      [endpoint.tenantId],
    );
    await expect(replay()).rejects.toThrow(WebhookReplayTooLargeError);
    expect(await h.states(endpoint)).toEqual(['DELIVERED']);
  });

  test('is refused while the endpoint is disabled, and for another tenant there is nothing to send', async () => {
    await send(1);
    const [delivery] = await h.log(endpoint);
    if (delivery === undefined) throw new Error('there is a delivery');
    const { webhookDeliveries } = h.services;
    const stranger = await h.tenant();
    await expect(webhookDeliveries.redeliver(stranger, delivery.id)).rejects.toThrow(NotFoundError);
    await setEnabled(false);
    await expect(webhookDeliveries.redeliver(endpoint.tenantId, delivery.id)).rejects.toThrow(
      WebhookDisabledError,
    );
    await expect(replay()).rejects.toThrow(WebhookDisabledError);
  });
});

describe('a fact', () => {
  const fact = (standing: 'absent' | 'provisional' | 'final') => ({
    ...plain('work', 1),
    factKey: 'the fact',
    standing,
  });
  const seen = () =>
    receiver.received.map(({ event }) => ({ id: event.id, finality: event.finality, prior: event.priorid }));

  test('is told as provisional, then as final or reverted, each linked by id to the one before', async () => {
    for (const standing of ['provisional', 'provisional', 'final', 'final', 'absent', 'absent'] as const)
      await h.announce(endpoint.tenantId, fact(standing));
    await h.deliver(endpoint);
    const [provisional, final, reverted, ...rest] = seen();
    expect(rest).toEqual([]);
    expect(provisional).toMatchObject({ finality: 'provisional', prior: undefined });
    expect(final).toMatchObject({ finality: 'final', prior: provisional?.id });
    expect(reverted).toMatchObject({ finality: 'reverted', prior: final?.id });
  });

  test('of one tenant is another’s neither to know nor to link to', async () => {
    const stranger = await h.endpoint(await h.tenant(), receiver.url);
    await h.announce(endpoint.tenantId, fact('provisional'));
    await h.announce(stranger.tenantId, fact('absent'), fact('final'));
    await h.deliver(stranger);
    expect(seen()).toEqual([{ id: expect.any(String), finality: 'final', prior: undefined }]);
  });
});

test('events older than 30 days go, with their deliveries, but not while they still have to be sent', async () => {
  receiver.answer = ({ event }) => (event.data.n === 2 ? { status: 500 } : {});
  await h.publish(endpoint.tenantId, workKey(), 1);
  await h.publish(endpoint.tenantId, workKey(), 2);
  await h.deliver(endpoint);
  await h.admin.query(
    "update webhook_events set created_at = now() - interval '31 days' where tenant_id = $1",
    [endpoint.tenantId],
  );
  await send(3);
  expect(await h.states(endpoint)).toEqual(['PENDING', 'DELIVERED']);
});
