import { rmSync } from 'node:fs';
import { TraceCollector } from '../support/trace-collector';
import { build, makeOpenFolder, processesOf, type Typed, typeNpm } from './command-line';

/** Within this the demo must have passed, its own start included. */
const DEMO_LIMIT_MS = 90_000;

let dataDir: string;
let demo: Typed;
let collector: TraceCollector;

beforeAll(async () => {
  build();
  collector = await TraceCollector.start();
  dataDir = makeOpenFolder('colophon-demo-');
});

afterAll(async () => {
  demo.kill();
  await demo.ended;
  await collector.stop();
  rmSync(dataDir, { recursive: true });
});

test('on an empty data folder the demo starts what it needs, all it expects holds, it is traced, and nothing is left', async () => {
  const begun = performance.now();
  demo = typeNpm('demo', ['--data', dataDir, '--port', '0'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
  });
  const ended = await demo.ended;
  // What it said last, should it have failed.
  expect(ended.code === 0 ? [] : demo.output.trimEnd().split('\n').slice(-25)).toEqual([]);
  expect(ended).toEqual({ code: 0, signal: null });
  expect(performance.now() - begun).toBeLessThan(DEMO_LIMIT_MS);
  expect(demo.output.match(/^ {2}✓ /gm)).toHaveLength(27);
  expect(demo.output).not.toContain('✗');
  expect(processesOf(dataDir)).toEqual([]);

  // One trace from the request to the end of its transaction, over processes' and rows' borders.
  const sends = collector.spans.filter(({ name }) => name === 'mutation sendWork');
  expect(sends).toHaveLength(5);
  for (const { traceId } of sends)
    expect([...collector.namesOf(traceId)]).toEqual(
      expect.arrayContaining(['job submit-dispatch', 'transaction mined', 'transaction final']),
    );
}, 120_000);
