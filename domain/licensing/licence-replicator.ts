import { LicenceReader } from '../../chains/evm/registry/licences';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import type { ChainId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import type { Licence } from '../../schema/types/licence';
import type { Registry } from '../../schema/types/registry';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { StatementCarrier } from '../dispatch/statement-carrier';
import type { GuardActionRepository } from '../guard/guard-action-repository';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';
import type { LicenceRepository } from './licence-repository';

/** How soon to look again, in milliseconds. */
const SOON_MS = 2_000;

interface ReplicatorStores {
  readonly registries: RegistryRepository;
  readonly licences: LicenceRepository;
  readonly guardActions: GuardActionRepository;
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
  | { readonly isOver: boolean; readonly text: string };

const DONE: Progress = { isOver: true };

/**
 * Has a grant known on all chains: from its issuer to home, and from home to the mirrors. What is to be sent is decided
 * by what the destination says, and the licence book there takes no revision twice, so any step may be tried again.
 */
export class LicenceReplicator {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: ReplicatorStores,
    private readonly accesses: ChainAccesses,
    private readonly carrier: StatementCarrier,
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
    const { grantId, revision } = licence;
    if ((await this.reader(leg, to).revisionOf(grantId)) >= revision) return DONE;
    if ((await this.reader(leg, from).revisionOf(grantId)) < revision)
      return { isOver: false, text: `${from} to know it` };
    return this.carrier.carry({
      ...leg,
      told: { kind: 'LICENCE', grantId },
      intent: `licence:${leg.registry.id}:${grantId}:${revision}:${to}`,
    });
  }

  private reader({ registry }: Leg, chainId: ChainId): LicenceReader {
    return new LicenceReader(this.accesses.get(chainId).public, contractsOn(registry, chainId));
  }
}
