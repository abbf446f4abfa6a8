import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { ApiClient } from './api-client';

test('a subscription that the server cuts says with what code and reason', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => socket.close(4401, 'Unauthorized'));
  await new Promise((resolve) => server.once('listening', resolve));
  // CAST: a server that listens on a TCP port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const client = new ApiClient({ url: '', wsUrl: `ws://127.0.0.1:${port}`, apiKey: 'key' });
  try {
    const followed = client.follow({ document: 'subscription { any }', answer: z.unknown() }, {}, () => true);
    await expect(followed).rejects.toThrow('The API cut a subscription: 4401 Unauthorized.');
  } finally {
    await client.close();
    server.close();
  }
});
