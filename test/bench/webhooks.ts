import { BullQueue } from '../../workers/queue/bull-queue';
import { DEFAULT_WORKER_SETTINGS } from '../../workers/worker-runtime';
import { silent } from '../integration/queue/harness';
import { plain, type TestEndpoint, WebhookHarness } from '../integration/webhooks/harness';
import { type Benchmark, type BenchmarkOptions, type Comparison, median } from './benchmark';
import { OwnCore } from './own-core';
import { withServices } from './services';
import { PlainBull } from './webhooks-peer';
import { CountingReceiver } from './webhooks-receiver';

const FULL = { rounds: 9, events: 4_000 };
const SMALL = { rounds: 1, events: 200 };
const BAR = 0.6;
/** Events per transaction: what one projection of a busy registry announces. */
const BATCH = 100;
const WORKS = 200;
const WAIT_MS = 120_000;

interface Stage {
  readonly harness: WebhookHarness;
  readonly endpoint: TestEndpoint;
  readonly receiver: CountingReceiver;
  readonly peer: PlainBull;
}

/**
 * Webhooks from publishing to the last recorded delivery: signed, durable, in order per work, on a durable
 * PostgreSQL and Bull, against plain Bull that posts the same bodies without any of that, from adding the
 * jobs to the last answer. Both post to the same receiver, in a process of its own; by turns.
 */
export const benchWebhooks: Benchmark = (options) => {
  const ownCore = OwnCore.reserve(options.log);
  return withServices(async (redisUrl) => [await compete(redisUrl, ownCore, options)]);
};

async function compete(
  redisUrl: string,
  ownCore: OwnCore,
  { small, log }: BenchmarkOptions,
): Promise<Comparison> {
  const { rounds, events } = small ? SMALL : FULL;
  const harness = await WebhookHarness.create();
  const receiver = await CountingReceiver.start();
  // Both post from here; the receiver, PostgreSQL and Redis stay where they were started.
  ownCore.give(process.pid);
  const peer = new PlainBull(redisUrl, receiver.url);
  try {
    const endpoint = await harness.endpoint(await harness.tenant(), receiver.url);
    harness.startWorker(new BullQueue(redisUrl, silent), DEFAULT_WORKER_SETTINGS);
    const stage = { harness, endpoint, receiver, peer };
    const perSecond = { ours: [] as number[], peer: [] as number[] };
    // Each runs once unmeasured.
    for (let round = small ? 1 : 0; round <= rounds; round += 1) {
      const ours = await deliverOurs(stage, events);
      const theirs = await deliverPeers(stage, events);
      log(
        `round ${round}: ${events} deliveries, ours ${ours.toFixed(0)}/s, plain Bull ${theirs.toFixed(0)}/s`,
      );
      if (round === 0) continue;
      perSecond.ours.push(ours);
      perSecond.peer.push(theirs);
    }
    return {
      name: 'signed, durable, ordered deliveries vs plain Bull',
      unit: 'deliveries/s',
      figure: median(perSecond.ours),
      peer: median(perSecond.peer),
      bar: BAR,
    };
  } finally {
    await peer.stop();
    await harness.destroy();
    await receiver.stop();
  }
}

/** @returns Deliveries per second. */
async function deliverOurs({ harness, endpoint, receiver }: Stage, events: number): Promise<number> {
  await receiver.reset();
  const start = performance.now();
  for (let n = 0; n < events; n += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, events - n) }, (_, index) =>
      plain(`work ${(n + index) % WORKS}`, n + index),
    );
    await harness.announce(endpoint.tenantId, ...batch);
  }
  await harness.until('all are recorded', () => noneWaits(harness, endpoint), WAIT_MS);
  const rate = (events / (performance.now() - start)) * 1_000;
  if ((await receiver.count()) !== events) throw new Error('not every event arrived exactly once');
  return rate;
}

async function deliverPeers({ harness, endpoint, receiver, peer }: Stage, events: number): Promise<number> {
  const { rows } = await harness.admin.query<{ body: string }>(
    'select body from webhook_events where tenant_id = $1 order by sequence desc limit $2',
    [endpoint.tenantId, events],
  );
  await receiver.reset();
  const start = performance.now();
  await peer.post(
    rows.map(({ body }) => body),
    BATCH,
  );
  const rate = (events / (performance.now() - start)) * 1_000;
  if ((await receiver.count()) !== events) throw new Error('not every event arrived exactly once');
  return rate;
}

async function noneWaits(harness: WebhookHarness, endpoint: TestEndpoint): Promise<boolean> {
  const { rows } = await harness.admin.query(
    "select 1 from webhook_deliveries where tenant_id = $1 and endpoint_id = $2 and state = 'PENDING' limit 1",
    [endpoint.tenantId, endpoint.endpointId],
  );
  return rows.length === 0;
}
