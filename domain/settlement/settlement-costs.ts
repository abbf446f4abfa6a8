import { bridgeFeeIn } from '../../chains/bridge-fee';
import { type ChainTable, nativeMoney } from '../../chains/chain-table';
import { dateOfTimestamp } from '../../chains/evm-values';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainTransaction, TransactionState } from '../../chains/transactions/transaction';
import { evmAccountId } from '../../schema/caip';
import type { MovementId, TenantId } from '../../schema/ids';
import { AccountKind, EntryKind, Ground } from '../../schema/types/ledger';
import type { Registry } from '../../schema/types/registry';
import { SettlementState } from '../../schema/types/settlement';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { TransactionRepository } from '../chain-state/transaction-repository';
import type { Ledger } from '../ledger/ledger';
import { type NewEntry, WHOLE } from '../ledger/ledger-entry';
import { movementIdOf } from '../royalties/sale';
import { MAX_STEP_TRIES, type SettlementRecord, settlementIntentKey } from './settlement-record';

/** Puts down what settlements, and forwards before them, cost: the bridge's fee and the gas of each transaction, once it is final. */
export class SettlementCosts {
  constructor(
    private readonly database: TenantDatabase,
    private readonly transactions: TransactionRepository,
    private readonly ledger: Ledger,
    private readonly accesses: ChainAccesses,
    private readonly chains: ChainTable,
  ) {}

  /**
   * Posts the costs of a settlement that is over; what is in the books already changes nothing.
   *
   * @returns Whether some of its transactions are still under way.
   */
  async post(tenantId: TenantId, settlement: SettlementRecord, registry: Registry): Promise<boolean> {
    const { state, provisional } = settlement;
    const isOver = state === SettlementState.FAILED || (state === SettlementState.CREDITED && !provisional);
    return isOver && this.postOf(tenantId, registry, intentKeysOf(settlement));
  }

  /** As {@link post}, for the transactions of some intents. */
  async postOf(
    tenantId: TenantId,
    registry: Pick<Registry, 'projectId'>,
    intentKeys: readonly string[],
  ): Promise<boolean> {
    const sent = await this.database.transaction(tenantId, (tx) => this.transactions.findAll(tx, intentKeys));
    const final = await this.withoutPosted(
      tenantId,
      [...sent.values()].filter(({ state }) => state === TransactionState.Final),
    );
    const entries = await Promise.all(final.map((transaction) => this.entryOf(registry, transaction)));
    await this.database.transaction(tenantId, async (tx) => {
      await this.ledger.post(tx, entries);
      await this.ledger.finalise(tx, entries);
    });
    return [...sent.values()].some(({ state }) => !ENDS.includes(state));
  }

  /** What is in the books stays as it is, though a breach of finality may have put it into another block since. */
  private async withoutPosted(
    tenantId: TenantId,
    transactions: readonly ChainTransaction[],
  ): Promise<ChainTransaction[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const open: ChainTransaction[] = [];
      for (const transaction of transactions) {
        const posted = await this.ledger.entriesOf(tx, subjectOf(transaction));
        if (posted.length === 0) open.push(transaction);
      }
      return open;
    });
  }

  private async entryOf(
    { projectId }: Pick<Registry, 'projectId'>,
    transaction: ChainTransaction,
  ): Promise<NewEntry> {
    const { chainId, inclusion, from } = transaction;
    if (inclusion === undefined) throw new Error('a final transaction is in a block');
    const client = this.accesses.get(chainId).public;
    const [receipt, block] = await Promise.all([
      client.getTransactionReceipt({ hash: inclusion.hash }),
      client.getBlock({ blockHash: inclusion.blockHash }),
    ]);
    const gasWei = receipt.gasUsed * receipt.effectiveGasPrice;
    const amount = gasWei + bridgeFeeIn(receipt, this.chains.get(chainId));
    const asset = nativeMoney(this.chains.get(chainId));
    return {
      subject: subjectOf(transaction),
      part: WHOLE,
      kind: EntryKind.COST,
      inclusion: 0,
      projectId,
      occurredAt: dateOfTimestamp(block.timestamp),
      ground: Ground.PROVEN,
      policyRevision: undefined,
      postings: [
        { account: { kind: AccountKind.BRIDGE_COST, owner: projectId, asset }, amount },
        {
          account: { kind: AccountKind.TENANT_ACCOUNT, owner: evmAccountId(chainId, from), asset },
          amount: -amount,
        },
      ],
    };
  }
}

/** A transaction's cost is of no log of its own. */
function subjectOf({ chainId, inclusion }: ChainTransaction): MovementId {
  if (inclusion === undefined) throw new Error('a final transaction is in a block');
  return movementIdOf({ chainId, transactionHash: inclusion.hash, logIndex: -1, item: 0 });
}

const ENDS: readonly TransactionState[] = [TransactionState.Final, TransactionState.Dropped];

/** The intents of all transactions that the settlement can have begun. */
function intentKeysOf({ id, attempt }: SettlementRecord): string[] {
  const attempts = Array.from({ length: attempt }, (_, index) => index + 1);
  const tries = Array.from({ length: MAX_STEP_TRIES }, (_, index) => index + 1);
  return [
    ...(['pay', 'remit'] as const).flatMap((step) =>
      attempts.map((nth) => settlementIntentKey(id, step, nth)),
    ),
    ...(['compose', 'retry'] as const).flatMap((step) =>
      tries.map((nth) => settlementIntentKey(id, step, nth)),
    ),
  ];
}
