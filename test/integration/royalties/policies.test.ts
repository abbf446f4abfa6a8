import { withWallet } from '../../../domain/royalties/artist-guard';
import { PolicyRepository } from '../../../domain/royalties/policy-repository';
import { royaltyPolicyHash } from '../../../domain/royalties/royalty-policy';
import { ErrorCode } from '../../../schema/error-codes';
import { projectIdSchema, type TenantId } from '../../../schema/ids';
import type { RoyaltyPolicy } from '../../../schema/inputs/royalty';
import { account, PROJECT } from '../../support/royalty-arbitraries';
import { LedgerHarness } from './harness';

const POLICY: RoyaltyPolicy = {
  royaltyBps: 500,
  splits: [{ account: account(1), role: 'ARTIST', shareBps: 10_000 }],
  primaryWallet: account(1),
  currencies: [],
  enforcement: 'CLAIM',
  operators: [],
  paymentWindowSeconds: 86_400,
};
const day = (n: number) => new Date(Date.UTC(2026, 0, n));

let h: LedgerHarness;
let tenantId: TenantId;
beforeAll(async () => {
  h = await LedgerHarness.create();
});
beforeEach(async () => {
  tenantId = await h.tenant();
});
afterAll(() => h.destroy());

const state = (expectedRevision: number, effectiveFrom: Date, change: Partial<RoyaltyPolicy> = {}) =>
  h.policies.set(tenantId, {
    projectId: PROJECT,
    expectedRevision,
    effectiveFrom,
    policy: { ...POLICY, ...change },
  });

test('the policy that held at a block’s time is found, whatever came after', async () => {
  await state(0, day(1));
  await state(1, day(10), { royaltyBps: 700 });
  const moved = withWallet(POLICY, account(2));
  const third = { projectId: PROJECT, revision: 3, effectiveFrom: day(20), policy: moved };
  // As the artist's request is carried out: nobody else changes his wallet.
  await h.tenants.transaction(tenantId, (tx) =>
    new PolicyRepository().insert(tx, { ...third, hash: royaltyPolicyHash(moved) }, day(10)),
  );
  const at = async (time: Date) => (await h.policies.findAt(tenantId, PROJECT, time))?.revision;
  expect(await at(new Date(day(1).getTime() - 1))).toBeUndefined();
  expect(await at(day(1))).toBe(1);
  expect(await at(new Date(day(10).getTime() - 1))).toBe(1);
  expect(await at(day(10))).toBe(2);
  expect(await at(day(300))).toBe(3);
  const history = await h.policies.history(tenantId, PROJECT);
  expect(history.map(({ revision, policy }) => [revision, policy.royaltyBps, policy.primaryWallet])).toEqual([
    [1, 500, account(1)],
    [2, 700, account(1)],
    [3, 500, account(2)],
  ]);
  expect(await h.policies.history(await h.tenant(), PROJECT)).toEqual([]);
});

test('of two who state a revision at once, one is told that he is late', async () => {
  await state(0, day(1));
  const [first] = await h.policies.history(tenantId, PROJECT);
  if (first === undefined) throw new Error('the first was stated');
  let late: Promise<unknown> = Promise.resolve();
  await h.tenants.transaction(tenantId, async (tx) => {
    const second = { ...first, revision: 2, effectiveFrom: day(2) };
    await new PolicyRepository().insert(tx, second, first.effectiveFrom);
    late = state(1, day(3)).catch((error: unknown) => error);
    await h.untilSomebodyWaits();
  });
  expect(await late).toMatchObject({ code: ErrorCode.RoyaltyPolicySuperseded });
  expect(await h.policies.history(tenantId, PROJECT)).toHaveLength(2);
});

test.each([
  {
    what: 'from before the last one held',
    revision: 1,
    from: day(9),
    code: ErrorCode.RoyaltyPolicyBackdated,
  },
  { what: 'from when the last one held', revision: 1, from: day(10), code: ErrorCode.RoyaltyPolicyBackdated },
  {
    what: 'after a revision that is not the last',
    revision: 0,
    from: day(11),
    code: ErrorCode.RoyaltyPolicySuperseded,
  },
])('a revision $what is refused', async ({ revision, from, code }) => {
  await state(0, day(10));
  await expect(state(revision, from)).rejects.toMatchObject({ code });
});

test('a policy of no project of the tenant’s is not found, and one against the rules is refused', async () => {
  const projectId = projectIdSchema.parse('33333333-3333-4333-8333-333333333333');
  await expect(
    h.policies.set(tenantId, { projectId, expectedRevision: 0, effectiveFrom: day(1), policy: POLICY }),
  ).rejects.toMatchObject({ code: ErrorCode.NotFound });
  await expect(state(0, day(1), { primaryWallet: account(9) })).rejects.toMatchObject({
    code: ErrorCode.RoyaltyWalletNotPayee,
  });
});

test.each([
  { what: 'a gap', row: [3, day(30), day(10)], code: '23503' },
  { what: 'another beginning of the one before it', row: [2, day(30), day(11)], code: '23503' },
  { what: 'a beginning before the one before it', row: [2, day(5), day(10)], code: '23514' },
  { what: 'no link', row: [2, day(30), null], code: '23514' },
])('the database refuses a revision with $what', async ({ row: [revision, from, previous], code }) => {
  await state(0, day(10));
  await expect(
    h.admin.query(
      `insert into royalty_policies (tenant_id, project_id, revision, effective_from, previous_from, policy, hash)
       values ($1, $2, $3, $4, $5, '{}', '0x')`,
      [tenantId, PROJECT, revision, from, previous],
    ),
  ).rejects.toMatchObject({ code });
});
