import { splitTopics, toHex } from '../../domain/chain-state/block-encoding';
import { copyLogs } from '../../domain/chain-state/log-copy';
import { chainIdSchema } from '../../schema/caip';
import { withClient } from '../support/template-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const CHAIN = chainIdSchema.parse('eip155:84532');
const OTHER_CHAIN = chainIdSchema.parse('eip155:1284');
const bytes = (seed: string, count: number) => `0x${seed.repeat(count)}` as const;
/** Each field of hex changes, stays and comes back; topics and data also change in number. */
const LOGS = [
  { address: 'a1', topics: ['11', '12'], data: bytes('d1', 3), txHash: 'e1', blockHash: 'f1' },
  { address: 'a1', topics: ['11', '13'], data: bytes('d1', 3), txHash: 'e1', blockHash: 'f1' },
  { address: 'a2', topics: ['11'], data: bytes('d1', 5), txHash: 'e2', blockHash: 'f1' },
  { address: 'a1', topics: [], data: '0x' as const, txHash: 'e2', blockHash: 'f2' },
  { address: 'a1', topics: ['12', '13', '13', '11'], data: bytes('d1', 3), txHash: 'e1', blockHash: 'f2' },
].map(({ address, topics, data, txHash, blockHash }, logIndex) => ({
  blockNumber: 2 ** 40 + logIndex,
  logIndex,
  blockTime: 1_800_000_000 + logIndex,
  address: bytes(address, 20),
  topics: topics.map((topic) => bytes(topic, 32)),
  data,
  txHash: bytes(txHash, 32),
  blockHash: bytes(blockHash, 32),
}));

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

test('logs are stored as they were given, whatever they share with those before them', async () => {
  const stored = await withClient(database.adminUrl, async (client) => {
    await copyLogs(client, CHAIN, LOGS);
    return client.query('select * from chain_logs where chain_id = $1 order by log_index', [CHAIN]);
  });
  const found = stored.rows.map((row) => ({
    blockNumber: Number(row.block_number),
    logIndex: row.log_index,
    blockTime: Number(row.block_time),
    address: toHex(row.address),
    topics: splitTopics(row.topics),
    data: toHex(row.data),
    txHash: toHex(row.tx_hash),
    blockHash: toHex(row.block_hash),
  }));
  expect(found).toEqual(LOGS);
});

test('a value of another length than its column’s is refused, and nothing is stored', async () => {
  const [first, second] = LOGS;
  const short = { ...second, txHash: bytes('e1', 31) };
  await withClient(database.adminUrl, async (client) => {
    // CAST: what the types allow, which know no lengths.
    await expect(copyLogs(client, OTHER_CHAIN, [first, short] as never)).rejects.toThrow(
      'not 32 bytes of hex',
    );
    const { rows } = await client.query('select from chain_logs where chain_id = $1', [OTHER_CHAIN]);
    expect(rows).toEqual([]);
  });
});
