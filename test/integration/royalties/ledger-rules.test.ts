import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type AssessedSale, assessSale } from '../../../domain/royalties/assessment';
import { paymentIdOf, saleIdOf } from '../../../domain/royalties/sale';
import { saleEntries } from '../../../domain/royalties/sale-entries';
import type { TenantId } from '../../../schema/ids';
import type { RoyaltyPolicy } from '../../../schema/inputs/royalty';
import {
  account,
  CHAIN,
  DOLLAR,
  ETHER,
  HOUR_MS,
  PROJECT,
  REGISTRY,
  receiverOf,
  START,
  termsUnder,
} from '../../support/royalty-arbitraries';
import { withClient } from '../../support/template-database';
import { LedgerHarness } from './harness';

const POLICY: RoyaltyPolicy = {
  royaltyBps: 1_000,
  splits: [
    { account: account(1), role: 'ARTIST', shareBps: 9_000 },
    { account: account(2), role: 'PLATFORM', shareBps: 1_000 },
  ],
  primaryWallet: account(1),
  currencies: [],
  enforcement: 'OBSERVE',
  operators: [],
  paymentWindowSeconds: 3_600,
};
const NIL = '00000000-0000-0000-0000-000000000000';

let h: LedgerHarness;
let tenantId: TenantId;
beforeAll(async () => {
  h = await LedgerHarness.create();
});
beforeEach(async () => {
  tenantId = await h.tenant();
});
afterAll(() => h.destroy());

/** A sale at 1,000 that owes 100, by number. */
function sold(n: number, { inclusion = 0, paid = 100n, asOf = START } = {}): AssessedSale {
  const at = {
    registryId: REGISTRY,
    chainId: CHAIN,
    transactionHash: `0x${n.toString(16).padStart(64, '0')}`,
    logIndex: 0,
    item: 0,
  } as const;
  const shared = { inclusion, transactionHash: at.transactionHash, asset: ETHER };
  return assessSale(
    {
      ...shared,
      saleId: saleIdOf(at),
      projectId: PROJECT,
      blockTime: new Date(START),
      price: 1_000n,
      isBundled: false,
    },
    termsUnder(POLICY, 1, PROJECT),
    paid === 0n
      ? []
      : [
          {
            ...shared,
            paymentId: paymentIdOf(at),
            paidAt: new Date(START),
            receiver: receiverOf(PROJECT),
            amount: paid,
            isShared: false,
          },
        ],
    new Date(asOf),
  );
}

const statesOf = async ({ sale }: AssessedSale) => {
  const entries = await h.tenants.transaction(tenantId, (tx) => h.ledger.entriesOf(tx, sale.saleId));
  return entries.map(({ kind, inclusion, isReversal, state }) =>
    [kind, inclusion, ...(isReversal ? ['REVERSAL'] : []), state].join(' '),
  );
};

