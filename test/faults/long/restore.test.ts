import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, removePostgres } from '../../../cli/embedded/postgres';
import type { WorkId } from '../../../schema/ids';
import type { Dispatch } from '../../../schema/types/dispatch';
import {
  archiveAll,
  databaseOn,
  momentOf,
  startArchivedPostgres,
  startRestored,
} from '../../support/archived-postgres';
import { baseBackup } from '../../support/base-backup';
import { OwnProcess } from '../../support/processes';
import { soleLeg, workTruth } from '../support/chain-truth';
import { BASE, FaultWorld, MOONBEAM, PATIENCE_MS } from '../support/fault-world';
import { expectSettled, nonceCounts } from '../support/settled';

/** Works, and sends by where they stood at the moment that is restored. */
interface Before {
  readonly idle: WorkId;
  readonly arrived: Dispatch;
  readonly inFlight: Dispatch;
  readonly asked: Dispatch;
  /** Of a send that was asked for after the moment, and had arrived when everything was lost. */
  readonly sentLater: WorkId;
}

let folder: string;
let archive: string;
let server: EmbeddedPostgres;
let world: FaultWorld;
let before: Before;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-restore-'));
  chmodSync(folder, 0o711); // the database's own account must pass through when we are root
  archive = join(folder, 'archive');
  mkdirSync(archive);
  server = await startArchivedPostgres(join(folder, 'server'), archive);
  world = await FaultWorld.start({ database: databaseOn(server) });
}, 2 * PATIENCE_MS);
afterAll(async () => {
  await world?.stop();
  await server?.stop();
  await removePostgres({ dataDir: join(folder, 'server'), log: () => undefined });
  rmSync(folder, { recursive: true, force: true });
}, PATIENCE_MS);

/** Travels through a backup, a moment and a loss. @returns The moment. */
async function travel(): Promise<string> {
  const works = await world.mintLive(5);
  const [idle, forArrived, forInFlight, forAsked, sentLater] = works;
  if (!idle || !forArrived || !forInFlight || !forAsked || !sentLater)
    throw new Error('five works were minted');
  for (const workId of works)
    await world.eventually('a mint is final', async () => !(await world.work(workId)).provisional);
  const underBackup = await world.send(forArrived, BASE, 'CCIP');
  await baseBackup(server, join(folder, 'copy'));
  const arrived = await world.reaches(underBackup, 'CONFIRMED');
  await world.devnet.setDeliveryFaults('ccip', { running: false });
  const inFlight = await world.reaches(await world.send(forInFlight, BASE, 'CCIP'), 'SOURCE_FINAL');
  await world.crew.stop('worker');
  const asked = await world.send(forAsked, MOONBEAM, 'LAYERZERO');
  const at = await momentOf(server);

  await world.crew.start('worker');
  await world.reaches(asked, 'CONFIRMED');
  await world.reaches(await world.send(sentLater, BASE, 'LAYERZERO'), 'CONFIRMED');
  before = { idle, arrived, inFlight, asked, sentLater };
  return at;
}

/** Loses the database, and what was written since the moment, as the bridges go on. */
async function restore(at: string): Promise<void> {
  await world.crew.killAll();
  await archiveAll(server);
  await server.stop();
  await world.devnet.setDeliveryFaults('ccip', { running: true });
  renameSync(server.dataDir, join(folder, 'lost'));
  renameSync(join(folder, 'copy'), server.dataDir);
  server = await startRestored(server.dataDir, join(folder, 'server'), { archive, at });
}

/** Runs a command of the image to its end. @returns Its exit code, and what it said if that is not 0. */
async function runCommand(...args: string[]): Promise<string> {
  const command = OwnProcess.spawn(
    'cli/image/main.js',
    args,
    world.stage.environment,
    join(folder, `${args[0]}.log`),
  );
  const { exitCode } = await command.ended();
  return exitCode === 0 ? '0' : `${exitCode}: ${command.output()}`;
}

test(
  'after a restore to a moment among travels, workers and followers end each send once, and the record is what the chains say',
  async () => {
    await restore(await travel());
    // It is the moment that was restored: what came after it is unknown.
    expect((await world.dispatch(before.asked)).state).toBe('REQUESTED');
    expect((await world.work(before.sentLater)).hop).toBe(0);
    expect(await runCommand('check-database')).toBe('0');

    await world.crew.startAll();
    for (const { id } of [before.arrived, before.inFlight, before.asked])
      await world.reaches({ id }, 'CONFIRMED');
    await world.eventually('the send that was lost is found', async () => {
      const { chainId, provisional, state } = await world.work(before.sentLater);
      return chainId === BASE && state === 'LIVE' && !provisional;
    });
    for (const workId of [before.arrived.workId, before.inFlight.workId, before.sentLater])
      expect(await workTruth(world, workId)).toEqual(soleLeg(BASE, 1));
    expect(await workTruth(world, before.asked.workId)).toEqual(soleLeg(MOONBEAM, 1));

    // The next transaction takes the next free nonce, though the record had given it out.
    await world.reaches(await world.send(before.idle, BASE, 'CCIP'), 'CONFIRMED');
    expect(await workTruth(world, before.idle)).toEqual(soleLeg(BASE, 1));
    await expectSettled(world);
    const { used, given } = await nonceCounts(world);
    expect(given).toEqual(used);
    expect(await runCommand('check-database')).toBe('0');
    expect(await runCommand('rebuild', '--all')).toBe('0');
  },
  3 * PATIENCE_MS,
);
