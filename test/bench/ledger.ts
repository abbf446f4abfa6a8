import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '../../cli/embedded/postgres';
import { type AssessedSale, assessSale } from '../../domain/royalties/assessment';
import { paymentIdOf, saleIdOf } from '../../domain/royalties/sale';
import { saleEntries } from '../../domain/royalties/sale-entries';
import type { TenantId } from '../../schema/ids';
import type { RoyaltyPolicy } from '../../schema/inputs/royalty';
import { LedgerHarness } from '../integration/royalties/harness';
import {
  account,
  CHAIN,
  DOLLAR,
  ETHER,
  OTHER_PROJECT,
  PROJECT,
  REGISTRY,
  receiverOf,
  START,
  termsUnder,
} from '../support/royalty-arbitraries';
import { writeServiceUrls } from '../support/service-urls';
import { createTemplateDatabase } from '../support/template-database';
import { type Benchmark, type BenchmarkOptions, type Comparison, median } from './benchmark';
import { PlainTypeOrm } from './ledger-peer';

const FULL = { few: 10_000, many: 1_000_000, rounds: 5, sales: 1_000, peerSales: 200 };
const SMALL = { few: 400, many: 4_000, rounds: 1, sales: 200, peerSales: 20 };
/** Sales per transaction: what a follower finds in some blocks of a busy chain, or in a backfill. */
const BATCH = 500;
const ARTISTS = 500;
const PEER_BAR = 5;
/** With a hundred times as many entries at most 1.3 times as long. */
const FLAT_BAR = 1 / 1.3;

/**
 * Sales with their payments, recorded and posted on a durable PostgreSQL: the rate against one TypeORM save per posting,
 * and whether it stays as the books grow. A sale is two entries with seven postings.
 */
export const benchLedger: Benchmark = async (options) => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-'));
  chmodSync(folder, 0o711); // the database's own account must pass through when we are root
  const dataDir = join(folder, 'postgres');
  const log = () => undefined;
  const postgres = await startPostgres({ dataDir, durable: true, log });
  try {
    writeServiceUrls({ ...(await createTemplateDatabase(postgres.adminUrl)), redisUrl: undefined });
    return await compete(options);
  } finally {
    await postgres.stop();
    await removePostgres({ dataDir, log });
    rmSync(folder, { recursive: true, force: true });
  }
};

async function compete({ small, log }: BenchmarkOptions): Promise<Comparison[]> {
  const { few, many, rounds, sales, peerSales } = small ? SMALL : FULL;
  const [young, old] = [await LedgerHarness.create(), await LedgerHarness.create()];
  const peer = await PlainTypeOrm.create(young.database.adminUrl);
  try {
    const writers = { few: await Writer.create(young, few), many: await Writer.create(old, few) };
    await writers.many.multiply(many);
    const found = { few: [] as number[], many: [] as number[], peer: [] as number[] };
    // By turns, as others work on the machine; the first round is unmeasured.
    for (let round = 0; round <= rounds; round += 1) {
      const atFew = await writers.few.record(sales);
      const atMany = await writers.many.record(sales);
      const peers = await savePeers(peer, peerSales);
      log(
        `round ${round}: ${rate(atFew)} at ${few} entries, ${rate(atMany)} at ${many}; one save each ${rate(peers)}`,
      );
      if (round === 0) continue;
      found.few.push(atFew);
      found.many.push(atMany);
      found.peer.push(peers);
    }
    const perSale = postingsOf(madeUp(0));
    log(
      `sales recorded: ${(median(found.few) / perSale).toFixed(0)}/s at ${few} entries, ` +
        `${(median(found.many) / perSale).toFixed(0)}/s at ${many}`,
    );
    return [
      {
        name: 'sales recorded and posted, durable, vs one TypeORM save per posting',
        unit: 'postings/s',
        figure: median(found.few),
        peer: median(found.peer),
        bar: PEER_BAR,
      },
      {
        name: `at ${many} entries vs at ${few}`,
        unit: 'postings/s',
        figure: median(found.many),
        peer: median(found.few),
        bar: FLAT_BAR,
      },
    ];
  } finally {
    await peer.stop();
    await young.destroy();
    await old.destroy();
  }
}

