import { sqlState } from '../../../tenants/transaction';
import { QueueHarness, touch } from './harness';

const INSUFFICIENT_PRIVILEGE = '42501';

describe('outbox wall', () => {
  let h: QueueHarness;
  beforeAll(async () => {
    h = await QueueHarness.create();
  });
  afterAll(() => h.destroy());

  async function stateOf(work: Promise<unknown>): Promise<string | undefined> {
    return work.then(
      () => undefined,
      (error: unknown) => sqlState(error),
    );
  }

  test("a tenant sees none of another's jobs", async () => {
    const [a, b] = [await h.tenant(), await h.tenant()];
    await h.add(a, 1);
    const seenBy = (tenantId: typeof a) =>
      h.tenants.transaction(tenantId, ({ manager }) => manager.query<unknown[]>('select * from outbox'));

    expect(await seenBy(b)).toEqual([]);
    expect(await seenBy(a)).toHaveLength(1);
  });

  test('a tenant cannot write a job into another, nor change what the workers record', async () => {
    const [a, b] = [await h.tenant(), await h.tenant()];
    const asA = (sql: string, parameters: string[] = []) =>
      stateOf(h.tenants.transaction(a, ({ manager }) => manager.query(sql, parameters)));

    expect(await asA(`insert into outbox (tenant_id, job, payload) values ($1, 'touch', '{}')`, [b])).toBe(
      INSUFFICIENT_PRIVILEGE,
    );
    expect(await asA(`update outbox set state = 'DONE'`)).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await asA('delete from outbox')).toBe(INSUFFICIENT_PRIVILEGE);
    const claim = `select claim_outbox(array[$1]::uuid[], $1::uuid, 1, 1, 1, 1, 1, '{}')`;
    expect(await asA(claim, [a])).toBe(INSUFFICIENT_PRIVILEGE);
    const take = `select claim_and_take(array[$1]::uuid[], $1::uuid, 1, 1, 1, 1, 1, '{}', '{}', '{}', '{}', '{}', 1)`;
    expect(await asA(take, [a])).toBe(INSUFFICIENT_PRIVILEGE);
  });

  test("the system role cannot rewrite a job's payload, job or tenant", async () => {
    for (const column of ['payload', 'job', 'tenant_id', 'dedupe_key', 'created_at']) {
      const rewrite = h.system.transaction(({ manager }) =>
        manager.query(`update outbox set ${column} = ${column}`),
      );
      expect(await stateOf(rewrite)).toBe(INSUFFICIENT_PRIVILEGE);
    }
  });

  test('the system role adds a job for a tenant, who sees it', async () => {
    const tenantId = await h.tenant();
    const outboxId = await h.system.transaction((tx) =>
      h.outbox.addForTenant(tx, tenantId, touch, { tenantId, n: 1, subject: 'block-7' }),
    );
    // Both roles' requests join.
    expect(await h.add(tenantId, 1, { subject: 'block-7' })).toBe(outboxId);
  });

  test("a payload that names another tenant than its row's is refused", async () => {
    const [a, b] = [await h.tenant(), await h.tenant()];
    const add = h.tenants.transaction(a, (tx) => h.outbox.add(tx, touch, { tenantId: b, n: 1 }));

    await expect(add).rejects.toThrow('names another tenant');
    expect(await h.rows(a)).toEqual([]);
  });
});
