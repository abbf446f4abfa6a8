import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Webhook } from 'standardwebhooks';
import { type Tracing, traceTo } from '../../../domain/telemetry/tracing';
import { encodeGlobalId } from '../../../schema/global-id';
import type { TenantId, WorkId } from '../../../schema/ids';
import { inSpan } from '../../../tenants/trace';
import { TravelHarness } from '../../support/travel';
import { Gallery } from '../../support/travel-gallery';
import { BASE, HOME, until } from '../../support/travel-steps';
import { Receiver } from '../webhooks/receiver';

const WAIT_MS = 60_000;
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const exporter = new InMemorySpanExporter();
/** Who asked for the registry, and for the mint. */
const REGISTRY_TRACE_ID = 'a'.repeat(32);
const MINT_TRACE_ID = 'b'.repeat(32);

function callerOf(traceId: string): string {
  return `00-${traceId}-b7ad6b7169203331-01`;
}

/** Asks for something as a traced request does. */
function asRequest<T>(traceId: string, work: () => Promise<T>): Promise<T> {
  return inSpan('request', callerOf(traceId), { attributes: {} }, work);
}

let harness: TravelHarness;
let gallery: Gallery;
let receiver: Receiver;
let secret: string;
let tracing: Tracing;

beforeAll(async () => {
  receiver = await Receiver.start();
  tracing = traceTo(exporter, 'test', 0);
  harness = await TravelHarness.start();
  const arranged = async (tenantId: TenantId) => {
    const endpoint = { url: receiver.url, eventTypes: ['*'], description: '' };
    ({ secret } = await harness.domain.webhookEndpoints.create(tenantId, endpoint));
  };
  gallery = await asRequest(REGISTRY_TRACE_ID, () => Gallery.open(harness, { editionCap: 2, arranged }));
}, 240_000);
afterAll(async () => {
  await harness?.stop();
  await tracing?.stop();
  await receiver?.stop();
}, 60_000);

/** What the receiver was told of a work and its dispatches: type, finality, and the place of the event taken up. */
function toldOf(workId: WorkId): string[] {
  const id = encodeGlobalId('Work', workId);
  const events = receiver.received.map(({ event }) => event).filter(({ data }) => data.workId === id);
  return events.map(({ type, finality, priorid }) => {
    const prior = events.findIndex((one) => one.id === priorid);
    return `${type} ${finality}${priorid === undefined ? '' : ` of ${prior}`}`;
  });
}

/** Holds that every `final` or `reverted` with a link takes up an earlier `provisional` of the same type. */
function expectLinked(told: readonly string[]): void {
  for (const [index, line] of told.entries()) {
    const [type, , , prior] = line.split(' ');
    if (prior === undefined) continue;
    expect(Number(prior)).toBeLessThan(index);
    expect(told[Number(prior)]).toBe(`${type} provisional`);
  }
}

test('a mint and a send that a reorg takes back are told as they are: provisional, reverted, final', async () => {
  const [work] = await asRequest(MINT_TRACE_ID, () => gallery.mint(gallery.self));
  if (work === undefined) throw new Error('one work was asked for');
  await harness.devnet.pauseMining(HOME);
  const { id } = await asRequest(TRACE_ID, () => gallery.send(work, BASE, 'CCIP'));
  await gallery.reached(id, 'SUBMITTED');
  await harness.devnet.mine(HOME, 1);
  await gallery.reached(id, 'SENT');
  await harness.devnet.mine(HOME, 2);
  await harness.devnet.reorg(HOME, 3);
  await harness.devnet.mine(HOME, 1);
  await until('the work is back', async () => (await gallery.work(work)).hop === 0);
  await harness.devnet.resumeMining(HOME);
  await gallery.reached(id, 'CONFIRMED', 'FAILED');
  await gallery.settled(work);
  await until(
    'the receiver knows',
    async () => {
      const told = toldOf(work);
      return told.some((line) => line.startsWith('work.arrived final')) &&
        told.some((line) => line.startsWith('dispatch.delivered final'))
        ? told
        : undefined;
    },
    WAIT_MS,
  );

  const told = toldOf(work);
  expectLinked(told);
  const count = (start: string) => told.filter((line) => line.startsWith(start)).length;
  expect({
    minted: count('work.minted final'),
    departed: [
      count('work.departed provisional'),
      count('work.departed reverted'),
      count('work.departed final'),
    ],
    sent: [count('dispatch.sent provisional'), count('dispatch.sent reverted'), count('dispatch.sent final')],
    arrived: count('work.arrived final'),
    delivered: count('dispatch.delivered final'),
  }).toEqual({ minted: 1, departed: [2, 1, 1], sent: [2, 1, 1], arrived: 1, delivered: 1 });
  // Whoever sent it finds its transaction and all that was told of it in his trace, across reorg and bridge.
  // What followers find on the chains goes back to who asked for it as well, an arrival to its departure.
  const ASKED: Readonly<Record<string, string>> = {
    'registry.deploying': REGISTRY_TRACE_ID,
    'registry.active': REGISTRY_TRACE_ID,
    'work.minted': MINT_TRACE_ID,
    'work.departed': TRACE_ID,
    'work.arrived': TRACE_ID,
    'dispatch.requested': TRACE_ID,
    'dispatch.sent': TRACE_ID,
    'dispatch.delivered': TRACE_ID,
  };
  const traced = receiver.received.map(({ event: { type, traceparent } }) => ({
    type,
    traceId: traceparent?.split('-')[1],
  }));
  const wanted = traced.filter(({ type }) => type in ASKED);
  expect(new Set(wanted.map(({ type }) => type))).toEqual(new Set(Object.keys(ASKED)));
  expect(wanted.filter(({ type, traceId }) => traceId !== ASKED[type])).toEqual([]);
  await tracing.flush();
  for (const [traceId, job] of [
    [TRACE_ID, 'job submit-dispatch'],
    [MINT_TRACE_ID, 'job submit-mint'],
    [REGISTRY_TRACE_ID, 'job advance-registry'],
  ] as const) {
    const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
    expect(spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['request', job, 'transaction final', 'webhook']),
    );
  }
  for (const { body, headers } of receiver.received) {
    // CAST: Node joins what a receiver needs into single strings.
    new Webhook(secret).verify(body, headers as Record<string, string>);
  }
}, 180_000);
