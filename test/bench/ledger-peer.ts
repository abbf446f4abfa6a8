import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type DataSource, EntitySchema } from 'typeorm';
import type { NewEntry } from '../../domain/ledger/ledger-entry';
import { openDataSource } from '../../tenants/data-source';

/** As many saves at a time; one at a time is slower. */
const CONCURRENCY = 8;

interface PlainPosting {
  id: string;
  saleId: string;
  kind: string;
  account: string;
  asset: string;
  amount: string;
}

const plainPostings = new EntitySchema<PlainPosting>({
  name: 'plain_postings',
  columns: {
    id: { type: 'uuid', primary: true },
    saleId: { type: 'uuid' },
    kind: { type: 'text' },
    account: { type: 'text' },
    asset: { type: 'text' },
    amount: { type: 'numeric' },
  },
});

/** What somebody would write without Colophon: a row per posting, saved by TypeORM; nothing is checked or summed up. */
export class PlainTypeOrm {
  private constructor(private readonly source: DataSource) {}

  static async create(adminUrl: string): Promise<PlainTypeOrm> {
    const client = new Client(adminUrl);
    await client.connect();
    await client.query(
      'create table plain_postings (id uuid primary key, "saleId" uuid, kind text, account text, asset text, amount numeric)',
    );
    await client.end();
    return new PlainTypeOrm(
      await openDataSource(
        { url: adminUrl, poolSize: CONCURRENCY, applicationName: 'peer' },
        { entities: [plainPostings] },
      ),
    );
  }

  /** @returns How many postings were saved. */
  async save(entries: readonly NewEntry[]): Promise<number> {
    const rows = entries.flatMap(({ subject, kind, postings }) =>
      postings.map(({ account, amount }) => ({
        id: randomUUID(),
        saleId: subject,
        kind,
        account: `${account.kind} ${account.owner}`,
        asset: account.asset,
        amount: amount.toString(),
      })),
    );
    const left = [...rows];
    const repository = this.source.getRepository(plainPostings);
    const saveAll = async () => {
      for (let row = left.pop(); row !== undefined; row = left.pop()) await repository.save(row);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, saveAll));
    return rows.length;
  }

  async stop(): Promise<void> {
    await this.source.destroy();
  }
}
