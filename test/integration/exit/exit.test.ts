import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, encodeFunctionData, type Hex, keccak256, pad, stringToBytes, zeroAddress } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import { collectionAbi } from '../../../chains/abi/collection';
import { gatewayAbi } from '../../../chains/abi/gateway';
import { lanesAbi } from '../../../chains/abi/lanes';
import { royaltyVaultAbi } from '../../../chains/abi/royalty-vault';
import { commitMintsCall } from '../../../chains/evm/registry/calls';
import {
  type ComponentAddresses,
  chainHashOf,
  componentAddresses,
} from '../../../chains/evm/registry/manifest';
import { type LastOwner, ownersTree } from '../../../chains/evm/registry/owners-tree';
import { parseExit } from '../../../cli/exit/exit-arguments';
import { runExit } from '../../../cli/exit/run-exit';
import { storedManifestSchema } from '../../../domain/registry/manifest';
import type { WorkId } from '../../../schema/ids';
import { AccountIndex, accountAt, privateKeyAt } from '../../devnet/accounts';
import { alwaysFrozen } from '../../support/frozen-code';
import { TravelHarness } from '../../support/travel';
import { addressOf, Gallery, StatementKind, tokenOf } from '../../support/travel-gallery';
import { ALL_CHAINS, BASE, chainClient, HOME, sendAs, until } from '../../support/travel-steps';

/** The contracts' number of what is held or over a limit; see `Status` in contracts/src/interfaces/ILanes.sol. */
const WAITING = 2;
/** Neither the tenant nor any service of the devnet. */
const ANYONE = AccountIndex.Test;
/** Whose the royalties of a gallery are, on home. */
const ARTIST = 4;

/** What `exit list --json` prints. */
interface ExitListing {
  readonly actions: readonly {
    readonly number: number;
    readonly id: string;
    readonly kind: string;
    readonly chainId: string;
    readonly refusal: string | null;
    readonly valueWei: string;
  }[];
  readonly waiting: readonly { readonly waitsFor: readonly string[] }[];
}

let harness: TravelHarness;
let gallery: Gallery;
let works: WorkId[];
let baseCode: Hex | undefined;
let folder: string;
let keyFile: string;
let heldDigest: Hex;
let components: ComponentAddresses;

// Statements that failed on arrival, were held by the guardian and voided by the owner's queue, and one that each bridge verified and never executed. Then Colophon is gone.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-exit-'));
  keyFile = writeKey('anyone', privateKeyAt(ANYONE));
  harness = await TravelHarness.start();
  gallery = await Gallery.open(harness);
  works = await gallery.mint(...Array<typeof gallery.self>(5).fill(gallery.self));
  const [failing, lostByCcip, lostByLayerZero, held, voided] = works;
  if (!failing || !lostByCcip || !lostByLayerZero || !held || !voided) throw new Error('five works expected');
  components = componentAddresses(storedManifestSchema.parse(await storedManifest()));
  await holdAndVoid(held, voided);

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
}, 240_000);
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

test('a held statement is listed with its end, and released by anyone once the guardian lets it go', async () => {
  const { id, refusal } = await actionOf('RELEASE');
  expect(refusal).toMatch(/^StatementOnHold/);
  await lanesCall(gallery.account, { functionName: 'endHold', args: [heldDigest] });
  const outcome = JSON.parse(await exit('do', id, '--key-file', keyFile));
  expect(outcome).toMatchObject({ kind: 'RELEASE', effects: [expect.stringContaining('applied')] });
});

test('the works of a voided statement go back to their holder, at the cost of whoever says so', async () => {
  const { id, refusal, valueWei } = await actionOf('RETURN');
  expect(refusal).toBeNull();
  expect(BigInt(valueWei)).toBeGreaterThan(0n);
  const outcome = JSON.parse(await exit('do', id, '--key-file', keyFile));
  expect(outcome).toMatchObject({
    kind: 'RETURN',
    chainId: BASE,
    effects: [expect.stringContaining('on its way')],
  });
  expect((await list()).actions.filter(({ kind }) => kind === 'RETURN')).toEqual([]);
  const [, , , , voided] = works;
  if (!voided) throw new Error('five works expected');
  await until('the work is back', async () => {
    const [chainId, ...more] = await gallery.liveChains(await gallery.work(voided));
    return chainId === HOME && more.length === 0;
  });
});