describe('what the database itself refuses', () => {
  interface Row {
    readonly sequence: number;
    readonly subject?: string;
    readonly occurrence?: number;
  }
  let app: Client;
  let ether: string;
  let dollar: string;
  let other: string;

  beforeEach(async () => {
    app = new Client(h.database.appUrl);
    await app.connect();
    await app.query('begin');
    await app.query("select set_config('app.tenant_id', $1, true)", [tenantId]);
    const { rows } = await app.query<{ id: string }>(
      `insert into ledger_accounts (tenant_id, kind, owner, asset)
       values ($1, 'VAULT', 'o', $2), ($1, 'SUSPENSE', 'o', $2), ($1, 'VAULT', 'o', $3) returning id`,
      [tenantId, ETHER, DOLLAR],
    );
    [ether, other, dollar] = rows.map(({ id }) => id) as [string, string, string];
  });
  afterEach(() => app.end());

  const post = (sequence: number, amounts: readonly (readonly [account: string, amount: number])[]) =>
    app.query(
      `insert into ledger_postings (tenant_id, sequence, account_id, amount, balance)
       select $1, $2, account, amount, 0 from unnest($3::bigint[], $4::numeric[]) as p (account, amount)`,
      [tenantId, sequence, amounts.map(([id]) => id), amounts.map(([, amount]) => amount)],
    );
  const enter = ({ sequence, subject = randomUUID(), occurrence = 0 }: Row) =>
    app.query(
      `insert into ledger_entries (tenant_id, sequence, posted_at, subject, part, kind, occurrence, project_id, occurred_at,
                                   ground, digest)
       values ($1, $2, now(), $3, $4, 'DEPOSIT', $5, $6, now(), 'UNATTRIBUTED', '')`,
      [tenantId, sequence, subject, NIL, occurrence, PROJECT],
    );
  const balanced = () =>
    [
      [ether, 5],
      [other, -5],
    ] as const;

  test('an entry whose postings do not sum to zero in each asset', async () => {
    await post(1, [
      [ether, 5],
      [other, -4],
    ]);
    await expect(enter({ sequence: 1 })).rejects.toMatchObject({ constraint: 'ledger_entries_balanced' });
  });

  test('an entry that balances only across assets', async () => {
    await post(1, [
      [ether, 5],
      [dollar, -5],
    ]);
    await expect(enter({ sequence: 1 })).rejects.toMatchObject({ constraint: 'ledger_entries_balanced' });
  });

  test('an entry without postings', async () => {
    await expect(enter({ sequence: 1 })).rejects.toMatchObject({ constraint: 'ledger_entries_balanced' });
  });

  test('entries of one statement that leave numbers out, so that none can hide behind another’s postings', async () => {
    await post(1, balanced());
    await post(2, balanced());
    await enter({ sequence: 2 });
    await expect(
      app.query(
        `insert into ledger_entries (tenant_id, sequence, posted_at, subject, part, kind, occurrence, project_id, occurred_at,
                                     ground, digest)
         select tenant_id, n, posted_at, gen_random_uuid(), part, kind, occurrence, project_id, occurred_at, ground, digest
           from ledger_entries, unnest(array[1, 3]) n`,
      ),
    ).rejects.toMatchObject({ constraint: 'ledger_entries_consecutive' });
  });

  test('postings without an entry, when they are to be committed', async () => {
    await post(1, balanced());
    await expect(app.query('commit')).rejects.toMatchObject({ code: '23503' });
  });

  test('postings that are added to an entry later, though they balance', async () => {
    await post(1, balanced());
    await enter({ sequence: 1 });
    await app.query(
      `insert into ledger_accounts (tenant_id, kind, owner, asset) values ($1, 'VAULT', 'p', $2)`,
      [tenantId, ETHER],
    );
    await expect(
      app.query(
        `insert into ledger_postings (tenant_id, sequence, account_id, amount, balance)
         select tenant_id, 1, id, 1, 0 from ledger_accounts where owner = 'p'`,
      ),
    ).rejects.toMatchObject({ constraint: 'ledger_postings_complete' });
  });

  test('a posting of nothing', async () => {
    await expect(post(1, [[ether, 0]])).rejects.toMatchObject({ code: '23514' });
  });

  test('a reversal that is not of the same amounts on the same accounts', async () => {
    const subject = randomUUID();
    await post(1, balanced());
    await enter({ sequence: 1, subject });
    await post(2, [
      [ether, -4],
      [other, 4],
    ]);
    await expect(enter({ sequence: 2, subject, occurrence: 1 })).rejects.toMatchObject({
      constraint: 'ledger_entries_reversal',
    });
  });

  test('a second entry, or a second reversal, under one key', async () => {
    const subject = randomUUID();
    await post(1, balanced());
    await enter({ sequence: 1, subject });
    await post(2, balanced());
    await expect(enter({ sequence: 2, subject })).rejects.toMatchObject({
      constraint: 'ledger_entries_once',
    });
  });

  test('a reversal of what was not posted', async () => {
    await post(1, balanced());
    await expect(enter({ sequence: 1, occurrence: 1 })).rejects.toMatchObject({ code: '23503' });
  });

  test.each([
    { what: 'again while the one before stands', first: 0, second: 2 },
    { what: 'for the first time when it was posted again already', first: 2, second: 0 },
  ])('an entry $what', async ({ first, second }) => {
    const subject = randomUUID();
    await post(1, balanced());
    await enter({ sequence: 1, subject, occurrence: first });
    await post(2, balanced());
    await expect(enter({ sequence: 2, subject, occurrence: second })).rejects.toMatchObject({
      constraint: 'ledger_entries_standing',
    });
  });
});

test('nobody who runs the platform can change or delete what is in the books', async () => {
  await h.books.recordSales(tenantId, [sold(1)]);
  const tables = [
    'ledger_entries',
    'ledger_postings',
    'ledger_accounts',
    'ledger_finals',
    'royalty_policies',
  ];
  const forbidden = (table: string) => [
    `update ${table} set tenant_id = tenant_id`,
    `truncate ${table} cascade`,
    `alter table ${table} disable trigger all`,
  ];
  await withClient(h.database.appUrl, async (client) => {
    await client.query("select set_config('app.tenant_id', $1, false)", [tenantId]);
    for (const table of tables)
      for (const change of [...forbidden(table), `delete from ${table}`])
        await expect(client.query(change)).rejects.toMatchObject({ code: '42501' });
  });
  await withClient(h.database.systemUrl, async (client) => {
    for (const table of tables) {
      for (const change of forbidden(table))
        await expect(client.query(change)).rejects.toMatchObject({ code: '42501' });
      // Only of tenants that are given up.
      expect((await client.query(`delete from ${table}`)).rowCount).toBe(0);
    }
  });
});

test('a sale is credited once, however often and by how many at once it is posted', async () => {
  await h.books.recordSales(tenantId, [sold(100)]);
  const sales = Array.from({ length: 45 }, (_, n) => sold(n));
  const posted = await Promise.all(
    [0, 1, 2, 3, 4, 5].map((n) => {
      const some = sales.slice(n * 5, n * 5 + 20);
      return h.books.recordSales(tenantId, n % 2 === 0 ? some : some.reverse());
    }),
  );
  expect(posted.reduce((sum, count) => sum + count, 0)).toBe(90);
  expect(await h.books.recordSales(tenantId, sales)).toBe(0);
  expect(await h.balances(tenantId)).toEqual({
    [`RECEIVER ${PROJECT} ${ETHER}`]: 4_600n,
    [`UNSPLIT ${PROJECT} ${ETHER}`]: -4_600n,
  });
});

