import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GraphQLField, type GraphQLObjectType, getNamedType, isLeafType, isObjectType } from 'graphql';
import { buildGraphqlSchema } from '../../../api/graphql-schema';
import { encodeGlobalId } from '../../../schema/global-id';
import { fillTenant } from '../../support/full-tenant';
import { withClient } from '../../support/template-database';
import { type Answer, TestApi } from './support/test-api';

/** As often as it takes for a document to be compiled, and once more. */
const TIMES = 4;
/** These ask chains, or need contracts that the sample registry does not have. */
const BEYOND = new Set(['adoptedPosture', 'odrl']);
/** A tenant's key does not see these. */
const OF_OPERATORS = new Set(['tenants', 'platformAuditLog']);

const folder = mkdtempSync(join(tmpdir(), 'colophon-leaves-'));
let api: TestApi;
let apiKey: string;
let schema: Awaited<ReturnType<typeof buildGraphqlSchema>>;

beforeAll(async () => {
  const chainsFile = join(folder, 'chains.json');
  writeFileSync(chainsFile, '[]');
  api = await TestApi.startWhole({ CHAINS_FILE: chainsFile, MASTER_KEY: randomBytes(32).toString('hex') });
  ({ apiKey } = await fillTenant(api.database, 'full'));
  schema = await buildGraphqlSchema([]);
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

type Field = GraphQLField<unknown, unknown>;

/** The fields below `type` that need no arguments, and their own, so deep. */
function selectionsOf(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).filter(
    ({ name, args }) => !BEYOND.has(name) && args.length === 0,
  );
  return fields.flatMap((field) => selectionOf(field, depth)).join(' ');
}

function selectionOf({ name, type }: Field, depth: number): string[] {
  const named = getNamedType(type);
  if (isLeafType(named)) return [name];
  if (!isObjectType(named) || depth === 0) return [];
  return [`${name} { ${selectionsOf(named, depth - 1)} }`];
}

test('every value of every row goes out of compiled code as graphql-js has it', async () => {
  const { rows } = await withClient(api.database.adminUrl, (admin) =>
    admin.query(
      `select (select work_id from provenance_events limit 1) as work,
              (select id from webhook_endpoints limit 1) as endpoint`,
    ),
  );
  const [{ work, endpoint }] = rows;
  const argsOf: Readonly<Record<string, string>> = {
    provenance: `(workId: "${encodeGlobalId('Work', work)}")`,
    webhookDeliveries: `(endpointId: "${encodeGlobalId('WebhookEndpoint', endpoint)}")`,
  };
  const pages = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
    ({ name, type }) => getNamedType(type).name.endsWith('Connection') && !OF_OPERATORS.has(name),
  );
  expect(pages.length).toBeGreaterThan(10);
  for (const { name, type } of pages) {
    // CAST: its name says that it is a connection.
    const selection = selectionsOf(getNamedType(type) as GraphQLObjectType, 3);
    const query = `{ page: ${name}${argsOf[name] ?? ''} { ${selection} } }`;
    const answers: Answer[] = [];
    for (let time = 1; time <= TIMES; time += 1) answers.push(await api.send(query, {}, apiKey));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.errors).toBeUndefined();
    expect({ name, rows: answers[0]?.data.page.edges.length }).not.toEqual({ name, rows: 0 });
  }
});
