import { readFileSync } from 'node:fs';
import { ChainTable } from '../../chains/chain-table';
import { type ChainId, evmChainId } from '../../schema/caip';
import { readDevnetFile } from '../../test/devnet/devnet-file';
import type { CommandContext } from '../commands';
import { type Connection, readConnection } from '../start/connection';
import { findRunningStart, layOut } from '../start/data-folder';
import { startEnvironmentSchema } from '../start/environment';
import { start } from '../start/start';
import { aborted } from '../stop-signals';
import { ApiClient } from './api-client';
import { ChainReader } from './chain-reader';
import { checkDispatch, checkProvenance, checkSale, checkWork } from './checks';
import { CollectorWallet } from './collector-wallet';
import { DemoError } from './demo-errors';
import { DollarMarket } from './dollar-market';
import { Expectations } from './expectations';
import { Gallery } from './gallery';
import { type Journey, type Route, travel } from './journey';
import { operations, type ProvenanceEvent } from './operations';
import { Timeline } from './timeline';

/** How long the journey may take before the demo gives up. */
const JOURNEY_TIMEOUT_MS = 180_000;
const ROUTE: Route = { home: evmChainId(11155111), base: evmChainId(84532), moonbeam: evmChainId(1284) };

/** What a demo reaches Colophon and the chains with. */
interface Stage {
  readonly api: ApiClient;
  readonly gallery: Gallery;
  readonly reader: ChainReader;
  readonly collector: CollectorWallet;
  readonly buyer: CollectorWallet;
  readonly artist: `0x${string}`;
  readonly openMarket: () => Promise<DollarMarket>;
  readonly timeline: Timeline;
  readonly print: (line: string) => void;
}

/**
 * `demo`: a work's journey over three chains, through the public API and a collector's wallet alone,
 * against the start that runs on `dataDir`, or one of its own, which ends with it.
 *
 * @throws {@link DemoError} if an expectation does not hold in the end, or the journey does not come to its end.
 */
export async function runDemo(
  { port, dataDir }: { readonly port: number; readonly dataDir: string },
  { env, print, signal }: CommandContext,
): Promise<void> {
  const pid = findRunningStart(dataDir);
  if (pid !== undefined) {
    const connection = readConnection(dataDir);
    if (connection === undefined)
      throw new DemoError(`Process ${pid} is not ready yet. Try again in a moment.`);
    print(`Using the Colophon at ${connection.url} (process ${pid}).`);
    return show(connection, dataDir, { print, signal });
  }
  print('Nothing runs on this data folder: starting Colophon for this demo.');
  const environment = startEnvironmentSchema.parse(env);
  const running = await start({ port, dataDir, fresh: false, environment, print, signal });
  try {
    await show(running.connection, dataDir, { print, signal });
  } finally {
    await running.stop();
  }
}

async function show(
  connection: Connection,
  dataDir: string,
  { print, signal }: Pick<CommandContext, 'print' | 'signal'>,
): Promise<void> {
  const [collectorKey, buyerKey, artistKey] = connection.collectorKeys;
  const devnet = readDevnetFile(layOut(dataDir).devnetDir);
  if (!collectorKey || !buyerKey || !artistKey || devnet === undefined) {
    throw new DemoError('The demo needs the local chains: start without CHAINS_FILE.');
  }
  const api = new ApiClient(connection);
  try {
    const timeline = new Timeline(print);
    const chainTable = ChainTable.parse(JSON.parse(readFileSync(connection.chainsFile, 'utf8')));
    const { chains } = await api.request(operations.chains, {});
    const names = new Map<ChainId, string>(chains.map(({ chainId, name }) => [chainId, name]));
    const stage: Stage = {
      api,
      timeline,
      print,
      gallery: new Gallery(api, timeline, names),
      collector: new CollectorWallet(collectorKey, chainTable),
      buyer: new CollectorWallet(buyerKey, chainTable),
      artist: new CollectorWallet(artistKey, chainTable).address,
      openMarket: () => DollarMarket.open(devnet, chainTable, ROUTE.base),
      reader: new ChainReader(chainTable),
    };
    print('\nThe journey:');
    const journey = await within(travel({ ...stage, route: ROUTE }, connection.account), signal);
    print('\nWhat the chains say:');
    await check(stage, journey);
  } finally {
    await api.close();
  }
}

async function check({ gallery, reader, print, timeline }: Stage, journey: Journey): Promise<void> {
  const expectations = new Expectations(print);
  const subjects = await Promise.all(
    journey.expected.map(async (expected) => {
      const work = await gallery.work(expected.workId);
      return { work, expected, registry: journey.registry, history: await gallery.provenance(work.id) };
    }),
  );
  for (const subject of subjects) await checkWork(expectations, reader, subject);
  await checkSale(expectations, reader, journey.sale);
  for (const dispatch of journey.dispatches) await checkDispatch(expectations, reader, dispatch);
  for (const { work, history } of subjects) {
    await checkProvenance(expectations, reader, `work ${work.edition}`, history);
  }
  for (const { work, history } of subjects) {
    print(`\nThe history of work ${work.edition}:`);
    for (const entry of history) print(describe(entry));
  }
  const { count, failures } = expectations.result();
  if (failures > 0) throw new DemoError(`${failures} of ${count} expectations do not hold.`);
  print(`\nAll ${count} expectations hold, after ${timeline.seconds()} s.`);
}

function describe({ sequence, kind, evidence, hash }: ProvenanceEvent): string {
  const proof =
    evidence === null
      ? 'no evidence'
      : `${evidence.chainId} block ${evidence.blockNumber} log ${evidence.logIndex} transaction ${evidence.transactionHash}`;
  return `  ${String(sequence ?? '…').padStart(3)} ${kind.padEnd(15)} ${proof}\n      ${hash ?? 'provisional'}`;
}

/** Ends the wait for a journey that takes too long or was called off. */
async function within(journey: Promise<Journey>, signal: AbortSignal): Promise<Journey> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(JOURNEY_TIMEOUT_MS)]);
  const cut = aborted(ended).then((): never => {
    throw new DemoError('The journey did not come to its end.');
  });
  return Promise.race([journey, cut]);
}
