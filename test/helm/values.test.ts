import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { renderError } from './support/chart';
import { CHART } from './support/helm';

const production = { values: 'production' } as const;
const KEDA_TABLE = [{ chainId: 'eip155:1' }, { chainId: 'eip155:42161' }];

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['a misspelt value', { 'api.replica': 3 }, "'replica' not allowed"],
  [
    'a mode that does not exist',
    { 'workers.autoscaling.mode': 'auto' },
    "must be one of 'keda', 'hpa', 'none'",
  ],
  ['a privileged port', { 'api.port': 80 }, 'minimum: got 80, want 1,024'],
  ['a fee in digits that YAML would round', { 'config.maxFeePerGasWei': 1e18 }, 'want string'],
  ['a pool whose name is no name of an object', { 'workers.pools.Big_Art': {} }, "'Big_Art' not allowed"],
  ['too little time to stop', { 'workers.terminationGracePeriodSeconds': 5 }, 'minimum: got 5, want 20'],
  ['a Secret without a name', { 'secrets.masterKey.name': '' }, 'Make a Secret with the key MASTER_KEY'],
  ['two chain tables', { 'chains.table': KEDA_TABLE }, 'Keep the one that holds the chain table'],
  ['no chain table', { 'chains.existingSecret.name': '' }, 'Put it into a Secret'],
  [
    'a chain that nobody follows',
    {
      'chains.existingSecret.name': '',
      'chains.table': [...KEDA_TABLE, { chainId: 'eip155:8453' }, { chainId: 'eip155:1284' }],
    },
    "follows eip155:42161. Add it to a group's chains",
  ],
  [
    'a follower of a chain that is not in the table',
    { 'chains.existingSecret.name': '', 'chains.table': [{ chainId: 'eip155:1' }] },
    'which is not in chains.table. Add it there',
  ],
  [
    'a pool with a least above its most',
    { 'workers.pools.gallery.minReplicas': 9 },
    'Lower the one or raise the other',
  ],
  [
    'an API with a least above its most',
    { 'api.autoscaling.minReplicas': 99 },
    'Lower the one or raise the other',
  ],
  ['no time to answer requests at a stop', { 'api.preStopSeconds': 60 }, 'Raise the latter'],
  [
    'no origin of the console',
    { 'config.consoleOrigin': '', 'ingress.enabled': false },
    'Set the origin of the page',
  ],
  ['an origin with a path', { 'config.consoleOrigin': 'https://a.example/b' }, '/config/consoleOrigin'],
  ['an ingress without a host', { 'ingress.host': '' }, "set the API's host name"],
  ['two issuers', { 'ingress.tls.issuer': 'other' }, 'Keep one of them'],
  ['a PostgreSQL out of reach', { 'networkPolicy.postgresql.to': [] }, 'Say where it is'],
  ['a Redis out of reach', { 'networkPolicy.redis.to': [] }, 'Say where it is'],
  ['a PostgreSQL without a password', { 'postgresql.enabled': true }, "a Secret with the owner's password"],
  ['a schedule that is none', { 'backup.schedule': 'daily' }, 'does not match pattern'],
  ['no backup to keep', { 'backup.keep': 0 }, 'minimum: got 0, want 1'],
  [
    'a backup of an external PostgreSQL that nobody may copy',
    { 'backup.enabled': true },
    'a Secret with its URL as a role with REPLICATION',
  ],
  ['a Redis without a password', { 'redis.enabled': true }, 'a Secret with its password'],
])('%s is refused with its remedy', async (_what, set, remedy) => {
  expect((await renderError({ ...production, set })).replaceAll(/\s+/g, ' ')).toContain(remedy);
});

/** A part of values.yaml, or of the schema for it. */
type Tree = { readonly [key: string]: Tree };
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $defs?: Readonly<Record<string, Schema>>;
}
const schema: Schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));
/** Maps whose keys the user chooses. */
const FREE =
  /(pools|groups)\.\w+$|(annotations|\w*Annotations|nodeSelector|requests|limits|dns|apiClients|to)$/;

/** Paths of all values, down to those whose keys are the user's. */
function pathsOf(tree: unknown, path = ''): string[] {
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree) || FREE.test(path)) return [path];
  const inside = Object.entries(tree).flatMap(([key, part]) =>
    pathsOf(part, path === '' ? key : `${path}.${key}`),
  );
  return inside.length === 0 ? [path] : inside;
}

function schemaPathsOf(part: Schema, path = ''): string[] {
  const known = part.$ref === undefined ? part : schema.$defs?.[part.$ref.replace('#/$defs/', '')];
  if (known?.properties === undefined || FREE.test(path)) return [path];
  return Object.entries(known.properties).flatMap(([key, inside]) =>
    schemaPathsOf(inside, path === '' ? key : `${path}.${key}`),
  );
}

test('the schema knows every value and nothing else', () => {
  const values: Tree = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
  // helm's own, and maps with keys of the user's.
  const known = schemaPathsOf(schema).filter((path) => path !== 'global');
  const written = pathsOf(values).map((path) => path.replace(/(pools|groups)\..*/, '$1'));
  expect([...new Set(written)].sort()).toEqual(known.sort());
});

test('the schema is closed wherever it names properties', () => {
  const open: string[] = [];
  const visit = (part: unknown, path: string): void => {
    if (part === null || typeof part !== 'object') return;
    // CAST: any object may be a schema; only those with properties are looked at.
    const { properties, additionalProperties } = part as Schema;
    if (properties !== undefined && typeof properties === 'object' && additionalProperties !== false)
      open.push(path);
    for (const [key, inside] of Object.entries(part)) visit(inside, `${path}/${key}`);
  };
  visit(schema, '');
  // The processes themselves check the chain table in full.
  expect(open).toEqual(['/properties/chains/properties/table/items']);
});
