import type { Address, Hex } from 'viem';
import type { OverLimit } from '../../chains/transactions/fee-limit';
import type { Attempt, ChainTransaction, TransactionState } from '../../chains/transactions/transaction';
import type { ChainId } from '../../schema/caip';
import type { TenantId, TransactionId } from '../../schema/ids';
import type { TraceParent } from '../../tenants/trace';

/** A row of `chain_transactions` with its attempts, as {@link SELECT_TRANSACTION} reads it. */
export interface TransactionRow {
  readonly id: TransactionId;
  readonly tenant_id: TenantId;
  readonly chain_id: ChainId;
  readonly intent_key: string;
  readonly account: Address;
  readonly to_address: Address;
  readonly data: Buffer;
  readonly value_wei: string;
  readonly gas: string | null;
  readonly fills_gap: boolean;
  readonly version: number;
  readonly state: TransactionState;
  readonly nonce: string | null;
  readonly missing_wei: string | null;
  readonly over_limit: OverLimitJson | null;
  readonly mined_hash: Hex | null;
  readonly mined_block_number: string | null;
  readonly mined_block_hash: Hex | null;
  readonly succeeded: boolean | null;
  readonly revert_data: Buffer | null;
  readonly replaced_by: Hex | null;
  readonly trace_parent: TraceParent | null;
  readonly attempts: readonly AttemptJson[];
}

interface OverLimitJson {
  readonly kind: OverLimit['kind'];
  readonly limitWei: string;
  readonly neededWei: string;
}

interface AttemptJson {
  readonly hash: Hex;
  readonly raw: Hex;
  readonly nonce: number;
  readonly gas: string;
  readonly max_fee: string;
  readonly max_tip: string;
  readonly signed_at_block: string;
  readonly signed_at: string;
}

/** Numbers that may exceed 2^53 travel as text. */
export const SELECT_TRANSACTION = `
  select t.*, coalesce((
    select json_agg(json_build_object(
      'hash', a.hash, 'raw', '0x' || encode(a.raw, 'hex'), 'nonce', a.nonce, 'gas', a.gas::text,
      'max_fee', a.max_fee_per_gas_wei::text, 'max_tip', a.max_priority_fee_per_gas_wei::text,
      'signed_at_block', a.signed_at_block::text, 'signed_at', a.signed_at
    ) order by a.ordinal)
    from transaction_attempts a where a.tenant_id = t.tenant_id and a.transaction_id = t.id
  ), '[]') as attempts
  from chain_transactions t`;

export function toTransaction(row: TransactionRow): ChainTransaction {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    chainId: row.chain_id,
    intentKey: row.intent_key,
    from: row.account,
    to: row.to_address,
    data: toHex(row.data),
    valueWei: BigInt(row.value_wei),
    fillsGap: row.fills_gap,
    version: row.version,
    state: row.state,
    attempts: row.attempts.map(toAttempt),
    ...(row.gas !== null && { gas: BigInt(row.gas) }),
    ...(row.nonce !== null && { nonce: Number(row.nonce) }),
    ...(row.missing_wei !== null && { missingWei: BigInt(row.missing_wei) }),
    ...(row.over_limit !== null && { overLimit: toOverLimit(row.over_limit) }),
    ...(row.revert_data !== null && { revertData: toHex(row.revert_data) }),
    ...(row.replaced_by !== null && { replacedBy: row.replaced_by }),
    ...(row.trace_parent !== null && { traceParent: row.trace_parent }),
    ...inclusionOf(row),
  };
}

function inclusionOf({
  mined_hash: hash,
  mined_block_number: blockNumber,
  mined_block_hash: blockHash,
  succeeded,
}: TransactionRow): Pick<ChainTransaction, 'inclusion'> | undefined {
  if (hash === null || blockNumber === null || blockHash === null || succeeded === null) return undefined;
  return { inclusion: { hash, blockNumber: BigInt(blockNumber), blockHash, succeeded } };
}

function toOverLimit({ kind, limitWei, neededWei }: OverLimitJson): OverLimit {
  return { kind, limitWei: BigInt(limitWei), neededWei: BigInt(neededWei) };
}

function toAttempt(json: AttemptJson): Attempt {
  return {
    hash: json.hash,
    raw: json.raw,
    nonce: json.nonce,
    gas: BigInt(json.gas),
    maxFeePerGasWei: BigInt(json.max_fee),
    maxPriorityFeePerGasWei: BigInt(json.max_tip),
    signedAtBlock: BigInt(json.signed_at_block),
    signedAt: new Date(json.signed_at),
  };
}

/** PostgreSQL's `bytea` as hex. */
export function toHex(bytes: Buffer): Hex {
  return `0x${bytes.toString('hex')}`;
}

/** Hex as PostgreSQL's `bytea`. */
export function toBytes(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}
