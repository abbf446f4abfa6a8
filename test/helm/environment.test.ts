import { apiConfigSchema } from '../../api/config';
import { chainTableSchema } from '../../chains/chain-table';
import { migrateConfigSchema } from '../../cli/migrate';
import { rotationConfigSchema } from '../../cli/rotate-keys';
import { workerConfigSchema } from '../../workers/config';
import { environmentOf, fieldOf, find, type KubernetesObject, podOf, renderObjects } from './support/chart';

/** Everything that can be set, set. */
const EVERYTHING = {
  'api.trustedDocuments.configMap': 'documents',
  'secrets.previousMasterKeys.name': 'colophon-keys',
  'secrets.exportKey.name': 'colophon-export-key',
  'config.awsKmsEndpoint': 'https://kms.example',
  'config.awsRegion': 'eu-central-1',
  'tracing.endpoint': 'http://collector.monitoring:4318',
};
/** By the command that a container is given instead of this variable. */
const GIVEN_AS_ARGUMENTS = ['POOLS', 'FOLLOW_CHAINS'];
/** For the fault suite alone: a chart must not kill what it runs. */
const NEVER_SET = ['KILL_AT'];
/** What libraries read. */
const OF_LIBRARIES = ['NODE_EXTRA_CA_CERTS', 'AWS_REGION'];
/** It runs no jobs. */
const FOLLOWER_DOES_WITHOUT = [
  'REDIS_URL',
  'EXPORT_KEY_FILE',
  'EXPORT_SCRATCH_DIR',
  'EXPORT_MAX_MIB',
  'EXPORT_KEEP_HOURS',
];
/** It signs nothing. */
const MIGRATE_DOES_WITHOUT = ['AWS_REGION'];

let objects: readonly KubernetesObject[];
const environment = (owner: string) => environmentOf(objects, podOf(objects, owner));

beforeAll(async () => {
  objects = await renderObjects({ values: 'production', set: EVERYTHING });
});

/** The variables that a pod must have, sorted. */
const expected = (schema: { shape: object }, without: readonly string[]) =>
  [...Object.keys(schema.shape), ...OF_LIBRARIES]
    .filter((name) => ![...GIVEN_AS_ARGUMENTS, ...NEVER_SET, ...without].includes(name))
    .sort();

test.each([
  ['art-api', apiConfigSchema, []],
  ['art-worker-shared', workerConfigSchema, []],
  ['art-follower-ethereum', workerConfigSchema, FOLLOWER_DOES_WITHOUT],
  ['art-migrate', migrateConfigSchema, MIGRATE_DOES_WITHOUT],
])('%s is given every variable that its process reads, and no other', (owner, schema, without) => {
  expect(Object.keys(environment(owner)).sort()).toEqual(expected(schema, without));
});

/** In place of what Secrets hold. */
const SECRETS: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://owner:p@db/colophon',
  APP_DATABASE_URL: 'postgres://colophon_app:p@db/colophon',
  SYSTEM_DATABASE_URL: 'postgres://colophon_system:p@db/colophon',
  REDIS_URL: 'redis://:p@redis',
  MASTER_KEY: 'ab'.repeat(32),
  PREVIOUS_MASTER_KEYS: 'cd'.repeat(32),
  OPERATOR_KEY: 'o'.repeat(32),
  APP_ROLE_PASSWORD: 'p'.repeat(16),
  SYSTEM_ROLE_PASSWORD: 'p'.repeat(16),
};

test.each([
  ['art-api', apiConfigSchema],
  ['art-worker-shared', workerConfigSchema],
  ['art-follower-ethereum', workerConfigSchema],
  ['art-migrate', migrateConfigSchema],
  // Run in a worker's pod.
  ['art-worker-shared', rotationConfigSchema],
])("%s' process accepts what it is given", (owner, schema) => {
  const filled = Object.entries(environment(owner)).map(([name, value]) => [
    name,
    value.startsWith('secret:') ? SECRETS[name] : value,
  ]);
  expect(schema.safeParse(Object.fromEntries(filled))).toMatchObject({ success: true });
});

test("secrets come from the Secrets named, and only migrations get the owner's", () => {
  expect(environment('art-migrate')).toMatchObject({
    DATABASE_URL: 'secret:colophon-database-owner/DATABASE_URL',
  });
  expect(environment('art-api')).toMatchObject({
    OPERATOR_KEY: 'secret:colophon-keys/OPERATOR_KEY',
    MASTER_KEY: 'secret:colophon-keys/MASTER_KEY',
  });
  const others = ['art-api', 'art-worker-shared', 'art-worker-gallery', 'art-follower-ethereum'].map(
    environment,
  );
  expect(others.flatMap(Object.values).filter((value) => value.includes('owner'))).toEqual([]);
  expect(others.slice(1).flatMap(Object.keys)).not.toContain('OPERATOR_KEY');
});

test('numbers keep all their digits', async () => {
  const many = await renderObjects({
    values: 'production',
    set: {
      'api.bodyLimitBytes': 67_108_864,
      'api.rateLimits.tenant': 10_000_000,
      'config.maxFeePerGasWei': '1000000000000000000',
    },
  });
  expect(environmentOf(many, podOf(many, 'art-api'))).toMatchObject({
    BODY_LIMIT_BYTES: '67108864',
    RATE_LIMIT_TENANT: '10000000',
    MAX_FEE_PER_GAS_WEI: '1000000000000000000',
  });
});

test('a chain table in the values reaches the processes as they read it', async () => {
  const address = `0x${'1'.repeat(40)}`;
  const chain = {
    chainId: 'eip155:1',
    name: 'Ethereum',
    rpcUrls: ['https://rpc.example'],
    finality: 'finalized',
    blockTimeMs: 12_000,
    ccip: { ccipSelector: '5009297550715157269', router: address, onRamp: address, offRamp: address },
    layerZero: {
      ...{ lzEid: 30_101, endpoint: address, sendUln: address, receiveUln: address, executor: address },
      ...{ confirmations: 15, dvns: [address] },
    },
  };
  const withTable = await renderObjects({
    values: 'production',
    set: {
      chains: { table: [chain], existingSecret: { name: '' } },
      'followers.groups.ethereum.chains': [],
      'followers.groups.others.chains': [],
    },
  });
  const { 'chains.json': text } = fieldOf<Record<string, string>>(
    find(withTable, 'ConfigMap', 'art-chains'),
    'data',
  );
  expect(chainTableSchema.parse(JSON.parse(text ?? ''))).toMatchObject([
    { ccip: { ccipSelector: 5009297550715157269n } },
  ]);
  const { volumes } = podOf(withTable, 'art-api').spec;
  expect(volumes).toContainEqual({ name: 'chains', configMap: { name: 'art-chains' } });
});
