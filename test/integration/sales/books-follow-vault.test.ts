import fc from 'fast-check';
import { getAddress, zeroAddress } from 'viem';
import { payeeIdOf, payeeOf } from '../../../chains/evm/registry/payees';
import { type NewEntry, WHOLE } from '../../../domain/ledger/ledger-entry';
import { paymentIdOf, saleIdOf } from '../../../domain/royalties/sale';
import { evmAccountId } from '../../../schema/caip';
import type { TenantId } from '../../../schema/ids';
import type { AccountKind } from '../../../schema/types/ledger';
import type { TenantTx } from '../../../tenants/tenant-database';
import { propertyRuns } from '../../support/property-runs';
import { CHAIN, ETHER, policies, REGISTRY } from '../../support/royalty-arbitraries';
import { ARTIST, credits, DOLLARS, deposits, hashOf, RECEIVER, statesSplit } from '../../support/sale-logs';
import { fakeTransaction } from './fake-chain';
import { type Gallery, SalesHarness } from './harness';
import { type Act, VaultModel } from './vault-model';

let h: SalesHarness;
beforeAll(async () => {
  h = await SalesHarness.create();
});
afterAll(() => h.destroy());

const token = fc.constantFrom(zeroAddress, DOLLARS);
/** Small, where dust counts, and as large as money is. */
const amount = fc.oneof(fc.bigInt({ min: 1n, max: 999n }), fc.bigInt({ min: 1n, max: 10n ** 24n }));
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc
    .record({ price: amount, share: fc.integer({ min: 0, max: 1_000 }) })
    .map(({ price, share }) => ({ do: 'sell', price, paid: (price * BigInt(share)) / 10_000n }) as const),
  fc.record({ do: fc.constantFrom('give' as const, 'deposit' as const), token, amount }),
  fc.record({ do: fc.constantFrom('forward' as const, 'forward' as const, 'split' as const), token }),
  policies.map(({ splits }) => ({ do: 'state a split', shares: splits }) as const),
  fc.record({ do: fc.constant('pay out' as const), token, nth: fc.nat(5) }),
);
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.array(acts, { minLength: 1, maxLength: 5 }) },
    { weight: 2, arbitrary: fc.constantFrom('observe' as const, 'finalise' as const) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }) },
  ),
  { minLength: 6, maxLength: 14 },
);

/** Balances by kind, payee and asset, without those that are zero. */
async function booksOf(tenantId: TenantId): Promise<Record<string, bigint>> {
  const found = await h.tenants.transaction(tenantId, (tx) => h.ledger.balances(tx));
  return Object.fromEntries(
    found
      .filter(({ balance }) => balance !== 0n)
      .map(({ kind, owner, asset, balance }) => [
        kind === 'ARTIST_PAYABLE' || kind === 'PLATFORM_FEE'
          ? `${kind} ${owner} ${asset}`
          : `${kind} ${asset}`,
        balance,
      ]),
  );
}

async function compare(gallery: Gallery, model: VaultModel): Promise<void> {
  await h.observe(gallery);
  const books = await booksOf(gallery.tenantId);
  expect(books).toEqual(model.books(h.chain.final));
  const sums = new Map<string, bigint>();
  for (const [name, balance] of Object.entries(books)) {
    const asset = name.split(' ').at(-1) ?? '';
    sums.set(asset, (sums.get(asset) ?? 0n) + balance);
  }
  expect([...sums.values()].filter((sum) => sum !== 0n)).toEqual([]);
}

