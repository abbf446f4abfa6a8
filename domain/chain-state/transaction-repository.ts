import type { FeeLimit } from '../../chains/transactions/fee-limit';
import type { Attempt, ChainTransaction, TransactionStatus } from '../../chains/transactions/transaction';
import type { NewTransaction, NonceLane } from '../../chains/transactions/transaction-store';
import type { ChainId } from '../../schema/caip';
import type { TransactionId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import type { TraceParent } from '../../tenants/trace';
import { SELECT_TRANSACTION, type TransactionRow, toBytes, toTransaction } from './transaction-row';

type Parameter = string | number | boolean | Buffer | Date | null | readonly string[];

/** The SQL of a tenant's transactions. */
export class TransactionRepository {
  async find(tx: TenantTx, intentKey: string): Promise<ChainTransaction | undefined> {
    return (await this.findAll(tx, [intentKey])).get(intentKey);
  }

  /** The transactions of intents, by intent key; those that were never signed are not among them. */
  async findAll(tx: TenantTx, intentKeys: readonly string[]): Promise<ReadonlyMap<string, ChainTransaction>> {
    const condition = 't.tenant_id = $1 and t.intent_key = any($2)';
    const found = await this.select(tx, condition, [tx.tenantId, intentKeys]);
    return new Map(found.map((transaction) => [transaction.intentKey, transaction]));
  }

  /** The intents whose attempts have these hashes, by hash; hashes of other people's transactions have none. */
  async intentKeysOf(tx: TenantTx, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (hashes.length === 0) return new Map();
    const rows: { hash: string; intent_key: string }[] = await tx.manager.query(
      `select a.hash, t.intent_key from transaction_attempts a
         join chain_transactions t on t.tenant_id = a.tenant_id and t.id = a.transaction_id
        where a.tenant_id = $1 and a.hash = any($2)`,
      [tx.tenantId, hashes],
    );
    return new Map(rows.map(({ hash, intent_key }) => [hash, intent_key]));
  }

  /** The traces of those among these transactions that a traced request has asked for, by hash. */
  async traceParentsOf(tx: TenantTx, hashes: readonly string[]): Promise<ReadonlyMap<string, TraceParent>> {
    if (hashes.length === 0) return new Map();
    const rows: { hash: string; trace_parent: TraceParent }[] = await tx.manager.query(
      `select a.hash, t.trace_parent from transaction_attempts a
         join chain_transactions t on t.tenant_id = a.tenant_id and t.id = a.transaction_id
        where a.tenant_id = $1 and a.hash = any($2) and t.trace_parent is not null`,
      [tx.tenantId, hashes],
    );
    return new Map(rows.map(({ hash, trace_parent }) => [hash, trace_parent]));
  }

  unfinished(tx: TenantTx, chainId: ChainId): Promise<ChainTransaction[]> {
    const condition = "t.tenant_id = $1 and t.chain_id = $2 and t.state not in ('final', 'dropped')";
    return this.select(tx, `${condition} order by t.nonce nulls last, t.ordinal`, [tx.tenantId, chainId]);
  }

  /** Locks the lane until the database transaction ends; makes it at its first use. @returns Its next nonce. */
  async lockLane(tx: TenantTx, lane: NonceLane): Promise<number> {
    // A conflicting row is locked by an update even if that changes nothing.
    const rows: { next_nonce: string }[] = await tx.manager.query(
      `insert into nonce_lanes (tenant_id, chain_id, account) values ($1, $2, $3)
       on conflict (tenant_id, chain_id, account) do update set next_nonce = nonce_lanes.next_nonce
       returning next_nonce`,
      laneKey(lane),
    );
    return Number(rows[0]?.next_nonce);
  }

  async nextNonce(tx: TenantTx, lane: NonceLane): Promise<number> {
    const rows: { next_nonce: string }[] = await tx.manager.query(
      'select next_nonce from nonce_lanes where tenant_id = $1 and chain_id = $2 and account = $3',
      laneKey(lane),
    );
    return Number(rows[0]?.next_nonce ?? 0);
  }

  async feeLimit(tx: TenantTx, chainId: ChainId): Promise<FeeLimit> {
    const rows: { per_gas: string | null; total: string | null }[] = await tx.manager.query(
      `select max_fee_per_gas_wei::text as per_gas, max_total_fee_wei::text as total from fee_limits
        where tenant_id = $1 and chain_id = $2`,
      [tx.tenantId, chainId],
    );
    const { per_gas = null, total = null } = rows[0] ?? {};
    return {
      ...(per_gas !== null && { maxFeePerGasWei: BigInt(per_gas) }),
      ...(total !== null && { maxTotalFeeWei: BigInt(total) }),
    };
  }

  async setNextNonce(tx: TenantTx, lane: NonceLane, nextNonce: number): Promise<void> {
    await tx.manager.query(
      'update nonce_lanes set next_nonce = $4 where tenant_id = $1 and chain_id = $2 and account = $3',
      [...laneKey(lane), nextNonce],
    );
  }

  async reservedWei(tx: TenantTx, lane: NonceLane): Promise<bigint> {
    const rows: { reserved: string }[] = await tx.manager.query(
      `select coalesce(sum(t.value_wei + (
         select max(a.gas * a.max_fee_per_gas_wei) from transaction_attempts a
         where a.tenant_id = t.tenant_id and a.transaction_id = t.id and a.nonce = t.nonce
       )), 0)::text as reserved
       from chain_transactions t
       where t.tenant_id = $1 and t.chain_id = $2 and t.account = $3
         and t.nonce is not null and t.state in ('prepared', 'broadcast', 'held')`,
      laneKey(lane),
    );
    return BigInt(rows[0]?.reserved ?? 0);
  }

  async holdsNonce(tx: TenantTx, lane: NonceLane, nonce: number): Promise<boolean> {
    const rows: unknown[] = await tx.manager.query(
      `select 1 from chain_transactions
       where tenant_id = $1 and chain_id = $2 and account = $3 and nonce = $4 and state <> 'dropped'`,
      [...laneKey(lane), nonce],
    );
    return rows.length > 0;
  }

  async insert(tx: TenantTx, lane: NonceLane, transaction: NewTransaction): Promise<ChainTransaction> {
    const { intent, status, attempt, fillsGap = false } = transaction;
    const rows: { id: TransactionId; version: number }[] = await tx.manager.query(
      `insert into chain_transactions
         (tenant_id, chain_id, account, intent_key, to_address, data, value_wei, gas, fills_gap,
          state, nonce, missing_wei, over_limit)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id, version`,
      [
        ...laneKey(lane),
        intent.intentKey,
        intent.to,
        toBytes(intent.data),
        intent.valueWei.toString(),
        intent.gas?.toString() ?? null,
        fillsGap,
        status.state,
        status.nonce ?? null,
        status.missingWei?.toString() ?? null,
        overLimitJson(status),
      ],
    );
    const [inserted] = rows;
    if (inserted === undefined) throw new Error('an insert returns its row');
    if (attempt !== undefined) await this.addAttempt(tx, inserted.id, 1, attempt);
    return {
      ...intent,
      ...status,
      ...inserted,
      from: lane.from,
      fillsGap,
      attempts: attempt ? [attempt] : [],
    };
  }

  /** @returns Undefined, with nothing changed, if the stored version is another than the given one. */
  async change(
    tx: TenantTx,
    transaction: ChainTransaction,
    status: TransactionStatus,
    attempt?: Attempt,
  ): Promise<ChainTransaction | undefined> {
    const { id, version, attempts } = transaction;
    const [, changed]: [unknown, number] = await tx.manager.query(
      `update chain_transactions set version = version + 1, updated_at = now(),
         state = $4, nonce = $5, missing_wei = $6, mined_hash = $7, mined_block_number = $8,
         mined_block_hash = $9, succeeded = $10, revert_data = $11, replaced_by = $12, over_limit = $13
       where tenant_id = $1 and id = $2 and version = $3`,
      [tx.tenantId, id, version, ...statusParameters(status)],
    );
    if (changed === 0) return undefined;
    if (attempt !== undefined) await this.addAttempt(tx, id, attempts.length + 1, attempt);
    return {
      ...withoutStatus(transaction),
      ...status,
      version: version + 1,
      attempts: attempt ? [...attempts, attempt] : attempts,
    };
  }

  /** The final transactions of a chain in blocks from `fromBlock` on. */
  finalSince(tx: TenantTx, chainId: ChainId, fromBlock: bigint): Promise<ChainTransaction[]> {
    const condition =
      "t.tenant_id = $1 and t.chain_id = $2 and t.state = 'final' and t.mined_block_number >= $3";
    return this.select(tx, condition, [tx.tenantId, chainId, fromBlock.toString()]);
  }

  private async addAttempt(tx: TenantTx, id: string, ordinal: number, attempt: Attempt): Promise<void> {
    await tx.manager.query(
      `insert into transaction_attempts
         (tenant_id, transaction_id, ordinal, hash, raw, nonce, gas, max_fee_per_gas_wei,
          max_priority_fee_per_gas_wei, signed_at_block, signed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        tx.tenantId,
        id,
        ordinal,
        attempt.hash,
        toBytes(attempt.raw),
        attempt.nonce,
        attempt.gas.toString(),
        attempt.maxFeePerGasWei.toString(),
        attempt.maxPriorityFeePerGasWei.toString(),
        attempt.signedAtBlock.toString(),
        attempt.signedAt,
      ],
    );
  }

  private async select(
    tx: TenantTx,
    condition: string,
    parameters: Parameter[],
  ): Promise<ChainTransaction[]> {
    const rows: TransactionRow[] = await tx.manager.query(
      `${SELECT_TRANSACTION} where ${condition}`,
      parameters,
    );
    return rows.map(toTransaction);
  }
}

function laneKey({ tenantId, chainId, from }: NonceLane): Parameter[] {
  return [tenantId, chainId, from];
}

function withoutStatus({
  state: _state,
  nonce: _nonce,
  missingWei: _missingWei,
  overLimit: _overLimit,
  inclusion: _inclusion,
  revertData: _revertData,
  replacedBy: _replacedBy,
  ...rest
}: ChainTransaction): Omit<ChainTransaction, keyof TransactionStatus> {
  return rest;
}

function statusParameters(status: TransactionStatus): Parameter[] {
  const { inclusion } = status;
  return [
    status.state,
    status.nonce ?? null,
    status.missingWei?.toString() ?? null,
    inclusion?.hash ?? null,
    inclusion?.blockNumber.toString() ?? null,
    inclusion?.blockHash ?? null,
    inclusion?.succeeded ?? null,
    status.revertData === undefined ? null : toBytes(status.revertData),
    status.replacedBy ?? null,
    overLimitJson(status),
  ];
}

/** Numbers that may exceed 2^53 travel as text. */
function overLimitJson({ overLimit }: TransactionStatus): string | null {
  if (overLimit === undefined) return null;
  const { kind, limitWei, neededWei } = overLimit;
  return JSON.stringify({ kind, limitWei: String(limitWei), neededWei: String(neededWei) });
}
