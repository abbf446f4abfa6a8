import type { DataSource } from 'typeorm';
import { DISPATCHES } from '../../domain/dispatch/dispatch-rows';
import { GUARD_ACTIONS } from '../../domain/guard/guard-action-rows';
import type { NodeRows } from '../../domain/node-rows';
import { nodeSelection, readPage } from '../../domain/page';
import { PROJECTS } from '../../domain/registry/project-rows';
import { REGISTRIES } from '../../domain/registry/registry-rows';
import { WORKS } from '../../domain/registry/work-rows';
import type { TenantId } from '../../schema/ids';
import { PageOrder } from '../../schema/inputs/page';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import { openDataSource } from '../../tenants/data-source';
import { TenantDatabase } from '../../tenants/tenant-database';
import { fillTenant } from '../support/full-tenant';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

type AnyRows = Pick<NodeRows<{ id: string }>, 'table' | 'select'>;
type Node = Record<string, unknown>;

const TABLES: readonly AnyRows[] = [PROJECTS, REGISTRIES, WORKS, DISPATCHES, GUARD_ACTIONS];

let database: TestDatabase;
let pool: DataSource;
let tenants: TenantDatabase;
let tenantId: TenantId;
let statements = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = await openDataSource({
    url: database.appUrl,
    poolSize: 2,
    applicationName: 'test',
    pipelined: true,
  });
  tenants = new TenantDatabase(pool);
  ({ tenantId } = await fillTenant(database, 'ours'));
  await fillTenant(database, 'theirs');
});
afterAll(async () => {
  await pool.destroy();
  await database.drop();
});

/** `{ edges { node { … } } }` of fields, each with what is shown of it, and of what is shown beside the nodes. */
function shown(fields: Readonly<Record<string, Selection>>, ...beside: string[]): Selection {
  const edges = new Map<string, Selection>(beside.map((name) => [name, new Map()]));
  edges.set('node', new Map(Object.entries(fields)));
  return new Map([['edges', edges]]);
}

const leaves = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, new Map()]));

async function pageOf(rows: AnyRows, selection?: Selection, first = 100): Promise<Page<Node>> {
  return tenants.read(tenantId, (tx) =>
    readPage(
      {
        ...tx,
        manager: {
          query: (sql, values) => {
            statements += 1;
            return tx.manager.query(sql, values);
          },
        },
      },
      { first, after: undefined, order: PageOrder.OLDEST_FIRST },
      // CAST: only for the test, nodes are looked at by the names of their fields.
      { ...rows.select(nodeSelection(selection)), selection } as never,
    ),
  );
}

const nodesOf = async (rows: AnyRows, selection?: Selection) =>
  (await pageOf(rows, selection)).edges.map(({ node }) => node);

describe.each(TABLES.map((rows) => [rows.table.name, rows] as const))('%s', (_name, rows) => {
  test('a field that is read alone is what it is in whole rows', async () => {
    const whole = await nodesOf(rows);
    expect(whole.length).toBeGreaterThan(0);
    for (const field of Object.keys(rows.table.fields))
      expect(await nodesOf(rows, shown(leaves([field])))).toEqual(
        whole.map((node) => ({ id: node['id'], [field]: node[field] })),
      );
  });

  test('what a row refers to comes in the same statement, and is the row that has the id', async () => {
    const whole = await nodesOf(rows);
    for (const [name, reference] of Object.entries(rows.table.references)) {
      const target = TABLES.find(({ table }) => table === reference.rows.table) as AnyRows;
      const known = new Map((await nodesOf(target)).map((node) => [node['id'], node]));
      statements = 0;
      const asked = shown({ [name]: new Map(Object.entries(leaves(Object.keys(target.table.fields)))) });
      expect(await nodesOf(rows, asked)).toEqual(
        whole.map((node) => ({ id: node['id'], [name]: known.get(node[`${name}Id`]) ?? null })),
      );
      expect(statements).toBe(1);
    }
  });

  // Such a field has a resolver, which may want anything of its row.
  test('a field that the table does not have makes it read whole rows', async () => {
    expect(await nodesOf(rows, shown(leaves(['somethingElse'])))).toEqual(await nodesOf(rows));
  });
});

test('references of references come along, and the order and the end of the page are those of the rows', async () => {
  const leaf = new Map<string, Selection>([['name', new Map()]]);
  const registry = new Map<string, Selection>([...leaf, ['project', leaf]]);
  const { edges, pageInfo } = await pageOf(WORKS, shown({ edition: new Map(), registry }), 2);
  const whole = await nodesOf(WORKS);
  const [project] = await nodesOf(PROJECTS);
  const [of] = await nodesOf(REGISTRIES);
  expect(edges.map(({ node }) => node)).toEqual(
    whole.slice(0, 2).map(({ id, edition }) => ({
      id,
      edition,
      registry: {
        id: of?.['id'],
        name: of?.['name'],
        project: { id: project?.['id'], name: project?.['name'] },
      },
    })),
  );
  expect(pageInfo.hasNextPage).toBe(true);
});

test('cursors are read when they are shown, and a page without them says so', async () => {
  const [whole] = (await pageOf(WORKS)).edges;
  const [edge] = (await pageOf(WORKS, shown({ registry: new Map() }, 'cursor'))).edges;
  expect(edge?.cursor).toBe(whole?.cursor);
  const { edges, pageInfo } = await pageOf(WORKS, shown({}));
  expect(() => edges[0]?.cursor).toThrow('the cursors were not read');
  expect(() => pageInfo.endCursor).toThrow('the cursors were not read');
});
