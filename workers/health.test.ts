import pino from 'pino';
import { type Health, startHealth } from './health';

const logger = pino({ level: 'silent' });

describe('health of workers and followers', () => {
  let health: Health;
  let ready: () => Promise<void> = async () => undefined;
  const get = async (path: string) => fetch(`http://127.0.0.1:${health.port}${path}`);

  beforeAll(async () => {
    health = await startHealth({ HEALTH_HOST: '127.0.0.1', HEALTH_PORT: 0 }, () => ready(), logger);
  });
  afterAll(() => health.stop());

  test('a process whose database is away lives, but is not ready until it is back', async () => {
    expect((await get('/readyz')).status).toBe(200);
    ready = () => Promise.reject(new Error('connection refused at db.internal'));
    const refused = await get('/readyz');
    expect(refused.status).toBe(503);
    // Whoever may ask learns no address.
    expect(await refused.text()).not.toContain('db.internal');
    expect((await get('/healthz')).status).toBe(200);
    ready = async () => undefined;
    expect((await get('/readyz')).status).toBe(200);
  });

  test('nothing else is served', async () => {
    expect((await get('/metrics')).status).toBe(404);
  });

  test('without a port nothing listens', async () => {
    const none = await startHealth(
      { HEALTH_HOST: '127.0.0.1', HEALTH_PORT: undefined },
      () => ready(),
      logger,
    );
    expect(none.port).toBeUndefined();
    await none.stop();
  });
});
