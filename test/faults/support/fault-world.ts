import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { createPublicClient, createWalletClient, http, parseEther } from 'viem';
import type { Domain } from '../../../domain/compose';
import { type AccountId, type ChainId, evmAccountId, evmChainId } from '../../../schema/caip';
import type { RegistryId, TenantId, WorkId } from '../../../schema/ids';
import { createProjectSchema } from '../../../schema/inputs/project';
import type { Dispatch, DispatchState, LaneChoice } from '../../../schema/types/dispatch';
import type { Work } from '../../../schema/types/work';
import { AccountIndex, accountAt } from '../../devnet/accounts';
import type { DeliveryFaults } from '../../devnet/delivery-faults';
import { type Devnet, startDevnet } from '../../devnet/devnet';
import { until } from '../../devnet/polling';
import { ProcessCrew } from '../../support/processes';
import { type Finality, Stage, writeChainsFile } from '../../support/stage';
import type { TestDatabase } from '../../support/test-database';

export const HOME = evmChainId(11155111);
export const BASE = evmChainId(84532);
export const MOONBEAM = evmChainId(1284);
export const CHAINS = [HOME, BASE, MOONBEAM] as const;

const RICH = accountAt(AccountIndex.Test);
/** How long a test may take on a busy machine; conditions are polled, so a quick one pays nothing. */
export const PATIENCE_MS = 180_000;
/** How long one condition may take: less than a test, so that the test can say which it was. */
export const CONDITION_MS = 75_000;
const POLL_MS = 100;
/** How long anybody may take to say how it stands when a condition was not met. */
const ANSWER_MS = 5_000;
/** Characters of each log that are shown then. */
const LAST_WORDS = 1_000;

const NO_DELIVERY_FAULTS: DeliveryFaults = {
  running: true,
  loseNext: 0,
  duplicateProbability: 0,
  reorderProbability: 0,
};

/**
 * One deployment on one devnet: worker and follower in processes of their own, the API's part in the
 * test's, and a tenant with a registry on all three chains.
 */
export class FaultWorld {
  readonly crew: ProcessCrew;
  private tenant: TenantId | undefined;
  private registry: RegistryId | undefined;

  private constructor(readonly stage: Stage) {
    this.crew = new ProcessCrew(stage.environment, stage.folder);
  }

  /**
   * @param saveEveryMs - How often the chains are written to disk; see `startDevnet`.
   * @param database - In place of one on the run's own server.
   */
  static async start({
    saveEveryMs,
    ...given
  }: {
    readonly saveEveryMs?: number;
    readonly database?: TestDatabase;
  } = {}): Promise<FaultWorld> {
    const stage = await Stage.open({
      name: 'faults',
      logger: pino({ level: 'silent' }),
      environment: { LOG_LEVEL: 'info' },
      ...(saveEveryMs === undefined ? {} : { devnet: { saveEveryMs } }),
      ...given,
    });
    const world = new FaultWorld(stage);
    await world.crew.startAll();
    await world.createRegistry();
    return world;
  }

  async stop(): Promise<void> {
    await this.crew.stopAll();
    await this.stage.close();
  }

  get devnet(): Devnet {
    return this.stage.devnet;
  }

  get database(): TestDatabase {
    return this.stage.database;
  }

  get domain(): Domain {
    return this.stage.domain;
  }

  /** Takes back every disturbance of chains, endpoints and networks, also those that a failed test left. */
  async calm(): Promise<void> {
    const { devnet } = this;
    const honest = CHAINS.flatMap((chainId) => [
      devnet.resumeMining(chainId),
      devnet.setRpcFault(chainId, { kind: 'none' }),
    ]);
    await Promise.all([
      ...honest,
      devnet.setDeliveryFaults('ccip', NO_DELIVERY_FAULTS),
      devnet.setDeliveryFaults('layerZero', NO_DELIVERY_FAULTS),
    ]);
  }

  get tenantId(): TenantId {
    if (this.tenant === undefined) throw new Error('the world has no tenant yet');
    return this.tenant;
  }

  get registryId(): RegistryId {
    if (this.registry === undefined) throw new Error('the world has no registry yet');
    return this.registry;
  }

  /** Starts the chains and networks again that a test has killed, from what is on disk. */
  async restartDevnet({ saveEveryMs }: { saveEveryMs: number }): Promise<void> {
    this.stage.devnet = await startDevnet({ dataDir: this.stage.folder, saveEveryMs });
  }

  /** Restarts both processes with other finality on all chains. */
  async restartWithFinality(finality: Finality): Promise<void> {
    this.crew.setEnvironment({ CHAINS_FILE: writeChainsFile(this.stage.folder, finality) });
    await this.crew.startAll();
  }

  /** Accepts the mint of `count` works and waits until all of them live on the home chain. */
  async mintLive(count: number, holder?: AccountId): Promise<WorkId[]> {
    const workIds = await this.mint(count, holder);
    for (const workId of workIds) {
      await this.eventually('a mint is live', async () => (await this.work(workId)).state === 'LIVE');
    }
    return workIds;
  }

  /** Accepts the mint of `count` works for a holder, the tenant's own account by default. */
  async mint(count: number, holder?: AccountId): Promise<WorkId[]> {
    const { address } = await this.domain.signers.accountFor(this.tenantId, HOME);
    const works = Array.from({ length: count }, (_, index) => ({
      to: holder ?? evmAccountId(HOME, address),
      metadata: { title: `Tide ${index}` },
    }));
    const minted = await this.domain.mints.mint(this.tenantId, { registryId: this.registryId, works });
    return minted.map(({ id }) => id);
  }

