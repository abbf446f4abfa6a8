import { bridgesOfLicenceCall, LicenceReader, sendLicenceCall } from '../../chains/evm/registry/licences';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainTransaction, TransactionState } from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import type { ChainId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import { StatementTransport } from '../../schema/types/chain';
import type { Licence } from '../../schema/types/licence';
import { type Registry, ReleasePolicy } from '../../schema/types/registry';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { withFeeMargin } from '../dispatch/fee-margin';
import type { MessageExecutor } from '../dispatch/message-executor';
import { describeRevert } from '../dispatch/revert-reason';
import type { GuardActionRepository } from '../guard/guard-action-repository';
import { heldBecause } from '../held-transaction';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';
import type { LicenceRepository } from './licence-repository';

/** How soon to look again, in milliseconds. */
const SOON_MS = 2_000;
/** How often a revision is sent to a chain anew after it was refused there: each try costs a bridge's fee. */
const MAX_TRIES = 3;

interface ReplicatorStores {
  readonly registries: RegistryRepository;
  readonly licences: LicenceRepository;
  readonly guardActions: GuardActionRepository;
}

interface ReplicatorChains {
  readonly transactions: Pick<TransactionManager, 'find' | 'submit'>;
  readonly accesses: ChainAccesses;
  readonly messages: MessageExecutor;
}

/** A grant on its way to one chain. */
interface Leg {
  readonly tenantId: TenantId;
  readonly registry: Registry;
  readonly licence: Licence;
  readonly from: ChainId;
  readonly to: ChainId;
}

/** Where a leg stands: it is over, or waits. */
type Progress =
  | { readonly isOver: true; readonly text?: string }
  | { readonly isOver: false; readonly text: string };

const DONE: Progress = { isOver: true };

/**
 * Has a grant known on all chains: from its issuer to home, and from home to the mirrors. What is to be sent is decided
 * by what the destination says, and the licence book there takes no revision twice, so any step may be tried again.
 */
export class LicenceReplicator {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: ReplicatorStores,
    private readonly chains: ReplicatorChains,
  ) {}

  /** @returns undefined when nothing is left to do; else how long to wait before asking again, in milliseconds. */
  async advance(tenantId: TenantId, registryId: RegistryId, grantId: string): Promise<number | undefined> {
    const { registry, licence, retired } = await this.database.transaction(tenantId, async (tx) => ({
      registry: await this.stores.registries.get(tx, registryId),
      licence: await this.stores.licences.findLicence(tx, registryId, grantId),
      retired: await this.stores.guardActions.chainsGivenUp(tx, registryId),
    }));
    // A reorg took it away, or has still to leave it alone: its finality queues it again.
    if (licence === undefined || licence.provisional) return undefined;
    const { homeChainId } = registry;
    const legs = registry.chainIds
      .filter((to) => to !== licence.chainId && !retired.has(to))
      .map(
        (to): Leg => ({
          tenantId,
          registry,
          licence,
          to,
          from: to === homeChainId ? licence.chainId : homeChainId,
        }),
      );
    const progress = await Promise.all(legs.map((leg) => this.move(leg)));
    const texts = progress.flatMap(({ text }, index) =>
      text === undefined ? [] : `${legs[index]?.to}: ${text}`,
    );
    await this.database.transaction(tenantId, (tx) =>
      this.stores.licences.setWaitingFor(
        tx,
        registryId,
        grantId,
        texts.length === 0 ? null : texts.join('; '),
      ),
    );
    return progress.every(({ isOver }) => isOver) ? undefined : SOON_MS;
  }

  private async move(leg: Leg): Promise<Progress> {
    const { licence, from, to } = leg;
    if ((await this.reader(leg, to).revisionOf(licence.grantId)) >= licence.revision) return DONE;
    if ((await this.reader(leg, from).revisionOf(licence.grantId)) < licence.revision)
      return { isOver: false, text: `${from} to know it` };
    let refusal = '';
    for (let nth = 1; nth <= MAX_TRIES; nth += 1) {
      const intentKey = `licence:${leg.registry.id}:${licence.grantId}:${licence.revision}:${to}:${nth}`;
      const known = await this.chains.transactions.find(leg.tenantId, intentKey);
      if (known === undefined) return this.send(leg, intentKey);
      if (!isRefused(known)) return this.carry(leg, known);
      refusal = describeRevert(known.revertData);
    }
    return {
      isOver: true,
      text: `given up: ${from} refused to send it (${refusal}); anyone may call sendLicence`,
    };
  }

  private async send(leg: Leg, intentKey: string): Promise<Progress> {
    const { tenantId, registry, licence, from, to } = leg;
    const transports =
      registry.releasePolicy === ReleasePolicy.BOTH
        ? [StatementTransport.BOTH]
        : [StatementTransport.CCIP, StatementTransport.LAYERZERO];
    const best = await this.reader(leg, from).cheapest(to, transports, licence.grantId);
    if (best === undefined) return { isOver: false, text: `an open lane from ${from}` };
    const { gateway } = contractsOn(registry, from);
    try {
      const submitted = await this.chains.transactions.submit({
        tenantId,
        chainId: from,
        intentKey,
        valueWei: withFeeMargin(best.feeWei),
        ...sendLicenceCall(gateway, to, best.transport, licence.grantId),
      });
      return { isOver: false, text: waitingText(submitted) };
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      // Not sent, so nothing was paid: what hinders it may pass.
      return { isOver: false, text: `${from} refuses to send it: ${describeRevert(error.revertData)}` };
    }
  }

  /** What is final on its source is executed by us if its network verified it and does not. */
  private async carry(leg: Leg, known: ChainTransaction): Promise<Progress> {
    const { tenantId, from, to } = leg;
    const { inclusion, state, intentKey } = known;
    if (state !== TransactionState.Final || inclusion === undefined)
      return { isOver: false, text: waitingText(known) };
    const moves = await Promise.all(
      bridgesOfLicenceCall(known.data).map((transport) =>
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

  private reader({ registry }: Leg, chainId: ChainId): LicenceReader {
    return new LicenceReader(this.chains.accesses.get(chainId).public, contractsOn(registry, chainId));
  }
}

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
