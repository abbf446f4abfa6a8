import { serverAudits } from 'graphql-http';
import { FakeDomain } from './support/fake-domain';
import { TestApi } from './support/test-api';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
});
afterAll(() => api.stop());

/** The audits of graphql-http, a suite of the GraphQL-over-HTTP working group, each a requirement of its draft. */
const audits = serverAudits({ url: () => api.url, fetchFn: fetch });
const required = audits.filter(({ name }) => /^(MUST|SHOULD)/.test(name));

test('the suite has requirements', () => {
  expect(required.length).toBe(36);
});

test.each(required.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
  const result = await audit.fn();
  expect(result.status === 'ok' ? 'ok' : result.reason).toBe('ok');
});
