import { join } from 'node:path';
import type { WorkId } from '../../schema/ids';
import { KILL_POINTS, type KillPoint } from '../../schema/kill-point';
import type { Dispatch } from '../../schema/types/dispatch';
import { OwnProcess, type ProcessRole } from '../support/processes';
import { soleLeg, statementsSent, workTruth } from './support/chain-truth';
import { BASE, FaultWorld, PATIENCE_MS } from './support/fault-world';
import { expectSettled, nonceCounts } from './support/settled';

/** Which process passes a marker: the API's commits a send, the others carry it out and follow it. */
function roleOf(marker: KillPoint): ProcessRole | 'api' {
  if (marker.startsWith('dispatch.')) return 'api';
  return marker.startsWith('follower.') ? 'follower' : 'worker';
}

const SLOWEST: KillPoint = 'projection.before-commit';
/** A projection that was killed runs again only when its lease has lapsed: meanwhile others are killed. */
const MARKERS = [SLOWEST, ...KILL_POINTS.filter((marker) => marker !== SLOWEST)];
const inProcesses = MARKERS.filter((marker) => roleOf(marker) !== 'api');

let world: FaultWorld;
let statementsBefore = 0;
const workOf = new Map<KillPoint, WorkId>();
const dispatchOf = new Map<KillPoint, Dispatch>();

function workAt(marker: KillPoint): WorkId {
  const workId = workOf.get(marker);
  if (workId === undefined) throw new Error(`no work was minted for ${marker}`);
  return workId;
}

beforeAll(async () => {
  world = await FaultWorld.start();
  statementsBefore = await statementsSent(world);
}, PATIENCE_MS);
afterAll(() => world?.stop(), PATIENCE_MS);

/** Has the process of `role` die at `marker` while it does what `ask` asks for, then starts it again. */
async function killAt<T>(role: ProcessRole, marker: KillPoint, ask: () => Promise<T>): Promise<T> {
  const child = await world.crew.start(role, { killAt: marker });
  const answer = await ask();
  expect(await child.ended()).toEqual({ exitCode: null, signal: 'SIGKILL' });
  await world.crew.start(role);
  return answer;
}

/** As {@link killAt} for the API: whoever asked has no answer, and asks again. */
async function killApiAt(marker: KillPoint, workId: WorkId): Promise<Dispatch> {
  const environment = { ...world.stage.environment, KILL_AT: marker };
  const args = [world.tenantId, workId, BASE];
  const log = join(world.stage.folder, 'api.log');
  const child = OwnProcess.spawn('test/faults/support/send-once.js', args, environment, log);
  expect(await child.ended()).toEqual({ exitCode: null, signal: 'SIGKILL' });
  return world.send(workId, BASE, 'CCIP');
}

describe('a process killed at every marker', () => {
  test.each(inProcesses)(
    '%s, while a work is minted, is reached',
    async (marker) => {
      const role = roleOf(marker);
      if (role === 'api') throw new Error(`${marker} is not in the path of a mint`);
      const [workId] = await killAt(role, marker, () => world.mint(1));
      if (workId !== undefined) workOf.set(marker, workId);
    },
    PATIENCE_MS,
  );

  test(
    'every mint comes about',
    async () => {
      for (const marker of MARKERS.filter((each) => roleOf(each) === 'api')) {
        const [workId] = await world.mint(1);
        if (workId !== undefined) workOf.set(marker, workId);
      }
      for (const marker of MARKERS) {
        const isLive = async () => (await world.work(workAt(marker))).state === 'LIVE';
        await world.eventually(`the work of ${marker} is live`, isLive);
      }
    },
    PATIENCE_MS,
  );

  test.each(MARKERS)(
    '%s, while a work is sent, is reached',
    async (marker) => {
      const workId = workAt(marker);
      const role = roleOf(marker);
      const dispatch =
        role === 'api'
          ? await killApiAt(marker, workId)
          : await killAt(role, marker, () => world.send(workId, BASE, 'CCIP'));
      dispatchOf.set(marker, dispatch);
    },
    PATIENCE_MS,
  );

  test.each(MARKERS)(
    '%s costs nothing: one mint, one send, one arrival, one live leg',
    async (marker) => {
      const dispatch = dispatchOf.get(marker);
      if (dispatch === undefined) throw new Error(`nothing was sent at ${marker}`);
      await world.reaches(dispatch, 'CONFIRMED');
      expect(await workTruth(world, workAt(marker))).toEqual(soleLeg(BASE, 1));
      expect(await world.work(workAt(marker))).toMatchObject({ state: 'LIVE', chainId: BASE, frozen: false });
    },
    PATIENCE_MS,
  );

  test(
    'leaves no job undone, no nonce unused and no statement too many',
    async () => {
      await expectSettled(world);
      const { used, given } = await nonceCounts(world);
      expect(used).toEqual(given);
      expect((await statementsSent(world)) - statementsBefore).toBe(KILL_POINTS.length);
    },
    PATIENCE_MS,
  );
});
