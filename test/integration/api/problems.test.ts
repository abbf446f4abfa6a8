import { FakeDomain } from './support/fake-domain';
import { TestApi } from './support/test-api';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
});
afterAll(() => api.stop());

async function problem(response: Response) {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return response.json();
}

test('what fails outside GraphQL is answered by problem details, with the id of the request', async () => {
  const missing = await fetch(new URL('/nothing', api.url));
  const requestId = missing.headers.get('x-request-id');
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(await problem(missing)).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: 'There is nothing here. The API is at /graphql.',
    code: 'NOT_FOUND',
    requestId,
  });
  expect(await problem(await api.post('{ not json'))).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  const large = await api.post({ query: 'x'.repeat(4 * 1_048_576) });
  expect(await problem(large)).toMatchObject({ status: 413, title: 'Payload Too Large' });
});

test('every answer carries an id of its own', async () => {
  const answers = await Promise.all([
    api.post({ query: '{ __typename }' }),
    fetch(new URL('/healthz', api.url)),
  ]);
  const ids = answers.map(({ headers }) => headers.get('x-request-id'));
  expect(new Set(ids).size).toBe(2);
  expect(ids).not.toContain(null);
});
