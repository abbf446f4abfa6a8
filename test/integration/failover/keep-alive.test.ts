import { readFileSync } from 'node:fs';
import pino from 'pino';
import { AdvisoryLeaderLock } from '../../../domain/chain-state/follower-lock';
import { ChangeListener } from '../../../domain/events/change-listener';
import { evmChainId } from '../../../schema/caip';
import { openDataSource } from '../../../tenants/data-source';
import { OutboxListener } from '../../../workers/relay/outbox-listener';
import { until } from '../../devnet/polling';
import { withClient } from '../../support/template-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

const CHAIN = evmChainId(1);
const NAMES = [
  'keep-alive app',
  'keep-alive system',
  'colophon-outbox',
  'colophon-changes',
  `follower ${CHAIN}`,
];
/** Of `/proc/net/tcp` (proc(5)): a keep-alive timer, and its ticks per second. */
const KEEP_ALIVE_TIMER = '02';
const TICKS_PER_SECOND = 100;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

/** Seconds until the kernel asks for a sign of life on the connection from that port; undefined if it never does. */
function secondsToProbe(port: number): number | undefined {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  const fields = lines.map((line) => line.trim().split(/\s+/)).find(([, address]) => address === local);
  const [timer, when = ''] = fields?.[5]?.split(':') ?? [];
  return timer === KEEP_ALIVE_TIMER ? Number.parseInt(when, 16) / TICKS_PER_SECOND : undefined;
}

async function portsByName(): Promise<Map<string, number>> {
  return withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<{ name: string; port: number }>(
      `select application_name as name, client_port as port from pg_stat_activity
        where datname = current_database() and application_name = any($1)`,
      [NAMES],
    );
    return new Map(rows.map(({ name, port }) => [name, port]));
  });
}

test('each kind of connection asks a silent PostgreSQL for a sign of life within ten seconds', async () => {
  const { appUrl, systemUrl } = database;
  const app = await openDataSource({
    url: appUrl,
    poolSize: 1,
    applicationName: 'keep-alive app',
    pipelined: true,
  });
  const system = await openDataSource({ url: systemUrl, poolSize: 1, applicationName: 'keep-alive system' });
  const lease = await new AdvisoryLeaderLock(systemUrl).tryAcquire(CHAIN);
  const outbox = new OutboxListener(systemUrl, pino({ level: 'silent' }), () => undefined);
  outbox.start();
  const ignore = () => undefined;
  const changes = await ChangeListener.start(systemUrl, { onChange: ignore, onGap: ignore, onError: ignore });
  try {
    await until('all are connected', async () => (await portsByName()).size === NAMES.length);
    const ports = await portsByName();
    // The kernel shows one timer of each: what was just sent has another one until it is acknowledged.
    const seconds = await until('all to have a timer for that', () => {
      const found = NAMES.flatMap((name) => secondsToProbe(ports.get(name) ?? 0) ?? []);
      return found.length === NAMES.length ? found : undefined;
    });
    expect(seconds).toHaveLength(5);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(10);
  } finally {
    await Promise.all([outbox.stop(), changes.stop(), lease?.release(), app.destroy(), system.destroy()]);
  }
});
