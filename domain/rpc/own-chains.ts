import type { ChainTable } from '../../chains/chain-table';
import { OwnEvmClient } from '../../chains/evm/rpc/own-evm-client';
import type { ChainAccess, ChainAccesses, TenantChains } from '../../chains/transactions/chain-access';
import type { ChainId } from '../../schema/caip';
import type { ErrorCode } from '../../schema/error-codes';
import type { TenantId } from '../../schema/ids';
import { unjournaled } from '../../tenants/step-journal';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { ReceiverPolicy } from '../webhooks/receiver-policy';
import { rpcDial } from './rpc-dial';
import type { BroughtEndpoints, RpcEndpointRepository } from './rpc-endpoint-repository';

/** For how long a process may go on with endpoints that another one has changed. */
const FRESH_MS = 5_000;
/** With more tenants than that in memory, the one that was read first is forgotten. */
const MAX_REMEMBERED = 1_000;
/** A client that is replaced is closed when no call of it can be under way any more. */
const CLOSE_AFTER_MS = 60_000;
/** Failures are put down this often at most, per tenant and chain. */
const NOTE_EVERY_MS = 30_000;

interface OwnClient {
  /** What it was made from. */
  readonly made: string;
  readonly client: OwnEvmClient;
}

type OwnClients = ReadonlyMap<ChainId, OwnClient>;

interface Remembered {
  readonly clients: Promise<OwnClients>;
  readonly untilMs: number;
}

/** Every chain, for each tenant over the endpoints that it has brought, and over the deployment's for all others. */
export class OwnChains implements TenantChains {
  private readonly remembered = new Map<TenantId, Remembered>();

  constructor(
    private readonly deployment: ChainAccesses,
    private readonly database: TenantDatabase,
    private readonly endpoints: RpcEndpointRepository,
    private readonly chains: ChainTable,
    private readonly policy: ReceiverPolicy,
  ) {}

  get(chainId: ChainId): ChainAccess {
    return this.deployment.get(chainId);
  }

  async for(tenantId: TenantId, chainId: ChainId): Promise<ChainAccess> {
    return (await this.clientsOf(tenantId)).get(chainId)?.client ?? this.get(chainId);
  }

  /** Has the next call look at what the tenant has brought. */
  changed(tenantId: TenantId): void {
    const known = this.remembered.get(tenantId);
    if (known !== undefined) this.remembered.set(tenantId, { ...known, untilMs: 0 });
  }

  private clientsOf(tenantId: TenantId): Promise<OwnClients> {
    const nowMs = performance.now();
    const known = this.remembered.get(tenantId);
    if (known !== undefined && nowMs < known.untilMs) return known.clients;
    const clients = this.read(tenantId, known?.clients);
    this.remembered.set(tenantId, { clients, untilMs: nowMs + FRESH_MS });
    clients.catch(() => this.forget(tenantId, clients)); // whoever awaits it sees the failure
    this.forgetOldest();
    return clients;
  }

  private async read(tenantId: TenantId, earlier: Promise<OwnClients> | undefined): Promise<OwnClients> {
    const before: OwnClients = (await earlier) ?? new Map();
    // Whether they are fresh is chance, so this must not count among a request's steps.
    const brought = await unjournaled(() =>
      this.database.transaction(tenantId, (tx) => this.endpoints.all(tx)),
    );
    const known = brought.filter(({ chainId }) => this.chains.find(chainId) !== undefined);
    const after = new Map(
      known.map((endpoints) => [
        endpoints.chainId,
        this.clientFor(tenantId, endpoints, before.get(endpoints.chainId)),
      ]),
    );
    for (const [chainId, { client }] of before) if (after.get(chainId)?.client !== client) closeLater(client);
    return after;
  }

  private clientFor(
    tenantId: TenantId,
    endpoints: BroughtEndpoints,
    before: OwnClient | undefined,
  ): OwnClient {
    const { chainId, urls, fallback } = endpoints;
    const made = JSON.stringify([urls, fallback]);
    if (before?.made === made) return before;
    const client = new OwnEvmClient(this.chains.get(chainId), {
      urls,
      fallback: fallback ? this.get(chainId) : undefined,
      dial: rpcDial(this.policy),
      onOutage: this.noting(tenantId, chainId),
    });
    return { made, client };
  }

  private noting(tenantId: TenantId, chainId: ChainId): (code: ErrorCode) => Promise<void> {
    let notedMs = Number.NEGATIVE_INFINITY;
    return async (code) => {
      const nowMs = performance.now();
      if (nowMs - notedMs < NOTE_EVERY_MS) return;
      notedMs = nowMs;
      await unjournaled(() =>
        this.database.transaction(tenantId, (tx) => this.endpoints.noteError(tx, chainId, code)),
      );
    };
  }

  private forget(tenantId: TenantId, clients: Promise<OwnClients>): void {
    if (this.remembered.get(tenantId)?.clients === clients) this.remembered.delete(tenantId);
  }

  private forgetOldest(): void {
    if (this.remembered.size <= MAX_REMEMBERED) return;
    const [oldest] = this.remembered;
    if (oldest === undefined) return;
    const [tenantId, { clients }] = oldest;
    this.remembered.delete(tenantId);
    clients.then(
      (found) => {
        for (const { client } of found.values()) closeLater(client);
      },
      () => undefined, // those that awaited it saw the failure, and nothing was opened
    );
  }
}

function closeLater(client: OwnEvmClient): void {
  setTimeout(() => client.close(), CLOSE_AFTER_MS).unref();
}
