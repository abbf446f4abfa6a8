import { until } from '../devnet/polling';
import { type FaultWorld, HOME } from '../faults/support/fault-world';
import { withClient } from '../support/template-database';
import { type BenchmarkOptions, percentile } from './benchmark';
import { mintTo } from './dispatch-throughput';

const FULL_WORKS = 50;
const SMALL_WORKS = 4;
const WAIT_MS = 180_000;

interface LaneRow {
  readonly lane: string;
  readonly seconds: number[];
}

/** Prints, per lane, how long new metadata takes from `updateMetadata` until a mirror has applied it. */
export async function reportPropagation(world: FaultWorld, { small, log }: BenchmarkOptions): Promise<void> {
  const { domain, tenantId } = world;
  const { address } = await domain.signers.accountFor(tenantId, HOME);
  const workIds = await mintTo(world, address, small ? SMALL_WORKS : FULL_WORKS);
  for (const workId of workIds)
    await domain.works.updateMetadata(tenantId, { workId, metadata: { tide: 2 } });
  await withClient(world.database.adminUrl, async (client) => {
    const allApplied = async () => {
      const { rows } = await client.query(
        `select count(*)::int as open from dispatches where kind = 'STATE' and state <> 'CONFIRMED'`,
      );
      return rows[0].open === 0;
    };
    await until('every mirror to have the new state', allApplied, { timeoutMs: WAIT_MS, everyMs: 250 });
    const { rows } = await client.query<LaneRow>(
      `select source_chain_id || ' > ' || destination_chain_id || ' by ' || transport as lane,
              array_agg(extract(epoch from delivered_at - created_at)::float) as seconds
         from dispatches where kind = 'STATE' and delivered_at is not null group by lane order by lane`,
    );
    for (const { lane, seconds } of rows) {
      log(
        `state propagation ${lane}: p50 ${percentile(seconds, 0.5).toFixed(1)} s, ` +
          `p99 ${percentile(seconds, 0.99).toFixed(1)} s over ${seconds.length} states`,
      );
    }
  });
}
