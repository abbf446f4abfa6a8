import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';
import { WebhookClient } from '../../../domain/webhooks/webhook-client';
import { RawReceiver, Receiver } from './receiver';

const TIMEOUT_MS = 500;
const BODY = '{}';

const receivers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});

async function raw(onConnection: (socket: Socket) => void): Promise<RawReceiver> {
  const started = await RawReceiver.start(onConnection);
  receivers.push(started);
  return started;
}

async function honest(): Promise<Receiver> {
  const started = await Receiver.start();
  receivers.push(started);
  return started;
}

function post(client: WebhookClient, url: string, body = BODY) {
  const headers = { 'content-type': 'application/json' };
  return client.post(url, headers, body, new AbortController().signal);
}

const local = () => new WebhookClient({ allowLoopback: true, timeoutMs: TIMEOUT_MS });

/** A client for which every name has the addresses given, one list per resolution, the last for ever. */
function resolving(allowLoopback: boolean, ...answers: string[][]) {
  const asked: string[] = [];
  const client = new WebhookClient({
    allowLoopback,
    timeoutMs: TIMEOUT_MS,
    resolve: async (hostname): Promise<LookupAddress[]> => {
      const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
      asked.push(hostname);
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
  });
  return { client, asked };
}

describe('a receiver on an address that is not public is not connected to', () => {
  test.each([
    ['loopback', '127.0.0.1'],
    ['another loopback', '127.8.8.8'],
    ['unspecified', '0.0.0.0'],
    ['metadata', '169.254.169.254'],
    ['private', '10.0.0.1'],
    ['private', '192.168.0.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['multicast', '224.0.0.1'],
    ['IPv6 loopback', '::1'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['link-local', 'fe80::1'],
    ['unique local', 'fd00::1'],
  ])('by a name that resolves to %s (%s)', async (_kind, address) => {
    const trap = await raw(() => undefined);
    const { client, asked } = resolving(false, [address]);
    const result = await post(client, `https://receiver.example:${trap.port}/`);
    expect(result).toMatchObject({
      statusCode: null,
      error: 'The URL does not lead to a public address.',
    });
    expect([asked.length, trap.connections]).toEqual([1, 0]);
  });

  test('by a name of which only one of several addresses is not public', async () => {
    const { client } = resolving(false, ['93.184.216.34', '127.0.0.1']);
    expect((await post(client, 'https://receiver.example/')).error).toContain('public address');
  });

  test('by a name without addresses', async () => {
    const { client } = resolving(false, []);
    expect((await post(client, 'https://receiver.example/')).error).toContain('any address');
  });

  test('by a URL that was stored before the deployment forbade it', async () => {
    const trap = await raw(() => undefined);
    const result = await post(new WebhookClient({ allowLoopback: false }), trap.url);
    expect(result.error).toContain('must begin with https');
    expect(trap.connections).toBe(0);
  });

  test.each(['localhost', 'localhost.', 'LOCALHOST'])(
    'by the name %s, which the system resolves',
    async (name) => {
      const trap = await raw(() => undefined);
      const client = new WebhookClient({ allowLoopback: false, timeoutMs: TIMEOUT_MS });
      const { error } = await post(client, `https://${name}:${trap.port}/`);
      expect(error).toMatch(/public address|ENOTFOUND|EAI_AGAIN/);
      expect(trap.connections).toBe(0);
    },
  );
});

describe('a name that resolves to something else the next time', () => {
  test('changes nothing for a connection: it is resolved once, and what was checked is connected to', async () => {
    const receiver = await honest();
    const { client, asked } = resolving(true, ['127.0.0.1'], ['10.0.0.1']);
    const url = receiver.url.replace('127.0.0.1', 'rebinding.example');
    expect(await post(client, url)).toMatchObject({ statusCode: 204 });
    expect([asked, receiver.received.length]).toEqual([['rebinding.example'], 1]);
  });

  test('is checked anew for the next connection', async () => {
    const receiver = await honest();
    receiver.answer = () => ({ headers: { connection: 'close' } });
    const { client, asked } = resolving(true, ['127.0.0.1'], ['10.0.0.1']);
    const url = receiver.url.replace('127.0.0.1', 'rebinding.example');
    await post(client, url);
    expect((await post(client, url)).error).toMatch(/https:|public address/);
    expect([asked.length, receiver.received.length]).toEqual([2, 1]);
  });
});

describe('a receiver that answers', () => {
  test.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
    const [secret, receiver] = [await honest(), await honest()];
    receiver.answer = () => ({ status, headers: { location: secret.url } });
    expect(await post(local(), receiver.url)).toMatchObject({ statusCode: status, error: null });
    expect([receiver.received.length, secret.received.length]).toEqual([1, 0]);
  });

  test('a body without end has its beginning kept, and the rest is not read', async () => {
    let sent = 0;
    const flood = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      const more = () => {
        while (!socket.destroyed && socket.write(chunk)) sent += 0x10000;
      };
      socket.on('drain', more);
      more();
    });
    const result = await post(local(), flood.url);
    expect(result).toMatchObject({ statusCode: 200, excerpt: 'x'.repeat(1_024) });
    expect(result.durationMs).toBeLessThan(TIMEOUT_MS);
    expect(sent).toBeLessThan(64 * 1_048_576);
  });

  test('with what a text column cannot hold is kept readable', async () => {
    const receiver = await raw((socket) =>
      socket.end(Buffer.from('HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\na\0b\xff', 'latin1')),
    );
    expect((await post(local(), receiver.url)).excerpt).toBe('a\uFFFDb\uFFFD');
  });

  test('a byte at a time is cut off in time, in its headers', async () => {
    const slow = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => (socket.destroyed ? clearInterval(drip) : socket.write('x')), 20);
    });
    const result = await post(local(), slow.url);
    expect(result).toMatchObject({ statusCode: null, error: 'It took too long.' });
    expect(result.durationMs).toBeLessThan(4 * TIMEOUT_MS);
  });

  test('a byte at a time is cut off in time, in its body; its status counts', async () => {
    const slow = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
      const drip = setInterval(() => (socket.destroyed ? clearInterval(drip) : socket.write('x')), 20);
    });
    const result = await post(local(), slow.url);
    expect(result.statusCode).toBe(200);
    expect(result.durationMs).toBeLessThan(4 * TIMEOUT_MS);
  });

  const head = 'HTTP/1.1 200 OK\r\n';
  test.each([
    ['nothing at all', () => undefined],
    [
      'interim answers without end',
      (socket: Socket) => {
        const again = setInterval(
          () => (socket.destroyed ? clearInterval(again) : socket.write('HTTP/1.1 102 Processing\r\n\r\n')),
          20,
        );
      },
    ],
    [
      'headers of a megabyte',
      (socket: Socket) => socket.write(`${head}${`X: ${'y'.repeat(1_000)}\r\n`.repeat(1_000)}\r\n`),
    ],
    [
      'with two lengths',
      (socket: Socket) => socket.write(`${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
    ],
    ['no HTTP', (socket: Socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n')],
    [
      'an upgrade',
      (socket: Socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    ],
    ['by closing the connection', (socket: Socket) => socket.destroy()],
  ] as [string, (socket: Socket) => unknown][])('%s has not got the event', async (_kind, answer) => {
    const receiver = await raw((socket) => {
      socket.once('data', () => answer(socket));
    });
    const result = await post(local(), receiver.url);
    expect(result.statusCode).toBeNull();
    expect(result.error).toMatch(/^It (took too long|could not be reached)/);
    expect(result.durationMs).toBeLessThan(4 * TIMEOUT_MS);
  });

  test('plain HTTP where TLS is expected has not got the event', async () => {
    const receiver = await honest();
    const result = await post(local(), receiver.url.replace('http:', 'https:'));
    expect(result.error).toMatch(/^It could not be reached \(/);
    expect(receiver.received).toHaveLength(0);
  });
});

test('a kept connection that the receiver has closed costs no try', async () => {
  const receiver = await raw((socket) => {
    let requests = 0;
    socket.on('data', () => {
      requests += 1;
      if (requests === 1) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      else socket.resetAndDestroy();
    });
  });
  const client = local();
  expect((await post(client, receiver.url)).statusCode).toBe(204);
  expect((await post(client, receiver.url)).statusCode).toBe(204);
  expect(receiver.connections).toBe(2);
});

test('the worker’s stop ends a post at once', async () => {
  const receiver = await raw(() => undefined);
  const stopping = new AbortController();
  const posted = local().post(receiver.url, {}, BODY, stopping.signal);
  stopping.abort(new Error('stopping'));
  await expect(posted).rejects.toThrow('stopping');
});
