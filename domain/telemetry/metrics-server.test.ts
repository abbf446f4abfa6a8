import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pino from 'pino';
import { Gauge, register } from 'prom-client';
import { type MetricsServer, startMetrics } from './metrics-server';

const ROOT = join(__dirname, '../..');
const logger = pino({ level: 'silent' });

describe('metrics', () => {
  let metrics: MetricsServer;
  const get = async (path: string) => fetch(`http://127.0.0.1:${metrics.port}${path}`);

  beforeAll(async () => {
    metrics = await startMetrics({ METRICS_HOST: '127.0.0.1', METRICS_PORT: 0 }, logger);
  });
  afterAll(() => metrics.stop());
  afterEach(() => register.removeSingleMetric('asked'));

  test('of the process and of Node.js are shown in the format of Prometheus, and nothing else is', async () => {
    new Gauge({ name: 'asked', help: 'For this test.' }).set(7);
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await answer.text();
    expect(text).toContain('\nasked 7\n');
    expect(text).toContain('process_resident_memory_bytes');
    expect((await get('/')).status).toBe(404);
  });

  test('that cannot be collected are refused without a word of why, and shown again afterwards', async () => {
    let collect = async () => Promise.reject(new Error('connection refused at db.internal'));
    new Gauge({ name: 'asked', help: 'For this test.', collect: () => collect() });
    const refused = await get('/metrics');
    expect({ status: refused.status, text: await refused.text() }).toEqual({ status: 503, text: '' });
    collect = async () => undefined as never;
    expect((await get('/metrics')).status).toBe(200);
  });

  test('keep no process alive that could not start', async () => {
    const script = `require(${JSON.stringify(join(ROOT, 'test/devnet/register-typescript.cjs'))});
      require(${JSON.stringify(join(__dirname, 'metrics-server.ts'))})
        .startMetrics({ METRICS_HOST: '127.0.0.1', METRICS_PORT: 0 }, {}).then(({ port }) => console.log(port > 0))`;
    const ended = await promisify(execFile)(process.execPath, ['-e', script], { timeout: 20_000 });
    expect(ended.stdout.trim()).toBe('true');
  }, 30_000);

  test('are shown nowhere without a port', async () => {
    const none = await startMetrics({ METRICS_HOST: '127.0.0.1', METRICS_PORT: undefined }, logger);
    expect(none.port).toBeUndefined();
    await none.stop();
  });

  test('are shown once more by a process that starts a second time in one', async () => {
    const second = await startMetrics({ METRICS_HOST: '127.0.0.1', METRICS_PORT: 0 }, logger);
    expect((await fetch(`http://127.0.0.1:${second.port}/metrics`)).status).toBe(200);
    await second.stop();
  });
});
