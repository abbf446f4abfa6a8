import { type Address, type Hex, parseEventLogs } from 'viem';
import { royaltyRemitterAbi } from '../../chains/abi/royalty-remitter';
import { royaltyVaultAbi } from '../../chains/abi/royalty-vault';
import type { ChainTable } from '../../chains/chain-table';
import { remitterOf } from '../../chains/evm/registry/payees';
import { retryArrivalCall } from '../../chains/evm/registry/vault-calls';
import { VaultReader } from '../../chains/evm/registry/vault-reads';
import { composeCall } from '../../chains/layerzero/composed-message';
import { blocksSince, findLogs } from '../../chains/log-search';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainTransaction, hasFailed } from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import type { ExecutionCall } from '../../chains/transports';
import type { TenantId } from '../../schema/ids';
import type { Registry } from '../../schema/types/registry';
import { type SettlementFailure, SettlementRoute } from '../../schema/types/settlement';
import type { MessageExecutor } from '../dispatch/message-executor';
import { describeRevert } from '../dispatch/revert-reason';
import { vaultOn } from './credit-collector';
import { PAID_BEFORE, PAYMENT_REFUSED } from './settlement-failures';
import {
  MAX_STEP_TRIES,
  type SettlementRecord,
  type SettlementStep,
  settlementIntentKey,
} from './settlement-record';

/** Between looks at a message, in milliseconds: more as it takes longer. */
const FIRST_LOOK_MS = 2_000;
const LAST_LOOK_MS = 60_000;
/** As the remitter buys for the composed message, and as much again. */
const COMPOSE_GAS = 600_000n;
const COMPOSE_GAS_PER_PAYEE = 80_000n;

export interface DeliveryLook {
  readonly waitingFor: string;
  readonly lookAgainMs: number;
}

/** Sees settlements delivered: what a bridge's network has left undone, anyone may do, and the tenant pays. */
export class SettlementDelivery {
  constructor(
    private readonly transactions: Pick<TransactionManager, 'find' | 'submit'>,
    private readonly accesses: ChainAccesses,
    private readonly chains: ChainTable,
    private readonly messages: MessageExecutor,
  ) {}

  /** Moves a settlement that has left along, if it is time. That it arrived, only the vault's event tells. */
  async moveOn(tenantId: TenantId, settlement: SettlementRecord, registry: Registry): Promise<DeliveryLook> {
    const waitingFor = await this.nextWait(tenantId, settlement, registry);
    const age = Date.now() - settlement.stateSince.getTime();
    return { waitingFor, lookAgainMs: Math.min(LAST_LOOK_MS, Math.max(FIRST_LOOK_MS, age / 8)) };
  }

  /** Why a final payout paid nothing; undefined if it paid. */
  async endOfPayout(
    { sourceChainId }: SettlementRecord,
    vault: Address,
    { inclusion }: ChainTransaction,
  ): Promise<SettlementFailure | undefined> {
    if (inclusion === undefined) throw new Error('a final transaction is in a block');
    const receipt = await this.accesses
      .get(sourceChainId)
      .public.getTransactionReceipt({ hash: inclusion.hash });
    const own = receipt.logs.filter(({ address }) => address.toLowerCase() === vault.toLowerCase());
    const names = parseEventLogs({ abi: royaltyVaultAbi, logs: own }).map(({ eventName }) => eventName);
    if (names.includes('PayeePaid')) return undefined;
    return names.includes('PaymentRefused') ? PAYMENT_REFUSED : PAID_BEFORE;
  }

