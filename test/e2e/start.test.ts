import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createPublicClient, http } from 'viem';
import { pollUntil } from '../../cli/embedded/poll';
import { type Connection, connectionSchema } from '../../cli/start/connection';
import { accountAt } from '../devnet/accounts';
import { build, makeOpenFolder, processesOf, type Typed, typeNpm } from './command-line';

const READY = 'Ready in';
const HOME = 'eip155:11155111';

let folder: string;
let dataDir: string;
let typed: Typed[];

beforeAll(() => {
  build();
});

beforeEach(() => {
  folder = makeOpenFolder('colophon-start-');
  dataDir = join(folder, 'data');
  typed = [];
});

afterEach(async () => {
  for (const command of typed) command.kill();
  await nothingRuns();
  rmSync(folder, { recursive: true });
});

function start(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Typed {
  const command = typeNpm('start', ['--data', dataDir, '--port', '0', ...args], env);
  typed.push(command);
  return command;
}

async function started(
  args?: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<{ command: Typed; connection: Connection }> {
  const command = start(args, env);
  await command.says(READY);
  const file = readFileSync(join(dataDir, 'connection.json'), 'utf8');
  return { command, connection: connectionSchema.parse(JSON.parse(file)) };
}

const nothingRuns = () => pollUntil(() => processesOf(dataDir).length === 0, 20_000);

async function query({ url, apiKey }: Connection, text: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ query: text }),
  });
  return response.json();
}

async function createProject(connection: Connection, name: string): Promise<void> {
  const artist = `${HOME}:${accountAt(4).address}`;
  const answer = await query(
    connection,
    `mutation { createProject(input: { name: "${name}", artistName: "Ada", artistAccount: "${artist}", script: "draw()",
      editionCap: 1, royaltyBps: 0, licence: "CC0-1.0" }) { project { name } } }`,
  );
  expect(answer).toEqual({ data: { createProject: { project: { name } } } });
}

async function projectNames(connection: Connection): Promise<unknown> {
  return query(connection, '{ projects { edges { node { name } } } }');
}

const named = (...names: string[]) => ({
  data: { projects: { edges: names.map((name) => ({ node: { name } })) } },
});

/** Height of the home chain, and what the tenant's account has there. */
async function homeChain({ chainsFile, account }: Connection): Promise<{ height: bigint; wei: bigint }> {
  const chains: { chainId: string; rpcUrls: string[] }[] = JSON.parse(readFileSync(chainsFile, 'utf8'));
  const rpcUrl = chains.find(({ chainId }) => chainId === HOME)?.rpcUrls[0];
  const client = createPublicClient({ transport: http(rpcUrl), cacheTime: 0 });
  return { height: await client.getBlockNumber(), wei: await client.getBalance({ address: account }) };
}

/** The series that a start shows, each with its value. */
async function seriesOf({ output }: Typed): Promise<Map<string, number>> {
  const [url = ''] = /http:\S+\/metrics/.exec(output) ?? [];
  const lines = (await (await fetch(url)).text()).split('\n').filter((line) => /^[a-z]/.test(line));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
}

/** The secrets of a data folder, by file. */
function secretFiles(): string[] {
  return readdirSync(dataDir).filter((name) => /key|password|tenant|connection/.test(name));
}

test('a start serves, shows its metrics, keeps secrets to its user, refuses a second one, and ends with all that it started', async () => {
  const { command, connection } = await started([], { METRICS_PORT: '0' });
  expect(await query(connection, '{ me { tenant { name tenantId } } }')).toEqual({
    data: { me: { tenant: { name: 'Demo gallery', tenantId: connection.tenantId } } },
  });
  const series = await seriesOf(command);
  const counted =
    'colophon_graphql_operation_duration_seconds_count{operation="query",field="me",outcome="ok"}';
  expect(series.get(counted)).toBe(1);
  expect(series.get(`colophon_follower_leads{chain="${HOME}"}`)).toBe(1);
  expect(series.get(`colophon_chain_recorded_block{chain="${HOME}"}`)).toBeGreaterThan(0);
  expect(series.get('colophon_queue_due_jobs{pool="shared"}')).toBe(0);
  expect(
    series.get(`colophon_rpc_requests_total{chain="${HOME}",endpoint="#0",outcome="answered"}`),
  ).toBeGreaterThan(0);
  const files = secretFiles();
  expect(files).toHaveLength(7);
  for (const name of [...files, 'colophon.log']) {
    expect({ name, mode: statSync(join(dataDir, name)).mode & 0o777 }).toEqual({ name, mode: 0o600 });
  }
  const masterKey = readFileSync(join(dataDir, 'master-key'), 'utf8').trim();
  const said = command.output + readFileSync(join(dataDir, 'colophon.log'), 'utf8');
  for (const secret of [masterKey, connection.operatorKey]) expect(said).not.toContain(secret);

  const second = start();
  expect(await second.ended).toEqual({ code: 1, signal: null });
  expect(second.output).toContain(`already run by process ${connection.pid}`);
  const fresh = start(['--fresh']);
  expect(await fresh.ended).toEqual({ code: 1, signal: null });
  expect(fresh.output).toContain(`already run by process ${connection.pid}`);
  expect((await homeChain(connection)).wei).toBeGreaterThan(0n);

  const archive = join(folder, 'gallery.tar.gz');
  const kit = async (script: string, ...args: string[]) => {
    const typed = typeNpm(script, args, {});
    expect({ ...(await typed.ended), said: typed.output }).toMatchObject({ code: 0 });
    return typed.output;
  };
  const exported = await kit('export', '--data', dataDir, '--out', archive);
  const key = /key +([0-9a-f]{64})/.exec(exported)?.[1] ?? '';
  expect(await kit('verify', archive, '--key', key)).toContain('Demo gallery');

  command.interrupt();
  expect(await command.ended).toEqual({ code: 0, signal: null });
  expect(processesOf(dataDir)).toEqual([]);
  expect(existsSync(join(dataDir, 'connection.json'))).toBe(false);
}, 60_000);

