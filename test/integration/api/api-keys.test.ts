import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { TestApi, type TestTenant } from './support/test-api';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
});

const CREATE = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { apiKey { id label scopes hint expiresAt lastUsedAt } secret } }`;
const ROTATE = `mutation ($input: RotateApiKeyInput!) {
  rotateApiKey(input: $input) { apiKey { id label scopes } secret } }`;
const REVOKE =
  'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { revokedAt } } }';
const LIST = '{ apiKeys(first: 50) { edges { node { id label hint lastUsedAt expiresAt revokedAt } } } }';
const ME = '{ me { scopes } }';

interface Made {
  readonly apiKey: { readonly id: string; readonly hint: string };
  readonly secret: string;
}

const create = async (scopes: readonly string[], key = tenant.apiKey, more = {}): Promise<Made> =>
  (await api.ask(CREATE, { input: { label: 'the indexer', scopes, ...more } }, key)).createApiKey;
const rotate = async (apiKeyId: string, overlapHours: number, key = tenant.apiKey): Promise<Made> =>
  (await api.ask(ROTATE, { input: { apiKeyId, overlapHours } }, key)).rotateApiKey;
const codeOf = async (query: string, input: object, key: string) =>
  (await api.send(query, { input }, key)).errors?.[0]?.extensions.code;
const scopesOf = async (key: string) => (await api.send(ME, {}, key)).data?.me?.scopes;
const listed = async () =>
  (await api.ask(LIST, {}, tenant.apiKey)).apiKeys.edges.map(
    ({ node }: { node: Record<string, unknown> }) => node,
  );
const admin = (sql: string) =>
  withClient(api.database.adminUrl, (client) => client.query(sql, [tenant.tenantId]));

test('a key does what its scopes say, is shown once and kept as a hash', async () => {
  const { secret, apiKey } = await create(['read', 'work:write', 'read']);
  expect(await scopesOf(secret)).toEqual(['read', 'work:write']);
  expect(secret).toMatch(/^colophon_[\w-]{43}$/);
  expect(secret.endsWith(apiKey.hint)).toBe(true);
  const { rows } = await admin('select api_keys::text as row from api_keys where tenant_id = $1');
  expect(rows).toHaveLength(2);
  for (const { row } of rows) expect(row).not.toContain(secret);
  expect(JSON.stringify(await listed())).not.toContain(secret);
});

test('no key makes or rotates one that may do more than it may itself', async () => {
  const limited = await create(['read', 'key:write']);
  expect(await codeOf(CREATE, { label: 'more', scopes: ['work:write'] }, limited.secret)).toBe(
    'SCOPE_NOT_HELD',
  );
  const mighty = await create(['work:write']);
  const stolen = { apiKeyId: mighty.apiKey.id, overlapHours: 0 };
  expect(await codeOf(ROTATE, stolen, limited.secret)).toBe('SCOPE_NOT_HELD');
  expect(await scopesOf((await create(['read'], limited.secret)).secret)).toEqual(['read']);
  expect(await listed()).toHaveLength(4);
});

test('without the scope nobody manages keys', async () => {
  const { secret, apiKey } = await create(['read']);
  expect(await codeOf(CREATE, { label: 'more', scopes: ['read'] }, secret)).toBe('FORBIDDEN');
  expect(await codeOf(REVOKE, { apiKeyId: apiKey.id }, secret)).toBe('FORBIDDEN');
});

test('a key is not taken from its expiry on', async () => {
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const { secret, apiKey } = await create(['read'], tenant.apiKey, { expiresAt: soon });
  expect(await scopesOf(secret)).toEqual(['read']);
  await admin(
    "update api_keys set expires_at = now() - interval '1 second' where tenant_id = $1 and expires_at is not null",
  );
  expect(await codeOf(ME, {}, secret)).toBe('UNAUTHENTICATED');
  expect(await codeOf(ROTATE, { apiKeyId: apiKey.id, overlapHours: 1 }, tenant.apiKey)).toBe('API_KEY_OVER');
});

test('a rotated key is taken for the overlap and has a successor that may do the same', async () => {
  const old = await create(['read', 'work:write']);
  const next = await rotate(old.apiKey.id, 1);
  expect(await scopesOf(next.secret)).toEqual(['read', 'work:write']);
  expect(await scopesOf(old.secret)).toEqual(['read', 'work:write']);
  const at = (await listed()).find(({ id }: { id: string }) => id === old.apiKey.id);
  expect(new Date(at.expiresAt).getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000);

  await rotate(next.apiKey.id, 0);
  expect(await codeOf(ME, {}, next.secret)).toBe('UNAUTHENTICATED');
});

test('a revoked key is refused from the next request on, and stays revoked', async () => {
  const { secret, apiKey } = await create(['read']);
  const revoke = () => api.ask(REVOKE, { input: { apiKeyId: apiKey.id } }, tenant.apiKey);
  const first = await revoke();
  expect(await codeOf(ME, {}, secret)).toBe('UNAUTHENTICATED');
  expect(await revoke()).toEqual(first);
});

test('the last key that may manage keys is not revoked, whoever asks at the same time', async () => {
  const second = await create(['read', 'key:write']);
  const [mine] = (await listed()).filter(({ id }: { id: string }) => id !== second.apiKey.id);
  const answers = await Promise.all([
    codeOf(REVOKE, { apiKeyId: mine.id }, second.secret),
    codeOf(REVOKE, { apiKeyId: second.apiKey.id }, tenant.apiKey),
  ]);
  expect(answers.filter((code) => code === undefined)).toHaveLength(1);
  const inForce = await admin('select id from api_keys where tenant_id = $1 and revoked_at is null');
  expect(inForce.rows).toHaveLength(1);
});

test('use is noted at most once a minute', async () => {
  const { secret, apiKey } = await create(['read']);
  const usedAt = async () =>
    (await listed()).find(({ id }: { id: string }) => id === apiKey.id).lastUsedAt as string | null;
  expect(await usedAt()).toBeNull();
  await scopesOf(secret);
  const noted = await usedAt();
  expect(Date.now() - new Date(String(noted)).getTime()).toBeLessThan(60_000);
  await scopesOf(secret);
  expect(await usedAt()).toBe(noted);
  await admin("update api_keys set last_used_at = last_used_at - interval '2 minutes' where tenant_id = $1");
  await scopesOf(secret);
  expect(await usedAt()).not.toBe(noted);
});

test('a tenant has a hundred keys in force, and a key that is over makes room', async () => {
  await admin(
    `insert into api_keys (tenant_id, label, key_hash, scopes)
     select $1, 'filler', sha256(random()::text::bytea), array['read'] from generate_series(1, 98)`,
  );
  const last = await create(['read']);
  expect(await codeOf(CREATE, { label: 'more', scopes: ['read'] }, tenant.apiKey)).toBe(
    'API_KEY_LIMIT_REACHED',
  );
  await api.ask(REVOKE, { input: { apiKeyId: last.apiKey.id } }, tenant.apiKey);
  await create(['read']);
});
