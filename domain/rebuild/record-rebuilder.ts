import type { ChainId } from '../../schema/caip';
import type { RegistryId, WorkId } from '../../schema/ids';
import type { AsOwner } from '../../tenants/owner-database';
import type { TenantTx } from '../../tenants/tenant-database';
import { groupBy } from '../group-by';
import { LicenceProjection } from '../licensing/licence-projection';
import type { LicenceRepository } from '../licensing/licence-repository';
import type { EventIntake } from '../provenance/event-intake';
import { Projector, type ProjectorStores } from '../provenance/projector';
import type { HashedEntry } from '../provenance/provenance-entry';
import { replaceTable } from './apply-rebuild';
import { compareTable, type TableComparison } from './comparison';
import { DERIVED_TABLES } from './derived-tables';
import { replayHistory } from './history-replay';
import { ShadowTables } from './shadow-tables';

export interface RebuildStores extends ProjectorStores {
  readonly licences: LicenceRepository;
}

/** How the record of a registry compares with what the recorded logs make of it. */
export const RegistryState = {
  Identical: 'IDENTICAL',
  /** It differs only in what the next projection, which waits in the outbox, puts right by itself. */
  Behind: 'BEHIND',
  Different: 'DIFFERENT',
} as const;

export type RegistryState = (typeof RegistryState)[keyof typeof RegistryState];

export interface RegistryComparison {
  readonly registryId: RegistryId;
  readonly state: RegistryState;
  /** Events that the next projection will take over. */
  readonly waitingEvents: number;
  readonly tables: readonly TableComparison[];
}

/** The application's role can add rows to them, and nothing else. */
const APPEND_ONLY: ReadonlySet<string> = new Set(['provenance_events']);

/** Rebuilding queues nothing: what is to be done about events was queued when they were first seen. */
const QUEUES_NOTHING: ConstructorParameters<typeof LicenceProjection>[0]['outbox'] = {
  add: async () => '00000000-0000-0000-0000-000000000000' as never, // CAST: nobody reads the id of a job that there is not.
};

/** Computes the record of a registry anew from the recorded logs, by the projection itself, beside what is there. */
export class RecordRebuilder {
  constructor(
    private readonly intake: EventIntake,
    private readonly stores: RebuildStores,
  ) {}

  /** @param tx - Sees one moment throughout (repeatable read); leaves temporary tables of its own behind. */
  async compare(tx: TenantTx, registryId: RegistryId): Promise<RegistryComparison> {
    const marks = await wrongMarks(tx, registryId);
    const shadow = new ShadowTables(tx, registryId);
    await shadow.copyRecorded();
    await shadow.keepAs('recorded');
    const waitingEvents = await this.project(tx, registryId);
    await shadow.keepAs('current');
    await shadow.clear();

    await shadow.beginAnew();
    await this.project(tx, registryId);
    await this.replayHistories(tx, registryId);
    await shadow.keepAs('rebuilt');
    await shadow.clear();

    const recorded: TableComparison[] = [];
    const current: TableComparison[] = [];
    for (const table of DERIVED_TABLES) {
      recorded.push(await compareTable(tx, table, ['recorded', 'rebuilt']));
      if (waitingEvents > 0) current.push(await compareTable(tx, table, ['current', 'rebuilt']));
    }
    const isEqual = (tables: readonly TableComparison[]) =>
      tables.every(({ differences }) => differences === 0);
    const tables = [...recorded, ...marks];
    const heals = waitingEvents > 0 && isEqual([...current, ...marks]);
    const state = isEqual(tables)
      ? RegistryState.Identical
      : heals
        ? RegistryState.Behind
        : RegistryState.Different;
    return { registryId, state, waitingEvents, tables };
  }

  /**
   * Puts what {@link compare} has computed, in the same transaction, in the place of what is there. Rows that are right
   * are not touched.
   *
   * @param asOwner - Lets what it is given write a table that is append-only for everybody but its owner.
   * @returns How many rows were written or removed, by table.
   */
  async replace(
    tx: TenantTx,
    registryId: RegistryId,
    asOwner: AsOwner,
  ): Promise<ReadonlyMap<string, number>> {
    const changed = new Map<string, number>();
    for (const derived of DERIVED_TABLES) {
      const { table } = derived;
      const write = () => replaceTable(tx, registryId, derived);
      changed.set(table, APPEND_ONLY.has(table) ? await asOwner(table, write) : await write());
    }
    // The projection reads all of the chains' logs again next time: what is known by then changes nothing.
    await tx.manager.query(
      `update public.projections set final_block = -1, breach_id = 0 where tenant_id = $1 and registry_id = $2`,
      [tx.tenantId, registryId],
    );
    return changed;
  }

