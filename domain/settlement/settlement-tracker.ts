import { settlementIdIn } from '../../chains/evm/registry/vault-calls';
import { type SettlementId, settlementIdSchema } from '../../schema/ids';
import { advanceSettlement } from '../../schema/jobs';
import type { Registry } from '../../schema/types/registry';
import { SettlementRoute, SettlementState } from '../../schema/types/settlement';
import type { TenantTx } from '../../tenants/tenant-database';
import type { TransactionRepository } from '../chain-state/transaction-repository';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { hexArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import { CREDITING, sharesBefore } from './arrival-shares';
import { payeeDirectory } from './payee-directory';
import { type SettlementEvidence, settlementProgress } from './settlement-progress';
import { type SettlementRecord, settlementOfIntent } from './settlement-record';
import type { SettlementRepository } from './settlement-repository';

export interface SettlementTrackerStores {
  readonly settlements: SettlementRepository;
  readonly events: RegistryEventRepository;
  readonly transactions: TransactionRepository;
  readonly outbox: OutboxRepository;
}

const MOVES = ['SettlementRemitted', 'SettlementCredited'];

/** Moves settlements along as the vaults' events show. */
export class SettlementTracker implements ProjectionListener {
  constructor(private readonly stores: SettlementTrackerStores) {}

  async projected(tx: TenantTx, { registry, touched }: ProjectionChange): Promise<void> {
    const ids = await this.concerned(tx, touched);
    if (ids.length === 0) return;
    const settlements = await this.stores.settlements.findByIds(tx, ids, 'for update');
    const splits = await this.stores.events.find(tx, registry.id, { names: ['SplitStated'] });
    const payees = payeeDirectory(registry.chainIds, splits);
    for (const settlement of settlements) {
      // What failed was ended by a final block: another settlement has been asked for since.
      if (settlement.state === SettlementState.FAILED || settlement.registryId !== registry.id) continue;
      const evidence = await this.evidenceOf(tx, registry, settlement, touched);
      const change = settlementProgress(settlement, evidence, payees);
      await this.stores.settlements.update(tx, settlement, change);
      const payload = { tenantId: tx.tenantId, settlementId: settlement.id };
      await this.stores.outbox.add(tx, advanceSettlement, payload);
    }
  }

  /** Those that a vault names, and those whose own transaction paid somebody out. */
  private async concerned(tx: TenantTx, touched: readonly RegistryEvent[]): Promise<SettlementId[]> {
    const named = touched
      .filter(({ name }) => MOVES.includes(name))
      .flatMap((event) => settlementIdIn(hexArg(event, 'settlementId')) ?? []);
    const hashes = touched
      .filter(({ name }) => name === 'PayeePaid')
      .map(({ transactionHash }) => transactionHash);
    const intentKeys = await this.stores.transactions.intentKeysOf(tx, hashes);
    const paid = [...intentKeys.values()].flatMap((key) => settlementOfIntent(key) ?? []);
    return [...new Set([...named.map((id) => settlementIdSchema.parse(id)), ...paid])];
  }

  private async evidenceOf(
    tx: TenantTx,
    registry: Registry,
    settlement: SettlementRecord,
    touched: readonly RegistryEvent[],
  ): Promise<SettlementEvidence> {
    if (settlement.route === SettlementRoute.LOCAL) return this.payout(tx, registry, settlement, touched);
    const digests = new Set(
      touched
        .filter((event) => MOVES.includes(event.name) && isNamed(event, settlement.id))
        .flatMap(({ digest }) => digest ?? []),
    );
    if (settlement.digest !== null) digests.add(settlement.digest);
    const moves = await this.stores.events.find(tx, registry.id, { digests: [...digests] });
    const remitted = moves.find(
      ({ name, chainId }) => name === 'SettlementRemitted' && chainId === settlement.sourceChainId,
    );
    const credited = moves.find(
      ({ name, chainId }) => name === 'SettlementCredited' && chainId === settlement.destinationChainId,
    );
    return { remitted, credited, shares: await this.sharesOf(tx, registry, credited) };
  }

  private async payout(
    tx: TenantTx,
    registry: Registry,
    { id, sourceChainId }: SettlementRecord,
    touched: readonly RegistryEvent[],
  ): Promise<SettlementEvidence> {
    const hashes = touched.filter(({ name }) => name === 'PayeePaid').map((event) => event.transactionHash);
    const keys = await this.stores.transactions.intentKeysOf(tx, hashes);
    const own = hashes.filter((hash) => settlementOfIntent(keys.get(hash) ?? '') === id);
    const paid = await this.stores.events.find(tx, registry.id, {
      chainId: sourceChainId,
      transactionHashes: own,
      names: ['PayeePaid'],
    });
    return { remitted: undefined, credited: paid[0], shares: paid.map(shareOf) };
  }

  private async sharesOf(
    tx: TenantTx,
    registry: Registry,
    credited: RegistryEvent | undefined,
  ): Promise<SettlementEvidence['shares']> {
    if (credited === undefined) return [];
    const { chainId, transactionHash } = credited;
    const beside = await this.stores.events.find(tx, registry.id, {
      chainId,
      transactionHashes: [transactionHash],
      names: CREDITING,
    });
    return sharesBefore(credited, beside);
  }
}

function isNamed(event: RegistryEvent, id: SettlementId): boolean {
  return settlementIdIn(hexArg(event, 'settlementId')) === id;
}

function shareOf(event: RegistryEvent) {
  return { payeeId: hexArg(event, 'payeeId'), amount: BigInt(textArg(event, 'spent')) };
}
