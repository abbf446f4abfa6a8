import { type Benchmark, type BenchmarkOptions, type Comparison, median } from './benchmark';
import { type Field, prepareField } from './indexing/field';
import { colophon, ponder, sqd } from './indexing/indexers';
import { type Indexing, index, indexFresh } from './indexing/run';
import { peersFolder } from './peers';
import { withPostgres } from './services';

const ROUNDS = 3;
/** So long that a run is more than the warming up of a process. */
const FULL = { blocks: 1_500, perBlock: 200 };
const SMALL = { blocks: 20, perBlock: 50 };
const SQD_BAR = 1;
const PONDER_BAR = 8;

/**
 * Our follower process, Ponder and SQD index the same transfers of the same chain from the same node into the same
 * PostgreSQL, each as a process of its own, by turns, each in a fresh database. The time runs from its first request
 * for logs to the commit of the last transfer; what each then holds is compared with what was emitted.
 *
 * Ponder runs a second time on the database that it has just filled, as another deployment of the same application:
 * it then finds in its own cache all that it read, and asks the node for next to nothing.
 */
export const benchIndexing: Benchmark = (options) =>
  withPostgres(async (adminUrl, folder) => {
    const peers = peersFolder(options.log);
    const field = await prepareField(adminUrl, folder, options.small ? SMALL : FULL);
    try {
      return await compete(field, { peers, folder }, options);
    } finally {
      await field.chain.anvil.stop();
    }
  });

async function compete(
  field: Field,
  { peers, folder }: { peers: string; folder: string },
  { small, log }: BenchmarkOptions,
): Promise<Comparison[]> {
  const ours = colophon(folder, field);
  const squid = sqd(peers, field);
  const first = ponder(peers, field, 'first');
  const second = ponder(peers, field, 'second');
  const none = (): number[] => [];
  const ms = { ours: none(), oursInAll: none(), squid: none(), first: none(), secondInAll: none() };
  /** @returns Milliseconds without its start-up. */
  const say = (name: string, { startMs, totalMs, cpu }: Indexing): number => {
    if (startMs === undefined) throw new Error(`${name} has indexed without asking for logs`);
    const tookMs = totalMs - startMs;
    const rate = ((field.events / tookMs) * 1_000).toFixed(0);
    log(
      `  ${name}: ${rate} events/s (${tookMs.toFixed(0)} ms after ${(startMs / 1_000).toFixed(1)} s of start-up; processor time in all ${cpu.indexer.toFixed(1)} s, the node's ${cpu.node.toFixed(1)} s)`,
    );
    return tookMs;
  };
  for (let round = 1; round <= (small ? 1 : ROUNDS); round += 1) {
    log(`round ${round}: ${field.events} transfers in ${field.last.block - field.fromBlock + 1} blocks`);
    const own = await indexFresh(ours, field, folder);
    ms.ours.push(say(ours.name, own));
    ms.oursInAll.push(own.totalMs);
    ms.squid.push(say(squid.name, await indexFresh(squid, field, folder)));
    const urls = await field.freshDatabase(first.database);
    ms.first.push(say(first.name, await index(first, field, folder, urls)));
    // It reads nothing, so that nobody sees where its start-up ends.
    const repeating = await index(second, field, folder, urls);
    log(`  ${second.name} again, from its cache: ${repeating.totalMs.toFixed(0)} ms with its start-up`);
    ms.secondInAll.push(repeating.totalMs);
  }
  const rate = (values: readonly number[]) => (field.events / median(values)) * 1_000;
  const figure = rate(ms.ours);
  return [
    { name: 'events indexed vs SQD', unit: 'events/s', figure, peer: rate(ms.squid), bar: SQD_BAR },
    { name: 'events indexed vs Ponder', unit: 'events/s', figure, peer: rate(ms.first), bar: PONDER_BAR },
    {
      name: 'with start-up, vs Ponder that has read the chain before',
      unit: 'events/s',
      figure: rate(ms.oursInAll),
      peer: rate(ms.secondInAll),
    },
  ];
}