  private async nextWait(
    tenantId: TenantId,
    settlement: SettlementRecord,
    registry: Registry,
  ): Promise<string> {
    const { id, route, sourceChainId, destinationChainId, messageId, provisional } = settlement;
    // CAST: recorded from a log.
    const hash = settlement.sourceTransactionHash as Hex | null;
    if (route === null || route === SettlementRoute.LOCAL || hash === null)
      throw new Error('what has left has a bridge and a transaction');
    if (provisional) return 'its departure to be final';
    const { status, refused } = await this.messages.moveOn(
      tenantId,
      { sourceChainId, destinationChainId, transport: route, transactionHash: hash, messageId },
      `settlement-delivery:${id}`,
    );
    if (refused !== undefined) return refused;
    if (status.state !== 'EXECUTED') return status.waitsFor.join('; ');
    const sentAt = await this.timeOf(settlement, hash);
    const composed =
      route === SettlementRoute.LAYERZERO ? await this.composeOf(settlement, registry, sentAt) : undefined;
    if (composed !== undefined) return this.take(tenantId, settlement, 'compose', composed);
    const retry = await this.retryOf(settlement, registry, sentAt);
    if (retry !== undefined) return this.take(tenantId, settlement, 'retry', retry);
    return 'its arrival to be recorded';
  }

  /** Takes a step on the destination, a few times at most; another may be quicker, which the next look shows. */
  private async take(
    tenantId: TenantId,
    { id, destinationChainId: chainId }: SettlementRecord,
    step: SettlementStep,
    call: ExecutionCall,
  ): Promise<string> {
    for (let nth = 1; nth <= MAX_STEP_TRIES; nth += 1) {
      const intentKey = settlementIntentKey(id, step, nth);
      const known = await this.transactions.find(tenantId, intentKey);
      if (known !== undefined && hasFailed(known)) continue;
      if (known !== undefined) return `${step} to be final`;
      try {
        await this.transactions.submit({ tenantId, chainId, intentKey, valueWei: 0n, ...call });
        return `${step} to be final`;
      } catch (error) {
        if (!(error instanceof ExecutionRevertedError)) throw error;
        return `the destination to take it: ${describeRevert(error.revertData)}`;
      }
    }
    return `a person: the destination refused ${step} ${MAX_STEP_TRIES} times`;
  }

  private composeOf(
    { destinationChainId, messageId, credits }: SettlementRecord,
    registry: Registry,
    sentAt: bigint,
  ): Promise<ExecutionCall | undefined> {
    return composeCall(
      this.accesses.get(destinationChainId).public,
      {
        endpoint: this.chains.get(destinationChainId).layerZero.endpoint,
        // CAST: recorded from a log.
        guid: messageId as Hex,
        to: remitterOf(vaultThere(registry, destinationChainId)),
        gasLimit: COMPOSE_GAS + COMPOSE_GAS_PER_PAYEE * BigInt(credits.length),
      },
      sentAt,
    );
  }

  /** The vault may have refused an arrival for a reason that is over. */
  private async retryOf(
    { destinationChainId, messageId }: SettlementRecord,
    registry: Registry,
    sentAt: bigint,
  ): Promise<ExecutionCall | undefined> {
    const client = this.accesses.get(destinationChainId).public;
    const vault = vaultThere(registry, destinationChainId);
    const remitter = remitterOf(vault);
    const parked = await findLogs(await blocksSince(client, sentAt), 'newest', async (piece) => {
      const logs = await client.getContractEvents({
        abi: royaltyRemitterAbi,
        address: remitter,
        eventName: 'ArrivalParked',
        strict: true,
        ...piece,
      });
      return logs.filter(({ args }) => args.arrival.messageId === messageId);
    });
    const last = parked.at(-1);
    if (last === undefined) return undefined;
    const { arrivalId, arrival } = last.args;
    const isWaiting = await (await VaultReader.atLatest(client, vault)).isParked(arrivalId);
    return isWaiting ? retryArrivalCall(remitter, arrival) : undefined;
  }

  private async timeOf({ sourceChainId }: SettlementRecord, hash: Hex): Promise<bigint> {
    const { public: client } = this.accesses.get(sourceChainId);
    const { blockNumber } = await client.getTransactionReceipt({ hash });
    return (await client.getBlock({ blockNumber })).timestamp;
  }
}

function vaultThere(registry: Registry, chainId: SettlementRecord['destinationChainId']): Address {
  const vault = vaultOn(registry, chainId);
  if (vault === null) throw new Error(`registry ${registry.id} has no vault on ${chainId}`);
  return vault;
}