  private project(tx: TenantTx, registryId: RegistryId): Promise<number> {
    const { events, licences } = this.stores;
    const projector = new Projector(
      { transaction: async (_tenantId, work) => work(tx) },
      this.intake,
      this.stores,
      [new LicenceProjection({ events, licences, outbox: QUEUES_NOTHING })],
    );
    return projector.project(tx.tenantId, registryId);
  }

  private async replayHistories(tx: TenantTx, registryId: RegistryId): Promise<void> {
    const works: { id: WorkId; token_id: string | null }[] = await tx.manager.query(
      'select id, token_id from pg_temp.works order by id',
    );
    const tokenIds = works.flatMap(({ token_id }) => token_id ?? []);
    const events = await this.stores.events.find(tx, registryId, { tokenIds });
    const byToken = groupBy(events, ({ tokenId }) => tokenId);
    const recorded = await recordedHistories(tx);
    await tx.manager.query('delete from pg_temp.provenance_events');
    for (const { id, token_id } of works) {
      const ofWork = token_id === null ? [] : (byToken.get(token_id) ?? []);
      await insertHistory(tx, id, replayHistory(recorded.get(id) ?? [], ofWork));
    }
  }
}

/** As the next projection leaves them. */
async function recordedHistories(tx: TenantTx): Promise<ReadonlyMap<WorkId, HashedEntry[]>> {
  const rows: (HashedEntry & { workId: WorkId })[] = await tx.manager.query(
    `select work_id as "workId", sequence, kind, facts, evidence, previous_hash as "previousHash", hash
       from pg_temp.current_provenance_events order by work_id, sequence`,
  );
  return groupBy(rows, ({ workId }) => workId);
}

async function insertHistory(tx: TenantTx, workId: WorkId, history: readonly HashedEntry[]): Promise<void> {
  if (history.length === 0) return;
  await tx.manager.query(
    `insert into pg_temp.provenance_events (tenant_id, work_id, sequence, kind, facts, evidence, previous_hash, hash)
     select $1, $2, * from unnest($3::int[], $4::text[], $5::jsonb[], $6::jsonb[], $7::text[], $8::text[])`,
    [
      tx.tenantId,
      workId,
      history.map(({ sequence }) => sequence),
      history.map(({ kind }) => kind),
      history.map(({ facts }) => JSON.stringify(facts)),
      history.map(({ evidence }) => evidence && JSON.stringify(evidence)),
      history.map(({ previousHash }) => previousHash),
      history.map(({ hash }) => hash),
    ],
  );
}

/** Marks that no projection can have made: above what is final. What lies under a mark is never read again. */
async function wrongMarks(tx: TenantTx, registryId: RegistryId): Promise<TableComparison[]> {
  const rows: { chain_id: ChainId; final_block: string; breach_id: string; final_number: string | null }[] =
    await tx.manager.query(
      `select p.chain_id, p.final_block, p.breach_id, c.final_number
         from public.projections p left join chain_cursors c on c.chain_id = p.chain_id
         cross join lateral (
           select coalesce(max(id), 0) as last from chain_breaches b where b.chain_id = p.chain_id
         ) breach
        where p.tenant_id = $1 and p.registry_id = $2
          and (p.breach_id > breach.last or p.breach_id = breach.last and p.final_block > coalesce(c.final_number, -1))
        order by p.chain_id`,
      [tx.tenantId, registryId],
    );
  if (rows.length === 0) return [];
  return [
    {
      table: 'projections',
      rows: rows.length,
      recordedHash: '',
      rebuiltHash: '',
      differences: rows.length,
      first: rows.map(({ chain_id, final_block, breach_id, final_number }) => ({
        key: { chain_id },
        recorded: { final_block, breach_id },
        rebuilt: { final_block: final_number },
      })),
    },
  ];
}