/** Runs a drawn history; `check` looks at the books whenever they are up to date. */
async function run(drawn: typeof steps extends fc.Arbitrary<infer Steps> ? Steps : never): Promise<Gallery> {
  h.chain.blocks = [];
  h.chain.final = -1;
  const gallery = await h.gallery();
  /** As it was after each block. */
  const models = [VaultModel.empty()];
  const now = () => models.at(-1) ?? VaultModel.empty();
  for (const step of drawn) {
    if (step === 'observe') await compare(gallery, now());
    else if (step === 'finalise') h.chain.finalise();
    else if (typeof step === 'number') {
      const depth = Math.min(step, h.chain.blocks.length - 1 - h.chain.final);
      if (depth === 0) continue;
      h.chain.drop(depth);
      models.splice(-depth);
    } else {
      const model = now().copy();
      const block = h.chain.blocks.length;
      const logs = step.map((act) => model.act(act, block)).filter((one) => one.length > 0);
      h.chain.mine(...logs.map((one) => fakeTransaction(one)));
      models.push(model);
      // Every other block is seen before it can fall; the rest only if a step says so.
      if (block % 2 === 1) await compare(gallery, model);
    }
  }
  h.chain.finalise();
  await compare(gallery, now());
  return gallery;
}

test('the books say of vault, receiver and every payee what the contracts hold, to the unit, whatever is sold, given, split, paid and reorganised', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (drawn) => {
      await run(drawn);
    }),
    propertyRuns(12),
  );
}, 300_000);

test('credits that fall with their block are taken back by linked entries, and are there again when they come again', async () => {
  h.chain.blocks = [];
  h.chain.final = -1;
  const gallery = await h.gallery();
  const payee = payeeOf(evmAccountId(CHAIN, getAddress(ARTIST)));
  const transactions = [
    fakeTransaction([statesSplit(1n, [{ payee, bps: 10_000 }])]),
    fakeTransaction([deposits(RECEIVER, 10n), credits(payeeIdOf(payee), 10n)]),
  ];
  for (let n = 0; n < 2; n += 1) {
    h.chain.mine(...transactions);
    await h.observe(gallery);
    expect(await h.balances(gallery)).toMatchObject({ VAULT: 10n, ARTIST_PAYABLE: -10n });
    h.chain.drop(1);
    h.chain.mine();
    await h.observe(gallery);
    expect(await h.balances(gallery)).toEqual({});
  }
  h.chain.mine(...transactions);
  h.chain.finalise();
  await h.observe(gallery);
  const entries = await h.entries(gallery);
  expect(entries.filter((entry) => entry.startsWith('CREDIT'))).toEqual([
    'CREDIT REVERSED',
    'CREDIT reversal FINAL',
    'CREDIT REVERSED',
    'CREDIT reversal FINAL',
    'CREDIT FINAL',
  ]);
});

test('what an endpoint lied about is put right when its block becomes final, in the record and in the books', async () => {
  h.chain.blocks = [];
  h.chain.final = -1;
  const gallery = await h.gallery();
  const payee = payeeOf(evmAccountId(CHAIN, getAddress(ARTIST)));
  const payeeId = payeeIdOf(payee);
  h.chain.mine(fakeTransaction([statesSplit(1n, [{ payee, bps: 10_000 }])]));
  const truth = fakeTransaction([deposits(RECEIVER, 10n), credits(payeeId, 10n)]);
  const lie = { ...truth, logs: [deposits(RECEIVER, 11n), credits(payeeId, 11n)] };
  const block = h.chain.mine(lie);
  await h.observe(gallery);
  expect(await h.balances(gallery)).toMatchObject({ VAULT: 11n, ARTIST_PAYABLE: -11n });
  // The follower compares endpoints before it calls a block final, and replaces the logs of one that lied.
  h.chain.blocks[block.number] = { ...block, transactions: [truth] };
  h.chain.finalise();
  await h.observe(gallery);
  expect(await h.balances(gallery)).toMatchObject({ VAULT: 10n, ARTIST_PAYABLE: -10n });
  const { rows } = await h.admin.query(
    "select coalesce(args->>'amount', args->>'received') as amount, final from registry_events where tenant_id = $1 and block_number = $2",
    [gallery.tenantId, block.number],
  );
  expect(rows).toEqual(Array(2).fill({ amount: '10', final: true }));
  const entries = await h.entries(gallery);
  expect(entries.filter((entry) => entry.startsWith('CREDIT'))).toEqual([
    'CREDIT REVERSED',
    'CREDIT reversal FINAL',
    'CREDIT FINAL',
  ]);
});

