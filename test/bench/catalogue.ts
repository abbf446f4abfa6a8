import { benchApi } from './api';
import type { Benchmark } from './benchmark';
import { benchDispatch } from './dispatch';
import { benchDistributed } from './distributed';
import { benchFairness } from './fairness';
import { benchFollower } from './follower';
import { benchGas } from './gas';
import { benchGrowth } from './growth';
import { benchIndexing } from './indexing';
import { benchLedger } from './ledger';
import { benchQueues } from './queues';
import { benchSettlement } from './settlement';
import { benchWebhooks } from './webhooks';

export interface Entry {
  readonly run: Benchmark;
  /** How it is measured, for docs/benchmarks.md. */
  readonly how: string;
  /** What its figures do not say. */
  readonly silent: string;
}

/** All benchmarks by name, in the order in which they run. */
export const CATALOGUE: Readonly<Record<string, Entry>> = {
  indexing: {
    run: benchIndexing,
    how: `300,000 ERC-721 transfers in 1,500 blocks on anvil, all of them final (30 blocks deep, which is what Ponder takes for a chain that it does not know). Three programs index them by turns, three rounds, each a process of its own in a fresh database of the same durable PostgreSQL: our follower as deployed (\`workers/main.js follower\`: every block's hash recorded so that it can roll back, both of two endpoints asked and compared, the completeness of logs checked against the headers' blooms), Ponder by \`ponder start\`, SQD's \`EvmBatchProcessor\` reading from RPC with \`TypeormDatabase\` and hot blocks supported. Time runs from the first \`eth_getLogs\` until the last transfer is committed; start-up is printed beside it. What each then holds (token, sender, receiver, block, log index) is compared with what was emitted, all 300,000 of it. All ask anvil itself, which writes the name of each call to a file; the first \`eth_getLogs\` is noticed there. Anvil’s processor time, which is printed beside each run, was 2.4 s in a run of ours of 3.5 s, as it answers us twice, 1 s in SQD’s of 10 s and 2.1 s in Ponder’s of 29 s. Ponder limits itself to 20 requests a second and URL at first, with no option for it: it is given the endpoint 25 times, which lifts that to its own maximum of 500. It runs a second time as another deployment on the same database, where it finds all that it read in its own cache; that row counts start-up on both sides, as nobody sees where it ends, and has no bar. SQD has no rate limit, 25 connections and batches of 100 calls.`,
    silent: `We store a transfer as the log says it, in 32-byte topics, and decode it later; the others decode it and store columns, which is the smaller part of their work. We store also time, transaction and block hash; they store also ids. We begin on a database that has recorded the chain up to the first transfer, they with its number. Both our endpoints are the same anvil, on the same machine: over a network all three wait longer, and we for the slower of two. One contract, one event, one chain, full blocks; no calls to the chain from handlers, no traces. Ponder and SQD have functions that our follower has not: handlers in TypeScript, relations, caches of calls, GraphQL over any schema; SQD is made to read from its own network's gateway rather than from RPC.`,
  },
  follower: {
    run: benchFollower,
    how: 'The same follower, one tick of it in a warm process, against two loaders of 80 lines that read the same 100,000 transfers from one endpoint with viem and keep no history: one insert per row, and one `unnest` per range. Medians of three, by turns.',
    silent: 'What a process needs to start. The loaders cannot roll back and believe one endpoint.',
  },
  queues: {
    run: benchQueues,
    how: '50,000 jobs that do nothing, from asking for the first to the end of the last, 256 at a time; medians of three, by turns, each worker a process of its own. Ours as deployed: the tenant’s transactions, outbox, relay, Bull, runner, the record of each end, on a durable PostgreSQL. graphile-worker 0.17 on the same PostgreSQL, in batches as its documentation advises, until no job is left in its table. Bull and BullMQ on the same Redis.',
    silent:
      'Redis keeps nothing on disk here: Bull and BullMQ lose all jobs with it, and add a job outside the transaction that it belongs to; we and graphile-worker do neither. graphile-worker deletes a job that has ended, we keep its record; it has no tenants that share a queue fairly. One worker process; jobs that do nothing; graphile-worker 0.18 needs a newer Node.js.',
  },
  fairness: {
    run: benchFairness,
    how: 'One tenant with 200,000 waiting jobs among 50, through the whole path: how many jobs end in a second against plain Bull, and how long a quiet tenant waits at p99 beside them and alone. Medians of three, by turns.',
    silent: 'Plain Bull keeps nothing on disk and knows no tenants. One worker process.',
  },
  webhooks: {
    run: benchWebhooks,
    how: 'Webhooks from publishing to the last recorded delivery, signed, durable and in order per work, against plain Bull that posts the same bodies without any of that; the same receiver in a process of its own. Who posts has a core of its own; PostgreSQL, Redis and the receiver share the other. Medians of nine, by turns.',
    silent: 'Receivers that are slow, far away or fail.',
  },
  api: {
    run: benchApi,
    how: 'A list of 100 rows, and 20 rows with what they refer to: our API with authentication, row security, limits and loaders; a bare Apollo server over static data; PostGraphile on the same tables behind the same policies. Processes of their own with `NODE_ENV=production`, each with a core of its own while it answers; PostgreSQL and who asks share the other. Without that the system lets PostgreSQL run on the core of the API that has just asked it, which then waits (0.81 to 0.87 of bare Apollo for the nested query, in place of 0.94 to 1.02). No cache of answers; medians of seven, by turns.',
    silent: 'Mutations; latency; more than one process. PostGraphile looks no API key up.',
  },
  ledger: {
    run: benchLedger,
    how: 'Sales recorded and posted in batches of 500 on a durable PostgreSQL against eight TypeORM saves at a time, one per posting; and the same with 1,000,000 entries in the books.',
    silent: 'One tenant; its postings commit one after the other.',
  },
  growth: {
    run: benchGrowth,
    how: 'One registry with 10,000 works whose chains are two anvils, and with 10,000, 100,000 and 1,000,000 on generated chains, of which followers make the same record (a test compares all rows). New events, 20,000 in ten steps, are followed (two endpoints that agree, rollback history) and projected: mints, transfers and departures of works all over the registry. PostgreSQL has half of the machine’s memory, into which all has been read, and makes no checkpoint meanwhile; what follows one is measured apart and has no bar. Then the API is asked, two requests at a time, each time about another part: 36 rounds of 400 for each question after six to warm up, all questions in each round, of whose p99 the mean counts, without the highest and lowest tenth (a p99 of all together would tell whom the API’s garbage collection met, a median whether it met more than half of the rounds). All by turns. 10,000 works come in through followers and projector, more by COPY of the rows that these would have written (compared by the same test).',
    silent:
      'Several tenants or registries; a database that does not fit into memory; the network; sales, which are looked for in receipts by a job of its own. Figures per table and what they mean for more works: docs/growth.md.',
  },
  dispatch: {
    run: benchDispatch,
    how: 'On the devnet with the real bridge contracts: from mutation to broadcast against a bare viem loop that signs and sends the same, and how soon finality on the source is acted upon.',
    silent: 'Real networks: their block times and bridges’ own delays are far longer.',
  },
  distributed: {
    run: benchDistributed,
    how: 'A whole deployment on one machine, every process on its own ([operations](operations.md#distributed-on-one-machine)): three APIs, six workers in three pools, two followers, PostgreSQL with a synchronous replica, Redis with a replica, three chains with both bridges. Tenants’ programs mint and send works over the API for ten minutes (`--minutes M`); at four tenths of that half of our processes and the primary of Redis are ended by `kill -9` at once, at seven tenths PostgreSQL’s primary is, and its replica is promoted five seconds later. It fails if anything that was accepted has no effect on chain or two, or if the record is not what the chains say.',
    silent:
      'What several machines and a network between them do. Ours, the chains, the bridges, the databases and the load share the same cores, so rates are a floor.',
  },
  settlement: {
    run: benchSettlement,
    how: 'What a sale costs, fee and gas at 3 gwei, when it is settled among 100 and by itself, over each bridge on the local chains; and its share of a payout against a release by OpenZeppelin’s PaymentSplitter.',
    silent:
      'Fees of real lanes. What crediting the payees costs at each deposit is in none of the figures; a splitter does that work at the release.',
  },
  gas: {
    run: benchGas,
    how: 'contracts/test/Gas.t.sol: mint and travel beside LayerZero’s ONFT721 in the same forge run, both over EndpointV2 and ULN302 with two DVNs, each call a transaction of its own, sending and executing added. For a mint the peer is what Art Blocks publishes for its V3 core; a commit, a transaction of its own, comes before ours.',
    silent: 'What verification by DVNs costs, on both sides. CCIP’s own part. Gas prices.',
  },
};