test('a work that was committed to is minted by anyone, to whom the commit names, and once', async () => {
  const documentHash = keccak256(stringToBytes('a work whose platform is gone'));
  const receiver = accountAt(AccountIndex.FirstCollector).address;
  const collection = addressOf(gallery.registry, HOME, 'collection');
  const commit = commitMintsCall(collection, [{ to: receiver, documentHash, artistSignature: '0x' }]);
  await sendAs(harness, gallery.account, HOME, commit);
  const { id } = await until('the seed’s block is there', async () => {
    const action = await actionOf('MINT');
    if (action.refusal === null) return action;
    expect(action.refusal).toMatch(/^CommitTooYoung/);
    return undefined;
  });
  const outcome = JSON.parse(await exit('do', id, '--key-file', keyFile));
  expect(outcome).toMatchObject({
    kind: 'MINT',
    chainId: HOME,
    effects: [expect.stringContaining(`edition 6 was minted to ${receiver}`)],
  });
  expect((await list()).actions.filter(({ kind }) => kind === 'MINT')).toEqual([]);
  const onHome = { abi: collectionAbi, address: collection } as const;
  const workId = await chainClient(harness, HOME).readContract({
    ...onHome,
    functionName: 'workOf',
    args: [documentHash],
  });
  const owner = await chainClient(harness, HOME).readContract({
    ...onHome,
    functionName: 'ownerOf',
    args: [workId],
  });
  expect(owner).toBe(receiver);
});

test('royalties are put into the vault and paid to the artist by anyone; elsewhere his credit waits for him', async () => {
  const { royaltyReceiver } = components;
  const artist = accountAt(ARTIST).address;
  for (const chainId of [HOME, BASE])
    await sendAs(harness, gallery.account, chainId, { to: royaltyReceiver, data: '0x', value: 1_001n });
  const before = await chainClient(harness, HOME).getBalance({ address: artist });
  const kinds = ['FORWARD', 'SPLIT', 'PAY'];
  const left = async () =>
    (await list()).actions.flatMap(({ kind, chainId }) => (kinds.includes(kind) ? [{ kind, chainId }] : []));
  expect(await left()).toEqual([
    { kind: 'FORWARD', chainId: HOME },
    { kind: 'FORWARD', chainId: BASE },
  ]);
  const doFirst = async (kind: string) =>
    JSON.parse(await exit('do', (await actionOf(kind)).id, '--key-file', keyFile)).effects;
  expect(await doFirst('FORWARD')).toContain('the vault has received 1001');
  expect(await left()).toEqual([
    { kind: 'PAY', chainId: HOME },
    { kind: 'FORWARD', chainId: BASE },
  ]);
  expect(await doFirst('PAY')).toEqual([`${artist} was paid 1001`]);
  expect(await chainClient(harness, HOME).getBalance({ address: artist })).toBe(before + 1_001n);
  await doFirst('FORWARD');
  expect(await left()).toEqual([]);
  const args = [
    zeroAddress,
    { chainHash: chainHashOf(HOME), account: pad(artist), claimant: zeroAddress },
  ] as const;
  const credit = await chainClient(harness, BASE).readContract({
    abi: royaltyVaultAbi,
    address: components.royaltyVault,
    functionName: 'creditOf',
    args,
  });
  expect(credit).toBe(1_001n);
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
  for (const [index, id] of works.entries())
    expect(await gallery.liveChains(await gallery.work(id))).toEqual([index === 4 ? HOME : BASE]);
  expect(await gallery.statementsSent(StatementKind.Works)).toBe(5);
  const applied = await chainClient(harness, BASE).getContractEvents({
    abi: gatewayAbi,
    address: addressOf(gallery.registry, BASE, 'gateway'),
    eventName: 'StatementApplied',
    fromBlock: 0n,
    strict: true,
  });
  expect(applied.filter(({ args }) => args.kind === StatementKind.Works)).toHaveLength(4);
});

test('statements to chains without an endpoint are counted, not forgotten', async () => {
  const { beyondReach } = JSON.parse(await exitOn(ALL_CHAINS.slice(0, 1), 'list', '--json'));
  expect(beyondReach).toBeGreaterThan(0);
});

test('the manifest of the registry stands in for its address', async () => {
  const manifestFile = join(folder, 'manifest.json');
  writeFileSync(manifestFile, JSON.stringify(await storedManifest()));
  const listed = await exitWith(['--manifest', manifestFile], ALL_CHAINS, 'list');
  expect(listed).toBe('Nothing is left for anyone to do now.');
});

test('a chain without the registry is named', async () => {
  const elsewhere = exitWith(['--gateway', accountAt(ANYONE).address], ALL_CHAINS, 'list');
  await expect(elsewhere).rejects.toMatchObject({ name: 'RegistryNotThereError', code: 'NOT_FOUND' });
});