describe('books of an earlier release, which credited payees when money came', () => {
  const artist = evmAccountId(CHAIN, getAddress(ARTIST));
  const payeeId = payeeIdOf(payeeOf(artist));
  const at = (n: number) => ({
    registryId: REGISTRY,
    chainId: CHAIN,
    transactionHash: hashOf(n),
    logIndex: 0,
    item: 0,
  });
  const on = (gallery: Gallery, kind: AccountKind, amount: bigint) => ({
    account: { kind, owner: kind === 'ARTIST_PAYABLE' ? artist : gallery.projectId, asset: ETHER },
    amount,
  });

  /** A sale's payment of 5 and a deposit of 7, as that release posted them. */
  function dated(gallery: Gallery): NewEntry[] {
    const shared = {
      inclusion: 0,
      projectId: gallery.projectId,
      occurredAt: new Date(0),
      ground: 'PROVEN',
      policyRevision: undefined,
    } as const;
    return [
      {
        ...shared,
        subject: saleIdOf(at(1)),
        part: paymentIdOf(at(1)),
        kind: 'PAYMENT',
        postings: [
          on(gallery, 'VAULT', 5n),
          on(gallery, 'ARTIST_PAYABLE', -5n),
          on(gallery, 'ROYALTY_DUE', 5n),
          on(gallery, 'SALE_CLEARING', -5n),
        ],
      },
      {
        ...shared,
        subject: paymentIdOf(at(2)),
        part: WHOLE,
        kind: 'DEPOSIT',
        postings: [on(gallery, 'VAULT', 7n), on(gallery, 'SUSPENSE', -7n)],
      },
    ];
  }
  const inBooks = <Value>(gallery: Gallery, work: (tx: TenantTx) => Promise<Value>) =>
    h.tenants.transaction(gallery.tenantId, work);
  const catchUp = (gallery: Gallery) => h.vaultBooks.catchUp(gallery.tenantId, gallery.registryId);

  test('say after the upgrade what the vault says, by linked entries, once', async () => {
    h.chain.blocks = [];
    h.chain.final = -1;
    const gallery = await h.gallery();
    h.followsVault = false;
    h.chain.mine(
      fakeTransaction([statesSplit(1n, [{ payee: payeeOf(artist), bps: 10_000 }])]),
      fakeTransaction([deposits(RECEIVER, 10n), credits(payeeId, 10n)]),
    );
    h.chain.finalise();
    await h.see(gallery);
    h.followsVault = true;
    const [payment, deposit] = dated(gallery);
    if (payment === undefined || deposit === undefined) throw new Error('two entries are dated');
    await inBooks(gallery, (tx) => h.ledger.post(tx, [payment, deposit]));
    await inBooks(gallery, (tx) => h.ledger.finalise(tx, [payment]));

    // The deposit may still fall: whoever posted it takes it back alone.
    expect(await catchUp(gallery)).toBe(false);
    expect(await h.entries(gallery)).toEqual([
      'PAYMENT FINAL',
      'DEPOSIT PROVISIONAL',
      'RECEIPT FINAL',
      'CREDIT FINAL',
      'RESTATEMENT FINAL',
    ]);
    await inBooks(gallery, (tx) => h.ledger.finalise(tx, [deposit]));
    for (let n = 0; n < 3; n += 1) expect(await catchUp(gallery)).toBe(false);
    expect((await h.entries(gallery)).slice(5)).toEqual(['RESTATEMENT FINAL']);
    expect(await h.balances(gallery)).toEqual({
      RECEIVER: 2n,
      VAULT: 10n,
      UNSPLIT: -2n,
      ARTIST_PAYABLE: -10n,
      SUSPENSE: -7n,
      ROYALTY_DUE: 12n,
      SALE_CLEARING: -5n,
    });
  });
});
