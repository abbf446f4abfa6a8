import type { Client } from 'pg';
import { fromHex } from '../../../domain/chain-state/block-encoding';
import { missingEntries } from '../../../domain/provenance/history';
import { linkedEntries } from '../../../domain/provenance/provenance-repository';
import type { RegistryEvent } from '../../../domain/provenance/registry-event';
import { type FoldedWork, foldWork } from '../../../domain/provenance/work-fold';
import { type ChainId, erc721AssetId, evmAccountId } from '../../../schema/caip';
import type { TenantId } from '../../../schema/ids';
import { RowBuffer } from './copy';
import { BLOCKS_PER_COHORT, COHORT, type Life, type LifeWork, QUIET_BLOCKS, type Side } from './life';
import { platformFacts } from './platform-rows';
import {
  COLLECTION,
  dispatchIdOf,
  HOME,
  MIRROR,
  mintIdOf,
  PROJECT_ID,
  REGISTRY_ID,
  WORKS_PER_MINT,
  workIdOf,
} from './registry';
import { blockHashOf, chainLogsOf } from './synthetic-chain';

/** Cohorts between two writes. */
const PIECE = 50;
/** As domain/chain-state/block-step.ts keeps blocks. */
const DENSE_BLOCKS = 5_000;
const SPARSE_EVERY = 1_000;
const SIDES: readonly (readonly [Side, ChainId])[] = [
  ['home', HOME],
  ['mirror', MIRROR],
];

/**
 * Writes the record of the beginning of lives as platform, followers and projector would have left it when all of it is
 * final, by COPY: through them a million works take an hour. What is written of a work is computed by the projector's own
 * functions; a test compares the rows.
 */
export async function loadRecord(admin: Client, tenantId: TenantId, life: Life): Promise<void> {
  const loader = new Loader(admin, tenantId, life);
  // No triggers and no foreign keys, which rows that followers and projector write have passed.
  await admin.query('set session_replication_role = replica');
  for (let cohort = 0; cohort < life.works / COHORT; cohort += 1) {
    loader.add(cohort);
    if (cohort % PIECE === PIECE - 1) await loader.flush();
  }
  await loader.flush();
  await loader.finish();
  await admin.query('reset session_replication_role');
}

class Loader {
  private readonly mints = new RowBuffer('mints', 'tenant_id, id, registry_id, created_at');
  private readonly works = new RowBuffer(
    'works',
    `tenant_id, id, project_id, registry_id, mint_id, state, provisional, first_holder, document, document_hash, metadata,
     edition, seed, commitment, token_id, chain_id, holder, hop, created_at`,
  );
  private readonly revisions = new RowBuffer(
    'work_revisions',
    'tenant_id, work_id, revision, metadata, state_hash, created_at',
  );
  private readonly legs = new RowBuffer(
    'legs',
    'tenant_id, work_id, chain_id, asset_id, state, holder, hop, revision, provisional',
  );
  private readonly logs = new RowBuffer(
    'chain_logs',
    'chain_id, block_number, log_index, block_time, address, topics, data, tx_hash, block_hash',
  );
  private readonly events = new RowBuffer(
    'registry_events',
    `tenant_id, registry_id, chain_id, block_number, log_index, block_hash, transaction_hash, name, token_id, digest, args,
     final`,
  );
  private readonly entries = new RowBuffer(
    'provenance_events',
    'tenant_id, work_id, sequence, kind, facts, evidence, previous_hash, hash, created_at',
  );
  private readonly dispatches = new RowBuffer(
    'dispatches',
    `tenant_id, id, registry_id, work_id, kind, state, origin, source_chain_id, destination_chain_id, lane_choice, transport,
     to_account, hop, digest, message_id, messages, source_transaction_hash, destination_transaction_hash, created_at, sent_at,
     delivered_at`,
  );
  private readonly sales = new RowBuffer(
    'sale_transactions',
    `tenant_id, registry_id, chain_id, transaction_hash, block_number, block_hash, block_time, standing, final, news, examined`,
  );

  constructor(
    private readonly admin: Client,
    private readonly tenantId: TenantId,
    private readonly life: Life,
  ) {}

  /** Makes the rows of the works whose lives begin together. */
  add(cohort: number): void {
    const { byWork, statements } = this.happen(cohort);
    for (let number = cohort * COHORT; number < (cohort + 1) * COHORT; number += 1)
      this.addWork(number, byWork.get(number) ?? [], statements);
  }

  async flush(): Promise<void> {
    const { mints, works, revisions, legs, logs, events, entries, dispatches, sales } = this;
    for (const rows of [mints, works, revisions, legs, logs, events, entries, dispatches, sales])
      await rows.flush(this.admin);
  }

  /** How far everybody is. */
  async finish(): Promise<void> {
    const { begun } = this.life;
    const head = begun + QUIET_BLOCKS;
    const blocks = new RowBuffer('chain_blocks', 'chain_id, number, hash');
    for (const [side, chainId] of SIDES) {
      for (let number = 0; number <= head; number += 1)
        if (number >= begun - DENSE_BLOCKS || number % SPARSE_EVERY === 0)
          blocks.add(chainId, number, byteaOf(blockHashOf(side, number)));
      await this.admin.query(
        `insert into chain_cursors (chain_id, head_number, head_hash, final_number, final_hash) values ($1, $2, $3, $4, $5)`,
        [chainId, head, fromHex(blockHashOf(side, head)), begun, fromHex(blockHashOf(side, begun))],
      );
    }
    await blocks.flush(this.admin);
    await this.admin.query('update watched_addresses set caught_up = true, filled_to = 0');
    await this.admin.query(
      `insert into work_counts (tenant_id, registry_id, project_id, state, chain_id, stripe, works)
       select tenant_id, registry_id, project_id, state, coalesce(chain_id, ''), 0, count(*) from works group by 1, 2, 3, 4, 5`,
    );
    await this.admin.query('update projections set final_block = $1', [begun]);
  }

