import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { withClient } from '../../../cli/database';
import { unreachableChain } from '../../support/chain-entry';
import { KmsStandIn } from '../../support/kms-stand-in';
import { sampleProjectInput } from '../api/support/operations';
import { HOME, MIRROR } from '../api/support/samples';
import { TestApi, type TestTenant } from '../api/support/test-api';

const folder = mkdtempSync(join(tmpdir(), 'colophon-signing-'));
let api: TestApi;
let standIn: KmsStandIn;
let tenant: TestTenant;

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'for the stand-in only';
  const chainsFile = join(folder, 'chains.json');
  writeFileSync(chainsFile, JSON.stringify([unreachableChain(HOME, 1), unreachableChain(MIRROR, 2)]));
  standIn = await KmsStandIn.start();
  api = await TestApi.startWhole({
    CHAINS_FILE: chainsFile,
    MASTER_KEY: randomBytes(32).toString('hex'),
    AWS_KMS_ENDPOINT: standIn.url,
  });
});
afterAll(async () => {
  await api.stop();
  await standIn.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  tenant = await api.tenant();
});

const IMPORT = `mutation ($input: ImportSigningKeyInput!) {
  importSigningKey(input: $input) { signingKey { id kind label address kmsKeyArn chainIds } } }`;
const USE_KMS = `mutation ($input: UseKmsKeyInput!) {
  useKmsKey(input: $input) { signingKey { id kind address kmsKeyArn } } }`;
const USE = `mutation ($input: UseSigningKeyInput!) {
  useSigningKey(input: $input) { signingKey { chainIds } accounts } }`;

/** Everything that the database and the log hold, bytes as hex. */
async function everythingKept(): Promise<string> {
  const rows = await withClient(api.database.adminUrl, async (client) => {
    const tables = await client.query<{ name: string }>(
      "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    );
    const texts = [];
    for (const { name } of tables.rows)
      texts.push(...(await client.query(`select t::text as row from ${name} t`)).rows.map(({ row }) => row));
    return texts;
  });
  return `${rows.join('\n')}\n${JSON.stringify(api.logs)}`;
}

/** The forms in which a secret would be found. */
const formsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64'),
];

test('of an imported key only the address is answered, and neither database nor log holds it in clear', async () => {
  const privateKey = generatePrivateKey();
  const body = { query: IMPORT, variables: { input: { label: 'minter', privateKey } } };
  const answer = await (await api.post(body, tenant.apiKey, { 'idempotency-key': randomUUID() })).text();
  expect(JSON.parse(answer).data.importSigningKey.signingKey).toMatchObject({
    kind: 'IMPORTED',
    label: 'minter',
    address: privateKeyToAddress(privateKey),
    kmsKeyArn: null,
    chainIds: [],
  });
  const bare = privateKey.slice(2);
  expect(answer).not.toContain(bare);
  const kept = await everythingKept();
  expect(kept).toContain(privateKeyToAddress(privateKey));
  for (const form of [bare, Buffer.from(bare, 'hex').toString('base64'), ...formsOf(privateKey)])
    expect(kept).not.toContain(form);
});

test.each([
  ['a key that is none', { privateKey: `0x${'f'.repeat(64)}` }],
  [
    'a keystore file that is none',
    { keystore: '{"a":"a most secret file"}', password: 'a most secret word' },
  ],
])('%s is refused, and what was sent is kept nowhere', async (_, secrets) => {
  const { errors } = await api.send(IMPORT, { input: { label: 'x', ...secrets } }, tenant.apiKey);
  expect(['BAD_USER_INPUT', 'KEYSTORE_FILE_INVALID']).toContain(errors?.[0]?.extensions.code);
  const kept = await everythingKept();
  for (const secret of Object.values(secrets)) {
    for (const form of formsOf(secret)) {
      expect(kept).not.toContain(form);
      expect(JSON.stringify(errors)).not.toContain(form);
    }
  }
});

test('a key is brought once, and at most twenty are', async () => {
  const privateKey = generatePrivateKey();
  const bring = (key: string) => api.send(IMPORT, { input: { label: 'x', privateKey: key } }, tenant.apiKey);
  await bring(privateKey);
  expect((await bring(privateKey)).errors?.[0]?.extensions.code).toBe('SIGNING_KEY_EXISTS');
  const answers = await Promise.all(Array.from({ length: 22 }, () => bring(generatePrivateKey())));
  const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code);
  expect(codes.filter((code) => code === undefined)).toHaveLength(19);
  expect(codes.filter((code) => code === 'SIGNING_KEY_LIMIT_REACHED')).toHaveLength(3);
});

test("a key in AWS KMS is asked for under the tenant's own name alone", async () => {
  const privateKey = generatePrivateKey();
  const arn = `arn:aws:kms:eu-central-1:111122223333:alias/colophon/${tenant.tenantId}/minter`;
  standIn.put(arn, privateKey);
  const input = { label: 'x', awsAccountId: '111122223333', region: 'eu-central-1', aliasName: 'minter' };
  const { useKmsKey } = await api.ask(USE_KMS, { input }, tenant.apiKey);
  expect(useKmsKey.signingKey).toMatchObject({
    kind: 'KMS',
    address: privateKeyToAddress(privateKey),
    kmsKeyArn: arn,
  });

  const stranger = await api.tenant();
  const refused = await api.send(USE_KMS, { input }, stranger.apiKey);
  expect(refused.errors?.[0]?.extensions.code).toBe('KMS_KEY_REFUSED');
});

test('a key that sends on one chain only is no owner of a registry on two', async () => {
  const { createProject } = await api.ask(
    'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }',
    { input: sampleProjectInput },
    tenant.apiKey,
  );
  const privateKey = generatePrivateKey();
  const { importSigningKey } = await api.ask(IMPORT, { input: { label: 'x', privateKey } }, tenant.apiKey);
  const signingKeyId = importSigningKey.signingKey.id;
  const use = async (chainIds: string[] | null) =>
    (await api.ask(USE, { input: { signingKeyId, chainIds } }, tenant.apiKey)).useSigningKey;
  const create = () =>
    api.send(
      'mutation ($input: CreateRegistryInput!) { createRegistry(input: $input) { registry { owner } } }',
      {
        input: {
          projectId: createProject.project.id,
          name: 'Tides',
          symbol: 'TIDE',
          homeChainId: HOME,
          mirrorChainIds: [MIRROR],
        },
      },
      tenant.apiKey,
    );
  const address = privateKeyToAddress(privateKey);
  expect(await use([MIRROR])).toEqual({
    signingKey: { chainIds: [MIRROR] },
    accounts: [`${MIRROR}:${address}`],
  });
  expect((await create()).errors?.[0]?.extensions.code).toBe('ACCOUNTS_DIFFER');

  expect((await use(null)).signingKey.chainIds.sort()).toEqual([HOME, MIRROR].sort());
  expect((await create()).data.createRegistry.registry.owner).toBe(`${HOME}:${address}`);
});