const MULTIPLY = `
  create function multiply_ledger(tenant uuid, wanted bigint) returns void language plpgsql as $$
  declare
    base bigint := (select sequence from ledger_ends where tenant_id = tenant);
    copies bigint := wanted / base;
  begin
    -- no triggers and no foreign keys, which what is copied has passed
    set local session_replication_role = replica;
    insert into ledger_entries (tenant_id, sequence, posted_at, subject, part, kind, occurrence, project_id, occurred_at,
                                ground, policy_revision, digest)
    select tenant_id, sequence + base * n, now(), md5(subject::text || n)::uuid, part, kind, occurrence, project_id,
           occurred_at, ground, policy_revision, digest
      from generate_series(1, copies) n, ledger_entries where tenant_id = tenant;
    insert into ledger_postings (tenant_id, sequence, account_id, amount, balance)
    select p.tenant_id, p.sequence + base * n, p.account_id, p.amount, p.balance + n * last.balance
      from generate_series(1, copies) n, ledger_postings p
      join (select distinct on (account_id) account_id, balance from ledger_postings where tenant_id = tenant
             order by account_id, sequence desc) last using (account_id)
     where p.tenant_id = tenant;
    update ledger_ends set sequence = base * (copies + 1), posted_at = now() where tenant_id = tenant;
  end $$`;

/** Records made-up sales, each once. */
class Writer {
  private next = 0;

  private constructor(
    private readonly harness: LedgerHarness,
    private readonly tenantId: TenantId,
  ) {}

  /** Books of a new tenant with so many entries. */
  static async create(harness: LedgerHarness, entries: number): Promise<Writer> {
    const writer = new Writer(harness, await harness.tenant());
    await writer.record(entries / 2);
    await harness.admin.query('vacuum analyze');
    return writer;
  }

  /** Until there are so many entries, by copies of those that are there, under other subjects: as sound as they are. */
  async multiply(entries: number): Promise<void> {
    await this.harness.admin.query(MULTIPLY);
    await this.harness.admin.query('select multiply_ledger($1, $2)', [this.tenantId, entries]);
    await this.harness.admin.query('vacuum analyze');
  }

  /** @returns Postings per second; making sales up is not counted. */
  async record(count: number): Promise<number> {
    // From a checkpoint on every page that is touched is logged whole: the worst that random keys cost.
    await this.harness.admin.query('checkpoint');
    let spentMs = 0;
    for (let left = count; left > 0; left -= BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, left) }, (_, index) => madeUp(this.next + index));
      this.next += batch.length;
      const start = performance.now();
      const posted = await this.harness.books.recordSales(this.tenantId, batch);
      spentMs += performance.now() - start;
      if (posted !== batch.length * 2) throw new Error('not every sale became two entries');
    }
    return (count * postingsOf(madeUp(0))) / (spentMs / 1_000);
  }
}

let peersNext = 0;

/** @returns Postings per second. */
async function savePeers(peer: PlainTypeOrm, count: number): Promise<number> {
  const entries = Array.from({ length: count }, (_, index) => saleEntries(madeUp(peersNext + index))).flat();
  peersNext += count;
  const start = performance.now();
  const saved = await peer.save(entries);
  return saved / ((performance.now() - start) / 1_000);
}

function postingsOf(assessed: AssessedSale): number {
  return saleEntries(assessed).reduce((sum, { postings }) => sum + postings.length, 0);
}

function rate(postingsPerSecond: number | undefined): string {
  return `${(postingsPerSecond ?? 0).toFixed(0)} postings/s`;
}

/** A sale by number, paid exactly in its transaction: by one of many artists, in one of two currencies. */
function madeUp(n: number): AssessedSale {
  const at = {
    registryId: REGISTRY,
    chainId: CHAIN,
    transactionHash: `0x${n.toString(16).padStart(64, '0')}`,
    logIndex: 0,
    item: 0,
  } as const;
  const blockTime = new Date(START + n * 1_000);
  const shared = {
    inclusion: 0,
    transactionHash: at.transactionHash,
    asset: n % 3 === 0 ? DOLLAR : ETHER,
  };
  const projectId = n % 2 === 0 ? PROJECT : OTHER_PROJECT;
  const price = 10n ** 18n + BigInt(n) * 10_000n;
  return assessSale(
    { ...shared, saleId: saleIdOf(at), projectId, blockTime, price, isBundled: false },
    termsUnder(policyOf(n % ARTISTS), 1, projectId),
    [
      {
        ...shared,
        paymentId: paymentIdOf(at),
        paidAt: blockTime,
        receiver: receiverOf(projectId),
        amount: price / 20n,
        isShared: false,
      },
    ],
    blockTime,
  );
}

function policyOf(artist: number): RoyaltyPolicy {
  const wallet = account(artist + 1);
  return {
    royaltyBps: 500,
    splits: [
      { account: wallet, role: 'ARTIST', shareBps: 9_000 },
      { account: account(0xf00d), role: 'PLATFORM', shareBps: 1_000 },
    ],
    primaryWallet: wallet,
    currencies: [],
    enforcement: 'OBSERVE',
    operators: [],
    paymentWindowSeconds: 86_400,
  };
}
