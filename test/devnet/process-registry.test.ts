import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rpc } from './json-rpc';
import { SEPOLIA } from './networks';
import { until } from './polling';
import { ProcessRegistry } from './process-registry';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'devnet-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function isRunning(pid: number): boolean {
  try {
    // A process that has ended and was not yet collected counts as ended.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false; // no such file: no such process
  }
}

test('kill -9 of the command leaves no process behind', async () => {
  const register = path.join(__dirname, 'register-typescript.cjs');
  const command = spawn(
    process.execPath,
    ['--require', register, path.join(__dirname, 'main.ts'), '--data', dataDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines: string[] = [];
  command.stdout.on('data', (chunk) => lines.push(String(chunk)));
  await until('the devnet', () => lines.join('').includes('Ctrl-C'));
  const { children } = JSON.parse(readFileSync(path.join(dataDir, 'processes.json'), 'utf8'));
  const pids: number[] = children.map(({ pid }: { pid: number }) => pid);
  const { chains } = JSON.parse(readFileSync(path.join(dataDir, 'devnet.json'), 'utf8'));
  expect(await rpc(chains[0].rpcUrls[0], 'eth_chainId')).toBe(`0x${SEPOLIA.eip155.toString(16)}`);
  expect(pids).toHaveLength(6);
  expect(pids.filter(isRunning)).toHaveLength(6);
  command.kill('SIGKILL');
  await until('the end of its children', () => !pids.some(isRunning));
  await until('the end of the chain', () =>
    rpc(chains[0].rpcUrls[0], 'eth_chainId').then(
      () => false,
      () => true,
    ),
  );
});

test('the next start ends the processes that a killed owner left, and no process that took their number', async () => {
  const orphan = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  const foreign = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  const [orphanPid, foreignPid] = [orphan.pid ?? 0, foreign.pid ?? 0];
  const registry = await ProcessRegistry.claim(dataDir);
  registry.add(orphanPid);
  registry.add(foreignPid);
  const file = path.join(dataDir, 'processes.json');
  const text = readFileSync(file, 'utf8');
  const { children } = JSON.parse(text);
  // The number of the second belongs to another process by now.
  writeFileSync(file, text.replace(`"${children[1].startTicks}"}]`, '"1"}]'));
  await ProcessRegistry.claim(dataDir);
  expect([isRunning(orphanPid), isRunning(foreignPid)]).toEqual([false, true]);
  foreign.kill('SIGKILL');
});
