import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Webhook } from 'standardwebhooks';
import { type Tracing, traceTo } from '../../../domain/telemetry/tracing';
import { encodeGlobalId } from '../../../schema/global-id';
import type { WorkId } from '../../../schema/ids';
import { inSpan } from '../../../tenants/trace';
import { TravelHarness } from '../../support/travel';
import { Gallery } from '../../support/travel-gallery';
import { BASE, HOME, until } from '../../support/travel-steps';
import { Receiver } from '../webhooks/receiver';

const WAIT_MS = 60_000;
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const exporter = new InMemorySpanExporter();
const CALLER = `00-${TRACE_ID}-b7ad6b7169203331-01`;

let harness: TravelHarness;
let gallery: Gallery;
let receiver: Receiver;
let secret: string;
let tracing: Tracing;

beforeAll(async () => {
  receiver = await Receiver.start();
  tracing = traceTo(exporter, 'test', 0);
  harness = await TravelHarness.start();
  gallery = await Gallery.open(harness, { editionCap: 2 });
  const made = await harness.domain.webhookEndpoints.create(gallery.tenantId, {
    url: receiver.url,
    eventTypes: ['*'],
    description: '',
  });
  secret = made.secret;
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
  const [work] = await gallery.mint(gallery.self);
  if (work === undefined) throw new Error('one work was asked for');
  await harness.devnet.pauseMining(HOME);
  const { id } = await inSpan('request', CALLER, { attributes: {} }, () => gallery.send(work, BASE, 'CCIP'));
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
  const ofDispatch = receiver.received.filter(({ event }) => event.type.startsWith('dispatch.'));
  for (const { event } of ofDispatch) expect(event.traceparent).toContain(TRACE_ID);
  await tracing.flush();
  const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === TRACE_ID);
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['request', 'job submit-dispatch', 'transaction final', 'webhook']),
  );
  for (const { body, headers } of receiver.received) {
    // CAST: Node joins what a receiver needs into single strings.
    new Webhook(secret).verify(body, headers as Record<string, string>);
  }
}, 180_000);
