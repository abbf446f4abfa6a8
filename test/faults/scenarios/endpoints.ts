import type { WorkId } from '../../../schema/ids';
import type { RpcFault } from '../../devnet/rpc-faults';
import { soleLeg, workTruth } from '../support/chain-truth';
import { BASE, type FaultWorld, HOME, PATIENCE_MS } from '../support/fault-world';
import { isLongForm } from '../support/long-form';

type Fault = (head: number) => RpcFault;

/** What two endpoints can get over without help. */
const BORNE: readonly (readonly [string, Fault])[] = [
  ['lags five blocks', () => ({ kind: 'lag', blocks: 5 })],
  ['omits all logs', () => ({ kind: 'omitLogs' })],
  ['answers late', () => ({ kind: 'slow', delayMs: 200 })],
  ['lies about logs', () => ({ kind: 'alterLogs' })],
];

/** What leaves one endpoint of two, so that nothing may become final. */
const HOLDING: readonly (readonly [string, Fault])[] = [
  ['lies about blocks', (head) => ({ kind: 'wrongBlockHash', fromBlock: head })],
  ['answers 429', () => ({ kind: 'rateLimit', retryAfterSeconds: 1 })],
  ['hangs', () => ({ kind: 'hang' })],
  ['is on another chain', () => ({ kind: 'wrongChainId', eip155: 5 })],
  ['serves a fork', (head) => ({ kind: 'fork', fromBlock: head })],
];

interface Pair {
  readonly source: string;
  readonly destination: string;
  readonly faults: readonly [Fault, Fault];
}

/** Two faults at a time, on source and destination; every fault against every other in the long form. */
function pairs(faults: readonly (readonly [string, Fault])[]): Pair[] {
  return faults.flatMap(([source, atSource], index) =>
    faults
      .filter((_, other) => isLongForm || (index % 2 === 0 && other === (index + 1) % faults.length))
      .map(([destination, atDestination]) => ({
        source,
        destination,
        faults: [atSource, atDestination] as const,
      })),
  );
}

async function setFaults({ devnet }: FaultWorld, faults: readonly [Fault, Fault]): Promise<void> {
  for (const [index, chainId] of [HOME, BASE].entries()) {
    const head = Number(await devnet.rpc(chainId, 'eth_blockNumber'));
    await devnet.setRpcFault(chainId, faults[index]?.(head) ?? { kind: 'none' });
  }
}

async function clearFaults({ devnet }: FaultWorld): Promise<void> {
  for (const chainId of [HOME, BASE]) await devnet.setRpcFault(chainId, { kind: 'none' });
}

async function noAlerts(world: FaultWorld): Promise<boolean> {
  return (await world.chainAlert(HOME)) === null && (await world.chainAlert(BASE)) === null;
}

async function mintOne(world: FaultWorld): Promise<WorkId> {
  const [workId] = await world.mintLive(1);
  if (workId === undefined) throw new Error('one work was minted');
  return workId;
}

/** A second endpoint of each chain that cannot be trusted. */
export function describeEndpoints(theWorld: () => FaultWorld): void {
  describe('with an honest first endpoint, a work arrives', () => {
    test.each(pairs(BORNE))(
      'while the second one $source on the source and $destination on the destination',
      async ({ faults }) => {
        const world = theWorld();
        const workId = await mintOne(world);
        await setFaults(world, faults);
        await world.reaches(await world.send(workId, BASE, 'CCIP'), 'CONFIRMED');
        expect(await workTruth(world, workId)).toEqual(soleLeg(BASE, 1));
      },
      PATIENCE_MS,
    );

    test.each(pairs(HOLDING))(
      'after an alert for as long as the second one $source on the source and $destination on the destination',
      async ({ faults }) => {
        const world = theWorld();
        const workId = await mintOne(world);
        await setFaults(world, faults);
        const dispatch = await world.send(workId, BASE, 'LAYERZERO');
        for (const chainId of [HOME, BASE]) {
          await world.eventually(
            `an alert on ${chainId}`,
            async () => (await world.chainAlert(chainId)) !== null,
          );
          console.info(`${chainId}: ${await world.chainAlert(chainId)}`);
        }
        await clearFaults(world);
        await world.reaches(dispatch, 'CONFIRMED');
        expect(await workTruth(world, workId)).toEqual(soleLeg(BASE, 1));
        await world.eventually('the alerts are cleared', () => noAlerts(world));
      },
      PATIENCE_MS,
    );
  });
}
