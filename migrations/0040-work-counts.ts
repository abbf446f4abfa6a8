import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, tenantWall } from './sql';

const WALLED = ['works', 'work_counts'];
const KEY = "tenant_id, registry_id, project_id, state, coalesce(chain_id, '')";

/**
 * How many works there are is counted as they change: counting them when it is asked for takes as long as there are many
 * (docs/growth.md).
 */
export class WorkCounts1700000000040 implements MigrationInterface {
  readonly name = 'WorkCounts1700000000040';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table work_counts (
        tenant_id uuid not null,
        registry_id uuid not null,
        project_id uuid not null,
        state text not null,
        -- empty for works that are on no chain
        chain_id text not null,
        -- writers count on different stripes, so that they seldom wait for each other: only the sum says anything
        stripe int not null,
        works bigint not null,
        primary key (tenant_id, registry_id, state, chain_id, stripe),
        foreign key (tenant_id, registry_id) references registries,
        foreign key (tenant_id, project_id) references projects
      );
      ${tenantWall('work_counts', 'select, insert, update')}
      ${erasable('work_counts')}

      create function count_works() returns trigger language plpgsql as $$
        declare
          own constant int := pg_backend_pid() % 16;
        begin
          -- in order, so that two statements on one stripe do not wait for each other
          if tg_op = 'INSERT' then
            insert into work_counts as counted
            select ${KEY}, own, count(*) from added group by 1, 2, 3, 4, 5 order by 1, 2, 4, 5
            on conflict (tenant_id, registry_id, state, chain_id, stripe) do update set works = counted.works + excluded.works;
          else
            insert into work_counts as counted
            select tenant_id, registry_id, project_id, state, chain_id, own, sum(works) from (
              select ${KEY}, 1 from after union all select ${KEY}, -1 from before
            ) changed (tenant_id, registry_id, project_id, state, chain_id, works)
             group by 1, 2, 3, 4, 5 having sum(works) <> 0 order by 1, 2, 4, 5
            on conflict (tenant_id, registry_id, state, chain_id, stripe) do update set works = counted.works + excluded.works;
          end if;
          return null;
        end
      $$;
      -- works are removed with their tenant alone, and then so are the counts
      create trigger works_counted after insert on works
        referencing new table as added for each statement execute function count_works();
      create trigger works_recounted after update on works
        referencing old table as before new table as after for each statement execute function count_works();

      -- what there is already; the wall holds for the owner, too
      ${WALLED.map((table) => `alter table ${table} no force row level security;`).join(' ')}
      insert into work_counts select ${KEY}, 0, count(*) from works group by 1, 2, 3, 4, 5;
      ${WALLED.map((table) => `alter table ${table} force row level security;`).join(' ')}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop trigger works_counted on works;
      drop trigger works_recounted on works;
      drop function count_works;
      drop table work_counts;`);
  }
}
