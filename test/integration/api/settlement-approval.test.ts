import { encodeGlobalId } from '../../../schema/global-id';
import { projectIdSchema } from '../../../schema/ids';
import { MemberRole } from '../../../schema/roles';
import { FakeDomain } from './support/fake-domain';
import { sampleRegistry, sampleSettlement } from './support/samples';
import { TestApi, type TestTenant } from './support/test-api';

const domain = new FakeDomain();
const APPROVE =
  'mutation ($input: ApproveSettlementInput!) { approveSettlement(input: $input) { settlement { id } } }';

let api: TestApi;
let tenant: TestTenant;
let settlement: string;

beforeAll(async () => {
  api = await TestApi.start(domain);
  tenant = await api.tenant();
  const registry = sampleRegistry(projectIdSchema.parse('00000000-0000-4000-8000-000000000001'));
  const row = domain.settlements.put(tenant.tenantId, sampleSettlement(registry));
  settlement = encodeGlobalId('Settlement', row.id);
});
afterAll(() => api.stop());

const approval = () => ({ input: { settlementId: settlement, amount: '0' } });

test.each([
  [MemberRole.OWNER, undefined],
  [MemberRole.ADMIN, undefined],
  [MemberRole.OPERATOR, 'FORBIDDEN'],
  [MemberRole.AUDITOR, 'FORBIDDEN'],
  [MemberRole.ARTIST, 'FORBIDDEN'],
])('of the people, %s is answered with %s when approving a settlement', async (role, code) => {
  const calls = domain.calls.length;
  const { token } = await api.member(tenant, role);
  const { errors } = await api.send(APPROVE, approval(), token);
  expect(errors?.[0]?.extensions.code).toBe(code);
  expect(domain.calls).toHaveLength(calls + (code === undefined ? 1 : 0));
});

test('no API key approves a settlement, not even one with all scopes', async () => {
  const { errors } = await api.send(APPROVE, approval(), tenant.apiKey);
  expect(errors?.[0]?.extensions.code).toBe('PERSON_REQUIRED');
});