test('data and chains outlive a stop and a kill -9; --fresh alone begins anew', async () => {
  const first = await started();
  await createProject(first.connection, 'Before');
  const before = await homeChain(first.connection);
  first.command.terminate();
  expect(await first.command.ended).toEqual({ code: 0, signal: null });

  const second = await started();
  expect(await projectNames(second.connection)).toEqual(named('Before'));
  expect(second.connection.apiKey).toBe(first.connection.apiKey);
  const resumed = await homeChain(second.connection);
  expect(resumed.height).toBeGreaterThanOrEqual(before.height);
  expect(resumed.wei).toBe(before.wei);
  await createProject(second.connection, 'Between');
  second.command.kill();
  expect((await second.command.ended).signal).toBe('SIGKILL');

  const third = await started();
  expect(await projectNames(third.connection)).toEqual(named('Between', 'Before'));
  expect((await homeChain(third.connection)).wei).toBe(before.wei);
  third.command.interrupt();
  expect((await third.command.ended).code).toBe(0);

  writeFileSync(join(dataDir, 'notes.txt'), 'mine');
  const fresh = await started(['--fresh']);
  expect(await projectNames(fresh.connection)).toEqual(named());
  expect(fresh.connection.apiKey).not.toBe(first.connection.apiKey);
  expect(readFileSync(join(dataDir, 'notes.txt'), 'utf8')).toBe('mine');
}, 90_000);

test('a step that fails is named, and what was up before it is down again', async () => {
  const missing = join(folder, 'no-chains.json');
  const command = start([], { CHAINS_FILE: missing });
  expect(await command.ended).toEqual({ code: 1, signal: null });
  expect(command.output).toMatch(/database +PostgreSQL/);
  expect(command.output).toContain('tenant:');
  expect(command.output).toContain(missing);
  expect(processesOf(dataDir)).toEqual([]);
});

test('a start that is called off takes down what is up', async () => {
  const command = start();
  await command.says('  database');
  command.interrupt();
  expect((await command.ended).code).toBe(1);
  expect(command.output).toContain('called off');
  expect(command.output).not.toContain(READY);
  expect(processesOf(dataDir)).toEqual([]);
});

test('when the database dies, the start says so and ends', async () => {
  const { command } = await started();
  const pidFile = join(dataDir, 'postgres/cluster/postmaster.pid');
  process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGKILL');
  expect((await command.ended).code).toBe(1);
  expect(command.output).toContain('ended with SIGKILL');
  expect(await nothingRuns()).toBe(true);
}, 60_000);

test('a taken port and a folder that no start has made are refused before anything is touched', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  // CAST: a server that listens on a TCP port has an AddressInfo.
  const { port } = other.address() as AddressInfo;
  const taken = start(['--port', String(port)]);
  expect((await taken.ended).code).toBe(1);
  expect(taken.output).toContain(`Port ${port} is taken`);
  expect(existsSync(dataDir)).toBe(false);
  other.close();

  const mine = join(folder, 'redis');
  writeFileSync(mine, 'not yours');
  const foreign = start(['--fresh', '--data', folder]);
  expect((await foreign.ended).code).toBe(1);
  expect(foreign.output).toContain('was not made by a start');
  expect(readdirSync(folder)).toEqual(['redis']);
});
