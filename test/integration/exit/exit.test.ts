import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import { gatewayAbi } from '../../../chains/abi/gateway';
import { parseExit } from '../../../cli/exit/exit-arguments';
import { runExit } from '../../../cli/exit/run-exit';
import type { WorkId } from '../../../schema/ids';
import { AccountIndex, accountAt, privateKeyAt } from '../../devnet/accounts';
import { alwaysFrozen } from '../../support/frozen-code';
import { TravelHarness } from '../../support/travel';
import { addressOf, Gallery, StatementKind } from '../../support/travel-gallery';
import { ALL_CHAINS, BASE, chainClient, until } from '../../support/travel-steps';

/** Neither the tenant nor any service of the devnet. */
const ANYONE = AccountIndex.Test;

/** What `exit list --json` prints. */
interface ExitListing {
  readonly actions: readonly {
    readonly number: number;
    readonly id: string;
    readonly kind: string;
    readonly chainId: string;
    readonly refusal: string | null;
  }[];
  readonly waiting: readonly { readonly waitsFor: readonly string[] }[];
}

let harness: TravelHarness;
let gallery: Gallery;
let works: WorkId[];
let baseCode: Hex | undefined;
let folder: string;
let keyFile: string;

// A statement that failed on arrival, and one that each bridge verified and never executed. Then Colophon is gone.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-exit-'));
  keyFile = writeKey('anyone', privateKeyAt(ANYONE));
  harness = await TravelHarness.start();
  gallery = await Gallery.open(harness);
  works = await gallery.mint(...Array<typeof gallery.self>(3).fill(gallery.self));
  const [failing, lostByCcip, lostByLayerZero] = works;
  if (!failing || !lostByCcip || !lostByLayerZero) throw new Error('three works expected');

  baseCode = await chainClient(harness, BASE).getCode({ address: baseCollection() });
  await harness.devnet.rpc(BASE, 'anvil_setCode', [baseCollection(), alwaysFrozen()]);
  const { id } = await gallery.send(failing, BASE, 'LAYERZERO');
  await gallery.reached(id, 'FAILED', 'CONFIRMED');

  for (const network of ['ccip', 'layerZero'] as const)
    await harness.devnet.setDeliveryFaults(network, { running: true, loseNext: 1 });
  const sends = [
    await gallery.send(lostByCcip, BASE, 'CCIP'),
    await gallery.send(lostByLayerZero, BASE, 'LAYERZERO'),
  ];
  for (const { id: dispatchId } of sends) await gallery.reached(dispatchId, 'SENT', 'SOURCE_FINAL');
  await harness.stopColophon();
}, 180_000);
afterAll(async () => {
  await harness?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('what the contract refuses now is listed with the reason, and not sent', async () => {
  const { number, refusal } = await actionOf('RETRY');
  expect(refusal).toBe('WorkIsFrozen(7)');
  const before = await chainClient(harness, BASE).getTransactionCount({ address: accountAt(ANYONE).address });
  const refused = exit('do', String(number), '--key-file', keyFile);
  await expect(refused).rejects.toMatchObject({ name: 'ActionRefusedError', code: 'EXECUTION_REVERTED' });
  expect(await chainClient(harness, BASE).getTransactionCount({ address: accountAt(ANYONE).address })).toBe(
    before,
  );
});

test('an account without money is named', async () => {
  await harness.devnet.rpc(BASE, 'anvil_setCode', [baseCollection(), baseCode]);
  const { id, refusal } = await actionOf('RETRY');
  expect(refusal).toBeNull();
  const poor = exit('do', id, '--key-file', writeKey('poor', generatePrivateKey()));
  await expect(poor).rejects.toMatchObject({ name: 'ExitFundsError', code: 'INSUFFICIENT_FUNDS' });
});

test('a statement that failed on arrival is applied by anyone, with no Colophon running', async () => {
  const { id } = await actionOf('RETRY');
  const outcome = JSON.parse(await exit('do', id, '--key-file', keyFile));
  expect(outcome).toMatchObject({
    id,
    kind: 'RETRY',
    chainId: BASE,
    effects: [expect.stringContaining('applied')],
  });
  expect((await list()).actions.filter(({ kind }) => kind === 'RETRY')).toEqual([]);
});

test('messages that bridges verified and never executed are executed by anyone', async () => {
  for (let left = 2; left > 0; left -= 1) {
    const listing = await until('the messages can be executed', async () => {
      const now = await list();
      return now.actions.length === left && now;
    });
    const [action] = listing.actions;
    expect(action).toMatchObject({ kind: 'EXECUTE', chainId: BASE, refusal: null });
    const outcome = JSON.parse(await exit('do', '1', '--key-file', keyFile));
    expect(outcome).toMatchObject({ id: action?.id, effects: [expect.stringContaining('applied')] });
  }
});

test('afterwards nothing is left to do, and each work lives once', async () => {
  expect(await list()).toEqual({ actions: [], waiting: [], beyondReach: 0 });
  for (const id of works) expect(await gallery.liveChains(await gallery.work(id))).toEqual([BASE]);
  expect(await gallery.statementsSent(StatementKind.Works)).toBe(3);
  const applied = await chainClient(harness, BASE).getContractEvents({
    abi: gatewayAbi,
    address: addressOf(gallery.registry, BASE, 'gateway'),
    eventName: 'StatementApplied',
    fromBlock: 0n,
    strict: true,
  });
  expect(applied.filter(({ args }) => args.kind === StatementKind.Works)).toHaveLength(3);
});

test('statements to chains without an endpoint are counted, not forgotten', async () => {
  const { beyondReach } = JSON.parse(await exitOn(ALL_CHAINS.slice(0, 1), 'list', '--json'));
  expect(beyondReach).toBeGreaterThan(0);
});

test('the manifest of the registry stands in for its address', async () => {
  const [row] = await harness.foundations.tenants.transaction(
    gallery.tenantId,
    ({ manager }): Promise<{ manifest: unknown }[]> => manager.query('select manifest from registries'),
  );
  const manifestFile = join(folder, 'manifest.json');
  writeFileSync(manifestFile, JSON.stringify(row?.manifest));
  const listed = await exitWith(['--manifest', manifestFile], ALL_CHAINS, 'list');
  expect(listed).toBe('Nothing is left for anyone to do now.');
});

test('a chain without the registry is named', async () => {
  const elsewhere = exitWith(['--gateway', accountAt(ANYONE).address], ALL_CHAINS, 'list');
  await expect(elsewhere).rejects.toMatchObject({ name: 'RegistryNotThereError', code: 'NOT_FOUND' });
});

async function list(): Promise<ExitListing> {
  return JSON.parse(await exit('list'));
}

async function actionOf(kind: string): Promise<ExitListing['actions'][number]> {
  const found = (await list()).actions.find((action) => action.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} is listed`);
  return found;
}

function exit(...args: readonly string[]): Promise<string> {
  return exitOn(ALL_CHAINS, ...args, '--json');
}

function exitOn(chainIds: typeof ALL_CHAINS, ...args: readonly string[]): Promise<string> {
  const gateway = addressOf(gallery.registry, BASE, 'gateway');
  return exitWith(['--gateway', gateway], chainIds, ...args);
}

/** Runs the command as `node dist/cli/main.js exit …` does, and returns what it prints. */
async function exitWith(
  registry: readonly string[],
  chainIds: typeof ALL_CHAINS,
  ...args: readonly string[]
): Promise<string> {
  const rpcs = chainIds.flatMap((chainId) => ['--rpc', harness.devnet.directUrl(chainId)]);
  const lines: string[] = [];
  await runExit(parseExit([...args, ...registry, ...rpcs]), (line) => lines.push(line));
  return lines.join('\n');
}

function writeKey(name: string, key: string): string {
  const file = join(folder, name);
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return file;
}

function baseCollection() {
  return addressOf(gallery.registry, BASE, 'collection');
}