  private happen(cohort: number) {
    const byWork = new Map<number, RegistryEvent[]>();
    const statements = new Map<string, RegistryEvent>();
    for (const [side, chainId] of SIDES)
      for (let block = cohort * BLOCKS_PER_COHORT + 1; block <= (cohort + 1) * BLOCKS_PER_COHORT; block += 1)
        for (const log of chainLogsOf(this.life, side, block)) {
          this.addLog(chainId, log);
          const facts = log.facts?.();
          if (facts === undefined) continue;
          const { name, tokenId, digest, args, work } = facts;
          const event: RegistryEvent = {
            chainId,
            blockNumber: log.blockNumber,
            logIndex: log.logIndex,
            blockHash: log.blockHash,
            transactionHash: log.txHash,
            name,
            tokenId,
            digest,
            args,
            final: true,
          };
          this.addEvent(event, log.blockTime);
          if (work === undefined) statements.set(`${name}/${digest}`, event);
          else byWork.set(work, [...(byWork.get(work) ?? []), event]);
        }
    return { byWork, statements };
  }

  private addLog(
    chainId: ChainId,
    log: ReturnType<typeof chainLogsOf> extends Generator<infer Log> ? Log : never,
  ): void {
    this.logs.add(
      chainId,
      log.blockNumber,
      log.logIndex,
      log.blockTime,
      byteaOf(log.address),
      `\\x${log.topics.map((topic) => topic.slice(2)).join('')}`,
      byteaOf(log.data),
      byteaOf(log.txHash),
      byteaOf(log.blockHash),
    );
  }

  private addEvent(event: RegistryEvent, blockTime: number): void {
    const { chainId, blockNumber, logIndex, blockHash, transactionHash, name, tokenId, digest, args } = event;
    const place = [chainId, transactionHash, blockNumber, blockHash] as const;
    this.events.add(
      this.tenantId,
      REGISTRY_ID,
      chainId,
      blockNumber,
      logIndex,
      blockHash,
      transactionHash,
      name,
      tokenId,
      digest,
      JSON.stringify(args),
      true,
    );
    // Examined, and nothing found: what the sale observer leaves.
    if (name === 'Transfer')
      this.sales.add(this.tenantId, REGISTRY_ID, ...place, new Date(blockTime * 1_000), true, true, 1, 1);
  }

  private addWork(
    number: number,
    events: readonly RegistryEvent[],
    statements: ReadonlyMap<string, RegistryEvent>,
  ): void {
    const { tenantId, life } = this;
    const work = life.work(number);
    const workId = workIdOf(number);
    const { firstHolder, document, documentHash, metadata, createdAt } = platformFacts(life, number);
    const folded = foldWork(events, HOME);
    if (number % WORKS_PER_MINT === 0) this.mints.add(tenantId, mintIdOf(number), REGISTRY_ID, createdAt);
    this.works.add(
      tenantId,
      workId,
      PROJECT_ID,
      REGISTRY_ID,
      mintIdOf(number),
      folded.state,
      folded.provisional,
      firstHolder,
      document,
      documentHash,
      metadata,
      work.edition,
      work.seed,
      work.commitment,
      work.tokenId,
      folded.chainId,
      holderOf(folded),
      folded.hop,
      createdAt,
    );
    this.revisions.add(tenantId, workId, 0, metadata, '', createdAt);
    for (const leg of folded.legs)
      this.legs.add(
        tenantId,
        workId,
        leg.chainId,
        erc721AssetId(leg.chainId, COLLECTION, work.tokenId),
        leg.state,
        holderOf(leg),
        leg.hop,
        leg.revision,
        leg.provisional,
      );
    for (const entry of linkedEntries({ workId, last: undefined, entries: missingEntries([], events) }))
      this.entries.add(
        tenantId,
        workId,
        entry.sequence,
        entry.kind,
        JSON.stringify(entry.facts),
        JSON.stringify(entry.evidence),
        entry.previousHash,
        entry.hash,
        createdAt,
      );
    this.addDispatch(work, folded, events, statements);
  }

  private addDispatch(
    work: LifeWork,
    { holder }: FoldedWork,
    events: readonly RegistryEvent[],
    statements: ReadonlyMap<string, RegistryEvent>,
  ): void {
    const arrived = events.find(({ name }) => name === 'WorkArrived');
    if (arrived === undefined || holder === null) return;
    const sent = statements.get(`StatementSent/${arrived.digest}`);
    const transport = sent?.args['transport'] === '1' ? 'CCIP' : 'LAYERZERO';
    const messageId = String(sent?.args['messageId']);
    const at = new Date(this.life.timeOf(arrived.blockNumber) * 1_000);
    this.dispatches.add(
      this.tenantId,
      dispatchIdOf(work.number),
      REGISTRY_ID,
      workIdOf(work.number),
      'WORK',
      'CONFIRMED',
      'HOLDER',
      HOME,
      MIRROR,
      transport,
      transport,
      evmAccountId(MIRROR, holder),
      1,
      arrived.digest,
      messageId,
      JSON.stringify([{ transport, messageId }]),
      sent?.transactionHash ?? null,
      arrived.transactionHash,
      at,
      at,
      at,
    );
  }
}

function holderOf({ chainId, holder }: Pick<FoldedWork, 'chainId' | 'holder'>): string | null {
  return chainId && holder && evmAccountId(chainId, holder);
}

function byteaOf(hex: string): string {
  return `\\x${hex.slice(2)}`;
}
