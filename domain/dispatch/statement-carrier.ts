import {
  bridgesOfTelling,
  cheapestTelling,
  type Told,
  tellCall,
} from '../../chains/evm/registry/statement-offers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainTransaction, TransactionState } from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import { StatementTransport } from '../../schema/types/chain';
import { type Registry, ReleasePolicy } from '../../schema/types/registry';
import { heldBecause } from '../held-transaction';
import { contractsOn } from '../registry/registry-contracts';
import { withFeeMargin } from './fee-margin';
import type { MessageExecutor } from './message-executor';
import { describeRevert } from './revert-reason';

/** How often a statement is sent to a chain anew after it was refused: each try costs a bridge's fee. */
const MAX_TRIES = 3;

/** Something that one chain of a registry is to tell another, and that anyone may have told. */
export interface Telling {
  readonly tenantId: TenantId;
  readonly registry: Registry;
  readonly from: ChainId;
  readonly to: ChainId;
  readonly told: Told;
  /** Names the intent, without the number of the try. */
  readonly intent: string;
}

/** Where it stands: it is given up, or waits for something. */
export interface TellingProgress {
  readonly isOver: boolean;
  readonly text: string;
}

export interface CarrierChains {
  readonly transactions: Pick<TransactionManager, 'find' | 'submit'>;
  readonly accesses: ChainAccesses;
  readonly messages: MessageExecutor;
}

/**
 * Carries to another chain what a statement of its own tells it. Whoever calls knows by that chain whether it has
 * heard; until then each look takes the next step, and no step is taken twice.
 */
export class StatementCarrier {
  constructor(private readonly chains: CarrierChains) {}

  async carry(telling: Telling): Promise<TellingProgress> {
    let refusal = '';
    for (let nth = 1; nth <= MAX_TRIES; nth += 1) {
      const intentKey = `${telling.intent}:${nth}`;
      const known = await this.chains.transactions.find(telling.tenantId, intentKey);
      if (known === undefined) return this.send(telling, intentKey);
      if (!isRefused(known)) return this.follow(telling, known);
      refusal = describeRevert(known.revertData);
    }
    return {
      isOver: true,
      text: `given up: ${telling.from} refused to send it (${refusal}); anyone may call ${CALLS[telling.told.kind]}`,
    };
  }

  private async send(telling: Telling, intentKey: string): Promise<TellingProgress> {
    const { tenantId, registry, from, to, told } = telling;
    const transports =
      registry.releasePolicy === ReleasePolicy.BOTH
        ? [StatementTransport.BOTH]
        : [StatementTransport.CCIP, StatementTransport.LAYERZERO];
    const { gateway } = contractsOn(registry, from);
    const source = this.chains.accesses.get(from).public;
    const best = await cheapestTelling(source, gateway, to, transports, told);
    if (best === undefined) return { isOver: false, text: `an open lane from ${from}` };
    try {
      const submitted = await this.chains.transactions.submit({
        tenantId,
        chainId: from,
        intentKey,
        valueWei: withFeeMargin(best.feeWei),
        ...tellCall(gateway, to, best.transport, told),
      });
      return { isOver: false, text: waitingText(submitted) };
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      // Not sent, so nothing was paid: what hinders it may pass.
      return { isOver: false, text: `${from} refuses to send it: ${describeRevert(error.revertData)}` };
    }
  }

  /** What is final on its source is executed by us if its network verified it and does not. */
  private async follow({ tenantId, from, to }: Telling, known: ChainTransaction): Promise<TellingProgress> {
    const { inclusion, state, intentKey } = known;
    if (state !== TransactionState.Final || inclusion === undefined)
      return { isOver: false, text: waitingText(known) };
    const moves = await Promise.all(
      bridgesOfTelling(known.data).map((transport) =>
        this.chains.messages.moveOn(
          tenantId,
          { sourceChainId: from, destinationChainId: to, transport, transactionHash: inclusion.hash },
          `${intentKey}:${transport}`,
        ),
      ),
    );
    const refused = moves.find((move) => move.refused !== undefined)?.refused;
    if (refused !== undefined) return { isOver: true, text: refused };
    return { isOver: false, text: 'its bridge' };
  }
}

const CALLS: Readonly<Record<Told['kind'], string>> = {
  LICENCE: 'sendLicence',
  REGISTRY_STATE: 'sendRegistryState',
};

function isRefused({ state, inclusion }: ChainTransaction): boolean {
  return (
    state === TransactionState.Dropped || (state === TransactionState.Final && inclusion?.succeeded === false)
  );
}

function waitingText(transaction: ChainTransaction): string {
  return transaction.state === TransactionState.Held
    ? heldBecause(transaction).reason
    : 'its transaction to be final';
}
