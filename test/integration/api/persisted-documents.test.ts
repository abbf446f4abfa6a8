import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeDomain } from './support/fake-domain';
import { type Answer, TestApi, type TestTenant } from './support/test-api';

const ME = '{ me { scopes } }';
const OTHER = '{ me { tenant { name } } }';
const hashOf = (document: string) => createHash('sha256').update(document).digest('hex');
const byHash = (document: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(document) } },
});
const codesOf = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);

async function post(api: TestApi, body: object, { apiKey }: TestTenant): Promise<Answer> {
  // CAST: the endpoint answers GraphQL's own shape.
  return (await (await api.post(body, apiKey)).json()) as Answer;
}

describe('automatic persisted queries', () => {
  let api: TestApi;
  let tenant: TestTenant;

  beforeAll(async () => {
    api = await TestApi.start(new FakeDomain());
    tenant = await api.tenant();
  });
  afterAll(() => api.stop());

  test('run by their hash once they were sent in full', async () => {
    expect(codesOf(await post(api, byHash(ME), tenant))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(codesOf(await post(api, { query: ME, ...byHash(ME) }, tenant))).toBeUndefined();
    expect((await post(api, byHash(ME), tenant)).data.me.scopes).toContain('read');
  });

  test('cannot be registered under a hash that is not theirs', async () => {
    expect((await post(api, { query: OTHER, ...byHash('{ chains { name } }') }, tenant)).errors).toHaveLength(
      1,
    );
    expect(codesOf(await post(api, byHash('{ chains { name } }'), tenant))).toEqual([
      'PERSISTED_QUERY_NOT_FOUND',
    ]);
  });
});

describe('trusted documents', () => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-trusted-'));
  const file = join(folder, 'documents.json');
  let api: TestApi;
  let tenant: TestTenant;

  beforeAll(async () => {
    writeFileSync(file, JSON.stringify({ [hashOf(ME)]: ME }));
    api = await TestApi.start(new FakeDomain(), { TRUSTED_DOCUMENTS_FILE: file });
    tenant = await api.tenant();
  });
  afterAll(async () => {
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  test('run in full and by their hash', async () => {
    expect(codesOf(await post(api, { query: ME }, tenant))).toBeUndefined();
    expect(codesOf(await post(api, byHash(ME), tenant))).toBeUndefined();
  });

  test('are the only ones that run, whichever way another comes', async () => {
    const overGet = await fetch(`${api.url}?query=${encodeURIComponent(OTHER)}`, {
      headers: { authorization: `Bearer ${tenant.apiKey}`, 'apollo-require-preflight': 'yes' },
    });
    const socket = api.subscribe(OTHER, {}, tenant.apiKey);
    const overSocket: unknown = await socket.next().catch((errors: unknown) => errors);
    await socket.close();
    expect(codesOf(await post(api, { query: OTHER }, tenant))).toEqual(['DOCUMENT_NOT_TRUSTED']);
    expect(codesOf(await post(api, { query: OTHER, ...byHash(OTHER) }, tenant))).toEqual([
      'DOCUMENT_NOT_TRUSTED',
    ]);
    expect(codesOf(await post(api, byHash(OTHER), tenant))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    // CAST: as above.
    expect(codesOf((await overGet.json()) as Answer)).toEqual(['DOCUMENT_NOT_TRUSTED']);
    expect(overSocket).toEqual([
      expect.objectContaining({ extensions: { code: 'DOCUMENT_NOT_TRUSTED', retryable: false } }),
    ]);
  });

  test('a list whose hashes are wrong does not start', async () => {
    const wrong = join(folder, 'wrong.json');
    writeFileSync(wrong, JSON.stringify({ [hashOf(ME)]: OTHER }));
    await expect(TestApi.start(new FakeDomain(), { TRUSTED_DOCUMENTS_FILE: wrong })).rejects.toThrow(
      'another hash',
    );
  });
});