test('works of a retired chain are claimed by anyone for its last owners, each once', async () => {
  const there = await Promise.all(works.slice(0, 4).map((id) => gallery.work(id)));
  const owners = there.map((work) => ({ workId: tokenOf(work), holder: gallery.account }));
  const claims = () => exit('list', '--owners', ownersFile(owners)).then((text) => JSON.parse(text).actions);
  await expect(claims()).rejects.toThrow('None of the given chains');

  const { root } = ownersTree(chainHashOf(BASE), owners);
  const args = [chainHashOf(BASE), root] as const;
  const data = encodeFunctionData({ abi: lanesAbi, functionName: 'retireChain', args });
  // As a plan of the queue does thirty days after its announcement.
  await sendAs(harness, components.delayedQueue, HOME, { to: components.lanes, data });

  const others = owners.map(({ workId }) => ({ workId, holder: accountAt(ANYONE).address }));
  await expect(exit('list', '--owners', ownersFile(others))).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  for (const left of [4, 3, 2, 1]) {
    const now = await claims();
    expect(now).toHaveLength(left);
    expect(now[0]).toMatchObject({ kind: 'CLAIM', chainId: HOME, refusal: null });
    const file = ownersFile(owners);
    const outcome = JSON.parse(await exit('do', now[0].id, '--owners', file, '--key-file', keyFile));
    expect(outcome.effects).toEqual([expect.stringMatching(`^${gallery.account} has work \\d+ again$`)]);
  }
  expect(await claims()).toEqual([]);
  for (const work of there) expect((await gallery.legOn(HOME, work)).holder).toBe(gallery.account);
});

/** Sends two works while LayerZero stands still; the guardian holds one statement, the queue voids the other. */
async function holdAndVoid(held: WorkId, voided: WorkId): Promise<void> {
  await harness.devnet.setDeliveryFaults('layerZero', { running: false });
  heldDigest = (await sentOverLayerZero(held)).digest;
  await lanesCall(gallery.account, { functionName: 'holdStatement', args: [heldDigest, 3_600n] });
  const { digest, nonce } = await sentOverLayerZero(voided);
  // As a plan of the queue does a day after its announcement.
  const voidCall = { functionName: 'voidStatement', args: [chainHashOf(HOME), nonce, digest] } as const;
  await lanesCall(components.delayedQueue, voidCall);
  await harness.devnet.setDeliveryFaults('layerZero', { running: true });
  await until('the statement is held', async () => {
    const args = [heldDigest] as const;
    const onBase = chainClient(harness, BASE);
    const lanes = { abi: lanesAbi, address: components.lanes } as const;
    return (await onBase.readContract({ ...lanes, functionName: 'statusOf', args })) === WAITING;
  });
}

/** Calls the lanes on Base as their guardian or queue would. */
async function lanesCall(
  account: Address,
  call:
    | { readonly functionName: 'holdStatement'; readonly args: readonly [Hex, bigint] }
    | { readonly functionName: 'endHold'; readonly args: readonly [Hex] }
    | { readonly functionName: 'voidStatement'; readonly args: readonly [Hex, bigint, Hex] },
): Promise<void> {
  await sendAs(harness, account, BASE, {
    to: components.lanes,
    data: encodeFunctionData({ abi: lanesAbi, ...call }),
  });
}

async function storedManifest(): Promise<unknown> {
  const [row] = await harness.foundations.tenants.transaction(
    gallery.tenantId,
    ({ manager }): Promise<{ manifest: unknown }[]> => manager.query('select manifest from registries'),
  );
  return row?.manifest;
}

async function sentOverLayerZero(workId: WorkId): Promise<{ digest: Hex; nonce: bigint }> {
  const { id } = await gallery.send(workId, BASE, 'LAYERZERO');
  await gallery.reached(id, 'SENT', 'SOURCE_FINAL');
  const sent = await chainClient(harness, HOME).getContractEvents({
    abi: gatewayAbi,
    address: addressOf(gallery.registry, HOME, 'gateway'),
    eventName: 'StatementSent',
    fromBlock: 0n,
    strict: true,
  });
  const last = sent.at(-1);
  if (last === undefined) throw new Error('a statement was sent');
  return last.args;
}

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

function ownersFile(owners: readonly LastOwner[]): string {
  const file = join(folder, 'owners.json');
  const listed = owners.map(({ workId, holder }) => ({ workId: String(workId), holder }));
  writeFileSync(file, JSON.stringify({ chainId: BASE, owners: listed }));
  return file;
}

function baseCollection() {
  return addressOf(gallery.registry, BASE, 'collection');
}
