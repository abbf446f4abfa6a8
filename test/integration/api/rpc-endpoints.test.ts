import { numberToHex } from 'viem';
import { eip155Number } from '../../../schema/caip';
import { tablesOfTenants } from '../../support/full-tenant';
import { withClient } from '../../support/template-database';
import { CountingNode, RPC_KEY } from '../transactions/counting-node';
import { FakeDomain } from './support/fake-domain';
import { HOME } from './support/samples';
import { TestApi } from './support/test-api';

const SET = `mutation ($input: SetRpcEndpointsInput!) {
  setRpcEndpoints(input: $input) { rpcEndpoints { chainId hosts fallback } } }`;

let api: TestApi;
let node: CountingNode;
beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
  // It is asked for its chain only, and answers that itself.
  node = await CountingNode.start('http://127.0.0.1:1');
});
afterAll(async () => {
  await node.stop();
  await api.stop();
});

test('keys in URLs of endpoints are in no answer, log line, audit entry or row, whether they are taken or refused', async () => {
  const { apiKey } = await api.tenant();
  const answers: string[] = [];
  const set = async (url: string) => {
    const body = { query: SET, variables: { input: { chainId: HOME, urls: [url] } } };
    const response = await api.post(body, apiKey, { 'idempotency-key': `set-${answers.length}` });
    answers.push(await response.text());
  };
  node.replies.set('eth_chainId', { result: numberToHex(eip155Number(HOME)) });
  await set(node.url);
  node.replies.set('eth_chainId', { result: '0x1' });
  await set(node.url);
  node.replies.set('eth_chainId', { status: 500 });
  await set(node.url);
  await set(`https://10.0.0.1/${RPC_KEY}`);
  await set(`https://user:${RPC_KEY}@rpc.example/`);
  await set(`no URL ${RPC_KEY}`);
  answers.push(JSON.stringify(await api.ask('{ rpcEndpoints { hosts fallback } }', {}, apiKey)));

  expect(answers[0]).toContain(node.host);
  expect(answers.map((answer) => /"code":"(\w+)"/.exec(answer)?.[1])).toEqual([
    undefined,
    'RPC_WRONG_CHAIN',
    'RPC_UNAVAILABLE',
    'RPC_URL_REFUSED',
    'RPC_URL_REFUSED',
    'RPC_URL_REFUSED',
    undefined,
  ]);
  expect(answers.at(-1)).toContain(`{"hosts":["${node.host}"],"fallback":true}`);
  expect(answers.join('\n')).not.toContain(RPC_KEY);
  expect(api.logs.length).toBeGreaterThan(0);
  expect(JSON.stringify(api.logs)).not.toContain(RPC_KEY);
  await withClient(api.database.adminUrl, async (client) => {
    for (const table of await tablesOfTenants(client)) {
      const { rows } = await client.query(`select t::text as row from ${table} t`);
      const text = rows.map(({ row }) => row).join('\n');
      expect(text).not.toContain(RPC_KEY);
      expect(text).not.toContain(Buffer.from(RPC_KEY).toString('hex'));
    }
  });
});
