import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import { observeSales } from '../../schema/jobs';
import type { TenantTx } from '../../tenants/tenant-database';
import { groupBy } from '../group-by';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import type { RegistryEventName } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { SaleTransactionRepository } from './sale-transaction-repository';

/** Events in whose transactions money may have moved for a work or a licence. */
const TELLING: ReadonlySet<RegistryEventName> = new Set([
  'Transfer',
  'NativeReceived',
  'MoneyReceived',
  'LicenceBought',
]);

/** Has the transactions examined for sales that moved a work or money to the registry, and again whenever they fall or become final. */
export class TransactionWatch implements ProjectionListener {
  constructor(
    private readonly events: RegistryEventRepository,
    private readonly transactions: SaleTransactionRepository,
    private readonly outbox: OutboxRepository,
  ) {}

  async projected(tx: TenantTx, { registry, touched }: ProjectionChange): Promise<void> {
    const telling = touched.filter(({ name }) => TELLING.has(name));
    if (telling.length === 0) return;
    const hashes = [...new Set(telling.map(({ transactionHash }) => transactionHash))];
    const present = await this.events.find(tx, registry.id, {
      transactionHashes: hashes,
      names: [...TELLING],
    });
    const byPlace = groupBy(present, placeOf);
    const fallen = telling.filter((event) => !byPlace.has(placeOf(event)));
    await this.transactions.seen(
      tx,
      registry.id,
      [...byPlace.values()].flatMap((events) => events.slice(0, 1)),
    );
    await this.transactions.fell(tx, registry.id, fallen);
    await this.outbox.add(tx, observeSales, { tenantId: tx.tenantId, registryId: registry.id });
  }
}

function placeOf({ chainId, transactionHash }: { chainId: ChainId; transactionHash: Hex }): string {
  return `${chainId}/${transactionHash}`;
}
