import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { currentTraceParent, inSpan } from '../../tenants/trace';
import { startTracing, traceOfLine, traceTo } from './tracing';

const NOTHING = { attributes: {} };
const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('tracing', () => {
  let exporter: InMemorySpanExporter;
  beforeEach(() => {
    exporter = new InMemorySpanExporter();
  });

  /** Does the work traced. @returns The spans that were sent. */
  const traced = async (ratio: number, work: () => Promise<unknown>) => {
    const tracing = traceTo(exporter, 'test', ratio);
    try {
      await work();
      await tracing.flush();
      return exporter.getFinishedSpans();
    } finally {
      await tracing.stop();
    }
  };

  test('hands a trace on by its traceparent, over any break, and names it in lines of the log', async () => {
    const spans = await traced(1, async () => {
      let handedOn: string | undefined;
      await inSpan('first', CALLER, NOTHING, async () => {
        handedOn = currentTraceParent();
        expect(traceOfLine()).toEqual({ traceId: CALLER.split('-')[1] });
      });
      await inSpan('second', handedOn, NOTHING, async () => undefined);
      await inSpan('of its own', null, NOTHING, async () => undefined);
    });
    const [first, second, own] = spans.map((span) => span.spanContext());
    expect(spans).toHaveLength(3);
    expect([first?.traceId, second?.traceId]).toEqual(Array(2).fill(CALLER.split('-')[1]));
    expect(spans[1]?.parentSpanContext?.spanId).toBe(first?.spanId);
    expect(own?.traceId).not.toBe(first?.traceId);
  });

  test('tells that work failed, and by what, but not the words of the error', async () => {
    const spans = await traced(1, async () => {
      const work = inSpan('fails', null, NOTHING, () => Promise.reject(new TypeError('the secret is xyzzy')));
      await expect(work).rejects.toThrow('xyzzy');
    });
    expect(spans.map(({ status, events }) => ({ status, events }))).toEqual([
      { status: { code: 2, message: 'TypeError' }, events: [] },
    ]);
  });

  test('keeps the share that it is told, and what a caller wishes to be kept', async () => {
    const spans = await traced(0, async () => {
      await inSpan('nobody asked', null, NOTHING, async () => expect(currentTraceParent()).toBeUndefined());
      await inSpan('asked', CALLER, NOTHING, async () => undefined);
    });
    expect(spans.map(({ name }) => name)).toEqual(['asked']);
  });

  test('does nothing without a collector', async () => {
    const off = { OTEL_EXPORTER_OTLP_ENDPOINT: undefined, OTEL_TRACES_SAMPLER_ARG: 1 };
    const tracing = startTracing(off, 'test');
    await inSpan('unseen', CALLER, NOTHING, async () => expect(currentTraceParent()).toBeUndefined());
    expect(traceOfLine()).toEqual({});
    await tracing.stop();
  });
});
