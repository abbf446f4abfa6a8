import { FakeDomain } from './support/fake-domain';
import { sampleProjectInput } from './support/operations';
import { samplePolicy } from './support/operations/royalty-mutations';
import { HOLDER, HOME } from './support/samples';
import { TestApi, type TestTenant } from './support/test-api';

const OTHER = `${HOME}:0x70997970C51812dc3A010C7d01b50e0d17dc79C8`;
const SET = `mutation ($input: SetRoyaltyPolicyInput!) {
  setRoyaltyPolicy(input: $input) { policy { revision royaltyBps effectiveFrom splits { account shareBps } } } }`;

let api: TestApi;
let tenant: TestTenant;
let projectId: string;
beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
});
beforeEach(async () => {
  tenant = await api.tenant();
  const made = await api.ask(
    'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }',
    { input: { ...sampleProjectInput, royaltyBps: 250 } },
    tenant.apiKey,
  );
  projectId = made.createProject.project.id;
});
afterAll(() => api.stop());

const set = (over: object = {}, key = tenant.apiKey) =>
  api.send(SET, { input: { projectId, ...samplePolicy, ...over } }, key);

test('what a project began with is revision 0, and those that were stated follow it', async () => {
  const { data } = await set();
  expect(data.setRoyaltyPolicy.policy).toMatchObject({ revision: 1, royaltyBps: 500 });
  await set({ expectedRevision: 1, royaltyBps: 750 });
  const { royaltyPolicies } = await api.ask(
    'query ($id: ID!) { royaltyPolicies(projectId: $id) { revision royaltyBps splits { account shareBps } } }',
    { id: projectId },
    tenant.apiKey,
  );
  const splits = [{ account: HOLDER, shareBps: 10_000 }];
  expect(royaltyPolicies).toEqual([
    { revision: 0, royaltyBps: 250, splits },
    { revision: 1, royaltyBps: 500, splits },
    { revision: 2, royaltyBps: 750, splits },
  ]);
});

const split = (account: string, shareBps: number) => ({ account, role: 'ARTIST', shareBps });

test.each([
  {
    what: 'shares of more than all',
    over: { splits: [split(HOLDER, 9_000), split(OTHER, 2_000)] },
    code: 'ROYALTY_SPLITS_NOT_WHOLE',
    says: '11000 basis points',
  },
  {
    what: 'shares of less',
    over: { splits: [split(HOLDER, 9_999)] },
    code: 'ROYALTY_SPLITS_NOT_WHOLE',
    says: '9999',
  },
  {
    what: 'a payee named twice',
    over: { splits: [split(HOLDER, 5_000), split(HOLDER, 5_000)] },
    code: 'ROYALTY_PAYEE_REPEATED',
    says: HOLDER,
  },
  {
    what: 'a payee on a chain that is not known here',
    over: {
      splits: [split(HOLDER, 5_000), split('eip155:5:0x52908400098527886E0F7030069857D2E4169EE7', 5_000)],
    },
    code: 'CHAIN_NOT_SUPPORTED',
    says: 'eip155:5',
  },
  {
    what: 'a wallet that is no payee',
    over: { primaryWallet: OTHER },
    code: 'ROYALTY_WALLET_NOT_PAYEE',
    says: OTHER,
  },
  {
    what: 'a revision that was not the last',
    over: { expectedRevision: 1 },
    code: 'ROYALTY_POLICY_SUPERSEDED',
    says: '1',
  },
])('a policy with $what is refused, and says why', async ({ over, code, says }) => {
  const { errors } = await set(over);
  expect(errors).toMatchObject([{ extensions: { code }, message: expect.stringContaining(says) }]);
});

test('a revision from before the last one is refused', async () => {
  await set({ effectiveFrom: '2026-06-01T00:00:00Z' });
  const { errors } = await set({ expectedRevision: 1, effectiveFrom: '2026-05-01T00:00:00Z' });
  expect(errors).toMatchObject([{ extensions: { code: 'ROYALTY_POLICY_BACKDATED' } }]);
});

test('reading the books and stating policies are rights of their own', async () => {
  const [reads, writes] = [
    await api.keyWith(tenant.tenantId, ['read', 'royalty:read']),
    await api.keyWith(tenant.tenantId, ['read', 'royalty:write']),
  ];
  const books = '{ ledgerAccounts { totalCount } ledgerEntries { totalCount } }';
  expect((await api.send(books, {}, reads)).errors).toBeUndefined();
  expect((await api.send(books, {}, writes)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await set({}, reads)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await set({}, writes)).errors).toBeUndefined();
});

test.each([
  { what: 'neither', args: '' },
  { what: 'both', args: '(projectId: $p, workId: $p)' },
])('a market of $what project and work is refused', async ({ args }) => {
  const query = args === '' ? '{ market { leftOut } }' : `query ($p: ID!) { market${args} { leftOut } }`;
  const { errors } = await api.send(query, args === '' ? {} : { p: projectId }, tenant.apiKey);
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});
