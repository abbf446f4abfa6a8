import { TRANSPORT_NUMBER } from '../../chains/evm/registry/calls';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import type { ChainId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import { type Lane, TransportKind } from '../../schema/types/chain';
import type { Registry } from '../../schema/types/registry';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { numberArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { RegistryRepository } from '../registry/registry-repository';

interface DeliveryRow {
  source_chain_id: ChainId;
  destination_chain_id: ChainId;
  transport: TransportKind;
  deliveries: string;
  p50_seconds: number;
}

/** How many of the newest deliveries of a lane its median is taken over. */
const DELIVERIES_OBSERVED = 100;

/** The lanes of registries: which are open, and how fast they have been. */
export class LaneService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly registries: RegistryRepository,
    private readonly events: RegistryEventRepository,
  ) {}

  /** All lanes of a registry, open or not. @throws NotFoundError if the tenant has no such registry. */
  async lanes(tenantId: TenantId, registryId: RegistryId): Promise<Lane[]> {
    return this.database.transaction(tenantId, async (tx) =>
      this.lanesOf(tx, await this.registries.get(tx, registryId)),
    );
  }

  /** As {@link lanes}, within a transaction. */
  async lanesOf(tx: TenantTx, registry: Registry): Promise<Lane[]> {
    const events = await this.events.find(tx, registry.id, {
      names: ['LaneOpened', 'LanePaused', 'LaneResumed'],
    });
    const observed = await this.deliveries(tx);
    const mirrors = registry.chainIds.filter((chainId) => chainId !== registry.homeChainId);
    const pairs = mirrors.flatMap((mirror) => [
      { sourceChainId: registry.homeChainId, destinationChainId: mirror },
      { sourceChainId: mirror, destinationChainId: registry.homeChainId },
    ]);
    return pairs.flatMap((pair) =>
      Object.values(TransportKind).map((transport): Lane => {
        const own = events.filter((event) => isOfLane(event, pair, transport));
        const seen = observed.find(
          (row) =>
            row.source_chain_id === pair.sourceChainId &&
            row.destination_chain_id === pair.destinationChainId &&
            row.transport === transport,
        );
        return {
          ...pair,
          transport,
          open: own.some(({ name }) => name === 'LaneOpened'),
          paused: own.filter(({ name }) => name !== 'LaneOpened').at(-1)?.name === 'LanePaused',
          observedDeliveries: Number(seen?.deliveries ?? 0),
          deliverySecondsP50: seen?.p50_seconds ?? null,
        };
      }),
    );
  }

  private async deliveries(tx: TenantTx): Promise<DeliveryRow[]> {
    return tx.manager.query(
      `select source_chain_id, destination_chain_id, transport, count(*) as deliveries,
              percentile_cont(0.5) within group (order by extract(epoch from delivered_at - sent_at)) as p50_seconds
         from (select *, row_number() over (partition by source_chain_id, destination_chain_id, transport
                                            order by delivered_at desc) as place
                 from dispatches where tenant_id = $1 and delivered_at is not null and sent_at is not null) newest
        where place <= $2
        group by source_chain_id, destination_chain_id, transport`,
      [tx.tenantId, DELIVERIES_OBSERVED],
    );
  }
}

/** Events name the far chain, and the bridges as a set of bits. */
function isOfLane(
  event: RegistryEvent,
  { sourceChainId, destinationChainId }: Pick<Lane, 'sourceChainId' | 'destinationChainId'>,
  transport: TransportKind,
): boolean {
  return (
    event.chainId === sourceChainId &&
    textArg(event, 'chainHash') === chainHashOf(destinationChainId) &&
    (numberArg(event, 'transport') & TRANSPORT_NUMBER[transport]) !== 0
  );
}