test('the same sale with other content is refused, and nothing of its batch is posted', async () => {
  await h.books.recordSales(tenantId, [sold(1)]);
  const before = await h.balances(tenantId);
  await expect(h.books.recordSales(tenantId, [sold(2), sold(1, { paid: 99n })])).rejects.toThrow(
    'with other content',
  );
  await expect(h.books.recordSales(tenantId, [sold(3), sold(3, { paid: 99n })])).rejects.toThrow(
    'with other content',
  );
  expect(await h.balances(tenantId)).toEqual(before);
});

test('an entry is provisional, then final; a reorg reverses it by a linked one, and a late repetition revives nothing', async () => {
  const [first, second] = [sold(1), sold(2)];
  await h.books.recordSales(tenantId, [first, second]);
  expect(await statesOf(first)).toEqual(['SALE 0 PROVISIONAL', 'PAYMENT 0 PROVISIONAL']);
  await h.books.finalise(tenantId, [second]);
  await h.books.takeBack(tenantId, [first]);
  await h.books.finalise(tenantId, [first]);
  expect(await h.books.recordSales(tenantId, [first])).toBe(0);
  const fallen = [
    'SALE 0 REVERSED',
    'PAYMENT 0 REVERSED',
    'SALE 0 REVERSAL FINAL',
    'PAYMENT 0 REVERSAL FINAL',
  ];
  expect(await statesOf(first)).toEqual(fallen);
  expect(await statesOf(second)).toEqual(['SALE 0 FINAL', 'PAYMENT 0 FINAL']);
  const { rows: finals } = await h.admin.query('select from ledger_finals where tenant_id = $1', [tenantId]);
  expect(finals).toHaveLength(2);
  expect((await h.balances(tenantId))[`RECEIVER ${PROJECT} ${ETHER}`]).toBe(100n);
  await h.books.recordSales(tenantId, [sold(1, { inclusion: 1, paid: 60n })]);
  expect(await statesOf(first)).toEqual([...fallen, 'SALE 1 PROVISIONAL', 'PAYMENT 1 PROVISIONAL']);
  expect((await h.balances(tenantId))[`SALE_CLEARING ${PROJECT} ${ETHER}`]).toBe(40n);
});

test('a sale that comes back after a reorg may have entries that it had not before', async () => {
  const open = sold(1, { paid: 0n });
  await h.books.recordSales(tenantId, [open]);
  await h.books.takeBack(tenantId, [open]);
  const closed = sold(1, { inclusion: 1, paid: 0n, asOf: START + 2 * HOUR_MS });
  expect(await h.books.recordSales(tenantId, [closed])).toBe(2);
  expect((await statesOf(closed)).slice(2)).toEqual(['SALE 1 PROVISIONAL', 'UNPAID 1 PROVISIONAL']);
  expect((await h.balances(tenantId))[`BAD_DEBT ${PROJECT} ${ETHER}`]).toBe(100n);
});

test('a balance of the past waits for who is posting, so that it never changes afterwards', async () => {
  await h.books.recordSales(tenantId, [sold(1)]);
  let seen: Promise<unknown> = Promise.resolve();
  let at = new Date(0);
  await h.tenants.transaction(tenantId, async (tx) => {
    await h.ledger.post(tx, saleEntries(sold(2)));
    const { rows } = await h.admin.query<{ at: Date }>('select clock_timestamp() as at');
    at = new Date((rows[0]?.at.getTime() ?? 0) + 1);
    let isRead = false;
    seen = h.balances(tenantId, at).then((balances) => {
      isRead = true;
      return balances;
    });
    await h.untilSomebodyWaits();
    expect(isRead).toBe(false);
  });
  expect(await seen).toMatchObject({ [`RECEIVER ${PROJECT} ${ETHER}`]: 200n });
  expect(await h.balances(tenantId, at)).toEqual(await seen);
});

test("another tenant's books are its own: it sees none of these, and may have the same sale", async () => {
  const stranger = await h.tenant();
  await h.books.recordSales(tenantId, [sold(1)]);
  expect(await h.balances(stranger)).toEqual({});
  expect(await h.books.takeBack(stranger, [sold(1)])).toBe(0);
  expect(await h.books.recordSales(stranger, [sold(1)])).toBe(2);
  expect(await h.balances(tenantId)).toEqual(await h.balances(stranger));
});

test('the highest price that a contract can say fits, again and again', async () => {
  const most = 2n ** 256n - 1n;
  const sales = Array.from({ length: 30 }, (_, n) => sold(n, { paid: most }));
  await h.books.recordSales(tenantId, sales);
  expect((await h.balances(tenantId))[`RECEIVER ${PROJECT} ${ETHER}`]).toBe(30n * most);
});
