import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.join(__dirname, '../../..');

describe('the bundle of @chainlink/ccip-js', () => {
  let folder: string;
  beforeAll(async () => {
    // Within the package, so that the bundle finds viem as the built one does.
    folder = await mkdtemp(path.join(root, 'node_modules', '.ccip-js-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('loads in plain Node, which the package as published does not, and says nothing on the console', async () => {
    const bundle = path.join(folder, 'bundle.cjs');
    await run(process.execPath, [path.join(root, 'chains/ccip/bundle-ccip-js.mjs'), bundle]);

    const load = (module: string) =>
      run(
        process.execPath,
        ['-e', `console.log(typeof require(${JSON.stringify(module)}).createClient().getFee)`],
        {
          cwd: root,
        },
      );
    expect((await load(bundle)).stdout).toBe('function\n');
    await expect(load('@chainlink/ccip-js')).rejects.toThrow();
    expect(await run('grep', ['-c', 'console\\.', bundle]).catch(({ stdout }) => ({ stdout }))).toMatchObject(
      {
        stdout: '0\n',
      },
    );
  });
});
