import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zeroAddress } from 'viem';
import { runExit } from './run-exit';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-manifest-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  { holds: 'no JSON', text: 'owner: me', message: 'holds no JSON' },
  { holds: 'no manifest', text: '{"owner": 1}', message: 'is no manifest' },
])('a manifest file that holds $holds is refused', async ({ text, message }) => {
  const manifestFile = join(folder, 'manifest.json');
  writeFileSync(manifestFile, text);
  const printed: string[] = [];
  const run = runExit(
    {
      action: 'list',
      rpcUrls: ['http://127.0.0.1:1'],
      registry: { manifestFile },
      since: undefined,
      ownersFile: undefined,
      tokens: [],
      json: true,
    },
    (line) => printed.push(line),
  );
  await expect(run).rejects.toMatchObject({ name: 'ExitInputError', code: 'BAD_USER_INPUT' });
  await expect(run).rejects.toThrow(message);
  expect(JSON.parse(printed.join(''))).toMatchObject({ error: { code: 'BAD_USER_INPUT', retryable: false } });
});

test('an endpoint that does not answer is named by its host alone', async () => {
  const rpcUrls = ['http://127.0.0.1:1/secret'];
  const registry = { gateway: zeroAddress };
  const run = runExit(
    { action: 'list', rpcUrls, registry, since: undefined, ownersFile: undefined, tokens: [], json: false },
    () => undefined,
  );
  await expect(run).rejects.toMatchObject({
    code: 'RPC_UNAVAILABLE',
    message: 'The endpoint at 127.0.0.1:1 does not answer.',
  });
});
