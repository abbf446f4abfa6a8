import { inspect } from 'node:util';
import { Client } from 'pg';
import { evmChainId } from '../../../schema/caip';
import { CHAIN_ID, TransactionHarness } from './harness';

describe('signing keys', () => {
  let h: TransactionHarness;
  beforeAll(async () => {
    h = await TransactionHarness.start();
  });
  afterAll(() => h.stop());

  async function asAdmin<T extends object>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    const admin = new Client({ connectionString: h.database.adminUrl });
    await admin.connect();
    try {
      return (await admin.query<T>(sql, parameters)).rows;
    } finally {
      await admin.end();
    }
  }

  test('a tenant has one account on all EVM chains, the same in every process, made once however many ask first', async () => {
    const { tenantId, account } = await h.tenant();
    const processes = Array.from({ length: 8 }, () => h.signers());
    const accounts = await Promise.all(
      processes.map((signers) => signers.accountFor(tenantId, evmChainId(1284))),
    );
    expect(new Set(accounts.map(({ address }) => address))).toEqual(new Set([account]));
  });

  test('two tenants have different accounts', async () => {
    expect((await h.tenant()).account).not.toBe((await h.tenant()).account);
  });

  test("a sealed key that is copied to another tenant's row does not open", async () => {
    const [victim, thief] = [await h.tenant(), await h.tenant()];
    await asAdmin(
      `update tenant_secrets set sealed = (select sealed from tenant_secrets where tenant_id = $1)
       where tenant_id = $2`,
      [victim.tenantId, thief.tenantId],
    );
    await expect(h.signers().accountFor(thief.tenantId, CHAIN_ID)).rejects.toThrow();
  });

  test('a logged signer shows no key', async () => {
    const { tenantId } = await h.tenant();
    const signers = h.signers();
    const account = await signers.accountFor(tenantId, CHAIN_ID);
    const key = await h.vault().findOrCreate(tenantId, 'signer:eip155', () => {
      throw new Error('the key is there already');
    });
    const shown = inspect({ signers, account }, { depth: 4 });
    expect(shown).toContain(account.address);
    expect(shown).not.toContain(Buffer.from(key).toString('hex'));
  });

  test('each transaction table shows a tenant only its own rows, and the system role no content', async () => {
    const tables = ['tenant_secrets', 'nonce_lanes', 'chain_transactions', 'transaction_attempts'];
    const policies = await asAdmin<{ relname: string }>(
      `select relname from pg_class where relname = any($1) and relrowsecurity and relforcerowsecurity
       order by relname`,
      [tables],
    );
    expect(policies.map(({ relname }) => relname)).toEqual([...tables].sort());

    const readable = await asAdmin<{ column_name: string }>(
      `select table_name || '.' || column_name as column_name from information_schema.column_privileges
       where grantee = 'colophon_system' and table_name = any($1) order by 1`,
      [tables],
    );
    expect(readable.map(({ column_name }) => column_name)).toEqual([
      'chain_transactions.chain_id',
      'chain_transactions.mined_block_number',
      'chain_transactions.state',
      'chain_transactions.tenant_id',
      // To find what belongs to a tenant that is being deleted.
      'nonce_lanes.tenant_id',
      'tenant_secrets.tenant_id',
      'transaction_attempts.tenant_id',
    ]);
  });
});
