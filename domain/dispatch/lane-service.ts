import { TRANSPORT_NUMBER } from '../../chains/evm/registry/calls';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import type { RegistryId, TenantId } from '../../schema/ids';
import { type Lane, TransportKind } from '../../schema/types/chain';
import type { Registry } from '../../schema/types/registry';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { numberArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { RegistryRepository } from '../registry/registry-repository';

type LaneEnds = Pick<Lane, 'sourceChainId' | 'destinationChainId' | 'transport'>;

interface DeliveryRow {
  deliveries: number;
  p50_seconds: number | null;
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
    const mirrors = registry.chainIds.filter((chainId) => chainId !== registry.homeChainId);
    const ends = mirrors
      .flatMap((mirror) => [
        { sourceChainId: registry.homeChainId, destinationChainId: mirror },
        { sourceChainId: mirror, destinationChainId: registry.homeChainId },
      ])
      .flatMap((pair) => Object.values(TransportKind).map((transport) => ({ ...pair, transport })));
    const observed = await this.deliveries(tx, ends);
    return ends.map((lane, index): Lane => {
      const own = events.filter((event) => isOfLane(event, lane));
      const seen = observed[index];
      if (seen === undefined) throw new Error('each lane has its row');
      return {
        ...lane,
        open: own.some(({ name }) => name === 'LaneOpened'),
        paused: own.filter(({ name }) => name !== 'LaneOpened').at(-1)?.name === 'LanePaused',
        observedDeliveries: seen.deliveries,
        deliverySecondsP50: seen.p50_seconds,
      };
    });
  }

  /** @returns A row for each lane, in their order. */
  private async deliveries(tx: TenantTx, lanes: readonly LaneEnds[]): Promise<DeliveryRow[]> {
    return tx.manager.query(
      `select newest.*
         from unnest($2::text[], $3::text[], $4::text[]) with ordinality lane (source, destination, transport, place)
        cross join lateral (
          select count(*)::int as deliveries,
                 percentile_cont(0.5) within group (order by extract(epoch from delivered_at - sent_at)) as p50_seconds
            from (select sent_at, delivered_at from dispatches
                   where tenant_id = $1 and source_chain_id = lane.source and destination_chain_id = lane.destination
                     and transport = lane.transport and delivered_at is not null and sent_at is not null
                   order by delivered_at desc limit $5) delivered
        ) newest
        order by lane.place`,
      [
        tx.tenantId,
        lanes.map(({ sourceChainId }) => sourceChainId),
        lanes.map(({ destinationChainId }) => destinationChainId),
        lanes.map(({ transport }) => transport),
        DELIVERIES_OBSERVED,
      ],
    );
  }
}

/** Events name the far chain, and the bridges as a set of bits. */
function isOfLane(event: RegistryEvent, { sourceChainId, destinationChainId, transport }: LaneEnds): boolean {
  return (
    event.chainId === sourceChainId &&
    textArg(event, 'chainHash') === chainHashOf(destinationChainId) &&
    (numberArg(event, 'transport') & TRANSPORT_NUMBER[transport]) !== 0
  );
}