  send(workId: WorkId, destinationChainId: ChainId, lane: LaneChoice): Promise<Dispatch> {
    return this.domain.dispatches.send(this.tenantId, { workId, destinationChainId, lane });
  }

  work(workId: WorkId): Promise<Work> {
    return this.domain.works.get(this.tenantId, workId);
  }

  dispatch({ id }: Pick<Dispatch, 'id'>): Promise<Dispatch> {
    return this.domain.dispatches.get(this.tenantId, id);
  }

  /** Waits until a dispatch is in one of these states. @returns it as it is then. */
  async reaches(dispatch: Pick<Dispatch, 'id'>, ...states: DispatchState[]): Promise<Dispatch> {
    let last = await this.dispatch(dispatch);
    const isThere = async () => {
      last = await this.dispatch(dispatch);
      return states.includes(last.state);
    };
    try {
      await this.eventually(`the dispatch is ${states.join(' or ')}`, isThere);
    } catch (error) {
      throw new Error(`it stays ${JSON.stringify(last)}`, { cause: error });
    }
    return last;
  }

  async eventually(what: string, condition: () => Promise<boolean>): Promise<true> {
    try {
      return await until(what, condition, { timeoutMs: CONDITION_MS, everyMs: POLL_MS });
    } catch (cause) {
      throw new Error(`${what}: no. ${await this.standing()}`, { cause });
    }
  }

  /** Why a chain cannot be seen well, as tenants are told. */
  async chainAlert(chainId: ChainId): Promise<string | null> {
    const chains = await this.domain.chains.all();
    return chains.find((chain) => chain.chainId === chainId)?.alert ?? null;
  }

  /** What a person asks first when something does not come about. The processes and their logs will be gone. */
  private async standing(): Promise<string> {
    const { devnet, stage } = this;
    const questions: readonly [string, Promise<unknown>][] = [
      ['recorded', this.domain.chains.all()],
      ...CHAINS.flatMap((chainId): [string, Promise<unknown>][] => [
        [`head of ${chainId}`, devnet.rpc(chainId, 'eth_blockNumber').then(Number)],
        [
          `final of ${chainId}`,
          devnet.rpc(chainId, 'eth_getBlockByNumber', ['finalized', false]).then(numberOf),
        ],
      ]),
      ['ccip', devnet.deliveryStatus('ccip')],
      ['layerZero', devnet.deliveryStatus('layerZero')],
    ];
    const patience = delay(ANSWER_MS, 'silence');
    const answers = questions.map(async ([name, answer]) => {
      const said = await Promise.race([answer.catch(String), patience]);
      return `${name}: ${JSON.stringify(said).slice(0, 400)}`;
    });
    const logs = [stage.folder, join(stage.folder, 'logs')].flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.log'))
        .map((name) => `${name}: …${readFileSync(join(folder, name), 'utf8').slice(-LAST_WORDS)}`),
    );
    return [...(await Promise.all(answers)), ...logs].join('\n');
  }

  private async createRegistry(): Promise<void> {
    this.tenant = (await this.domain.tenancy.createTenant('Gallery')).tenantId;
    this.registry = await createTides(this, this.tenantId);
    await this.eventually(
      'the registry is active',
      async () => (await this.domain.registries.get(this.tenantId, this.registryId)).state === 'ACTIVE',
    );
  }
}

function numberOf(block: unknown): number {
  return Number((block as { number: string }).number); // CAST: a JSON-RPC block
}

/** Where tenants are, and the chains that they are on. */
export type Place = Pick<Stage, 'domain' | 'devnet'>;

/** Gives a tenant's account `wei` on a chain, from a rich account. */
export async function fund(
  { domain, devnet }: Place,
  tenantId: TenantId,
  chainId: ChainId,
  wei: bigint,
): Promise<void> {
  const { address } = await domain.signers.accountFor(tenantId, chainId);
  const transport = http(devnet.directUrl(chainId));
  const wallet = createWalletClient({ account: RICH, transport });
  const hash = await wallet.sendTransaction({ to: address, value: wei, chain: null });
  await createPublicClient({ transport }).waitForTransactionReceipt({ hash, pollingInterval: POLL_MS });
}

/** Asks for a registry of a tenant on all three chains, once it has money there. */
export async function createTides(place: Place, tenantId: TenantId, editionCap = 1_000): Promise<RegistryId> {
  const { domain } = place;
  await Promise.all(CHAINS.map((chainId) => fund(place, tenantId, chainId, parseEther('1000'))));
  const project = await domain.projects.create(
    tenantId,
    createProjectSchema.parse({
      name: 'Tides',
      artistName: 'Ada',
      artistAccount: evmAccountId(HOME, accountAt(AccountIndex.FirstCollector).address),
      script: 'draw()',
      editionCap,
      royaltyBps: 500,
      licence: 'CC-BY-4.0',
    }),
  );
  const { id } = await domain.registries.create(tenantId, {
    projectId: project.id,
    name: 'Tides',
    symbol: 'TIDE',
    homeChainId: HOME,
    mirrorChainIds: [BASE, MOONBEAM],
    // Benchmarks send more than a gallery does in a day.
    travelLimit: { capacity: 100_000, perDay: 100_000 },
  });
  return id;
}
