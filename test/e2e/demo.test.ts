import { rmSync } from 'node:fs';
import { build, makeOpenFolder, processesOf, type Typed, typeNpm } from './command-line';

/** Within this the demo must have passed, its own start included. */
const DEMO_LIMIT_MS = 90_000;

let dataDir: string;
let demo: Typed;

beforeAll(() => {
  build();
  dataDir = makeOpenFolder('colophon-demo-');
});

afterAll(async () => {
  demo.kill();
  await demo.ended;
  rmSync(dataDir, { recursive: true });
});

test('on an empty data folder the demo starts what it needs, all it expects holds, and nothing is left', async () => {
  const begun = performance.now();
  demo = typeNpm('demo', ['--data', dataDir, '--port', '0']);
  const ended = await demo.ended;
  // What it said last, should it have failed.
  expect(ended.code === 0 ? [] : demo.output.trimEnd().split('\n').slice(-8)).toEqual([]);
  expect(ended).toEqual({ code: 0, signal: null });
  expect(performance.now() - begun).toBeLessThan(DEMO_LIMIT_MS);
  expect(demo.output.match(/^ {2}✓ /gm)).toHaveLength(24);
  expect(demo.output).not.toContain('✗');
  expect(processesOf(dataDir)).toEqual([]);
}, 120_000);
