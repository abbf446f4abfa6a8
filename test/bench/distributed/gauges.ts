import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type Address, createPublicClient, http } from 'viem';
import { gatewayAbi } from '../../../chains/abi/gateway';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import type { ChainId } from '../../../schema/caip';
import { CHAINS, HOME } from '../../faults/support/fault-world';
import type { Deployment } from './deployment';

const EVERY_MS = 500;
const QUERY_TIMEOUT_MS = 2_000;

/** What was seen from outside at one moment. */
export interface Sample {
  /** Milliseconds since the run began. */
  readonly at: number;
  /** Statements that the galleries' home Gateways have sent so far: each is a dispatch that is on its way. */
  readonly sent: number;
  /** Blocks that the record is behind, of the chain where it is most; undefined while the database is away. */
  readonly lag: number | undefined;
}

/** Looks every half second at the chains, and at what is recorded of them, past the API. */
export class Gauges {
  readonly samples: Sample[] = [];
  private sent = 0;
  private from = 0n;
  private stopping = false;
  private running: Promise<void> = Promise.resolve();
  private client: Client | undefined;

  private constructor(
    private readonly deployment: Deployment,
    private readonly gateways: Address[],
    private readonly now: () => number,
  ) {}

  static async start(deployment: Deployment, now: () => number): Promise<Gauges> {
    const { galleries, stage } = deployment;
    const registries = await Promise.all(
      galleries.map(({ tenantId, registryId }) => stage.domain.registries.get(tenantId, registryId)),
    );
    // CAST: the registry holds what the factory's addresses were computed as.
    const gateways = registries.map((registry) => contractsOn(registry, HOME).gateway as Address);
    const gauges = new Gauges(deployment, gateways, now);
    gauges.from = await gauges.reader(HOME).getBlockNumber();
    gauges.running = gauges.run();
    return gauges;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
    await this.client?.end();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const heads = await this.heads();
      await this.countSent(heads.get(HOME) ?? 0n);
      this.samples.push({ at: this.now(), sent: this.sent, lag: await this.lag(heads) });
      await delay(EVERY_MS);
    }
  }

  private async heads(): Promise<Map<ChainId, bigint>> {
    const pairs = CHAINS.map(
      async (chainId) => [chainId, await this.reader(chainId).getBlockNumber()] as const,
    );
    return new Map(await Promise.all(pairs));
  }

  private async countSent(head: bigint): Promise<void> {
    if (head < this.from) return;
    const range = { fromBlock: this.from, toBlock: head };
    const event = { abi: gatewayAbi, eventName: 'StatementSent' } as const;
    const logs = await this.reader(HOME).getContractEvents({ address: this.gateways, ...event, ...range });
    this.sent += logs.length;
    this.from = head + 1n;
  }

  private async lag(heads: ReadonlyMap<ChainId, bigint>): Promise<number | undefined> {
    try {
      const recorded = await this.recorded();
      return Math.max(
        ...[...heads].map(([chainId, head]) => Number(head - (recorded.get(chainId) ?? 0n))),
        0,
      );
    } catch {
      this.client = undefined; // the next look connects again
      return undefined;
    }
  }

  private async recorded(): Promise<Map<string, bigint>> {
    if (this.client === undefined) {
      const client = new Client({
        connectionString: this.deployment.stage.database.adminUrl,
        query_timeout: QUERY_TIMEOUT_MS,
        connectionTimeoutMillis: QUERY_TIMEOUT_MS,
      });
      client.on('error', () => undefined); // the query at hand rejects as well
      await client.connect();
      this.client = client;
    }
    const { rows } = await this.client.query<{ chain_id: string; head_number: string }>(
      'select chain_id, head_number from chain_cursors',
    );
    return new Map(rows.map(({ chain_id, head_number }) => [chain_id, BigInt(head_number)]));
  }

  private reader(chainId: ChainId) {
    return createPublicClient({
      transport: http(this.deployment.stage.devnet.directUrl(chainId)),
      cacheTime: 0,
    });
  }
}
