import type { Balance } from '../../../domain/ledger/ledger-repository';
import { encodeGlobalId } from '../../../schema/global-id';
import type { WorkId } from '../../../schema/ids';
import type { EntryKind, LedgerEntry } from '../../../schema/types/ledger';
import type { Sale } from '../../../schema/types/sale';
import type { Reconciliation } from '../../../schema/types/settlement';
import { until } from '../../support/travel-steps';
import type { Trade } from './sales-desk';

/** Until a killed worker's jobs are taken up again, and their messages executed. */
const PATIENCE_MS = 180_000;

/** Reads what the product says of a trade, as its API does. */
export class SalesAudit {
  constructor(private readonly trade: Trade) {}

  /** Every sale of some works, of which none has been sold more than a hundred times. */
  async sales(works: readonly WorkId[]): Promise<Sale[]> {
    const { harness, gallery } = this.trade;
    const first = 100;
    const pages = await Promise.all(
      works.map((workId) =>
        harness.domain.sales.page(gallery.tenantId, { first, after: undefined }, { workId }),
      ),
    );
    if (pages.some(({ pageInfo }) => pageInfo.hasNextPage)) throw new Error('a work was sold too often');
    return pages.flatMap(({ edges }) => edges.map(({ node }) => node));
  }

  /** The entries of one kind that nothing has taken back, by the global id of their sale. */
  async standing(kind: EntryKind): Promise<Map<string, LedgerEntry[]>> {
    const { harness, gallery } = this.trade;
    const bySale = new Map<string, LedgerEntry[]>();
    let after: number | undefined;
    for (;;) {
      const page = await harness.domain.ledger.entries(gallery.tenantId, { first: 100, after }, { kind });
      for (const { node } of page.edges) {
        after = node.sequence;
        if (node.state === 'REVERSED' || node.isReversal || node.saleId === null) continue;
        bySale.set(node.saleId, [...(bySale.get(node.saleId) ?? []), node]);
      }
      if (!page.pageInfo.hasNextPage) return bySale;
    }
  }

  balances(): Promise<Balance[]> {
    const { harness, gallery, till } = this.trade;
    return harness.foundations.tenants.transaction(gallery.tenantId, (tx) => till.ledger.balances(tx));
  }

  /** Waits until vaults, record and books tell the same. @throws Error that tells every difference. */
  async reconciled(): Promise<Reconciliation[]> {
    const { harness, gallery } = this.trade;
    let lines: Reconciliation[] = [];
    try {
      return await until(
        'vaults, record and books agree',
        async () => {
          lines = await harness.domain.reconciliations.reconcile(gallery.tenantId, gallery.registryId);
          return lines.every(({ balanced }) => balanced) && lines;
        },
        PATIENCE_MS,
      );
    } catch (error) {
      throw new Error(JSON.stringify(lines.flatMap(({ differences }) => differences)), { cause: error });
    }
  }
}

export function saleKey({ id }: Sale): string {
  return encodeGlobalId('Sale', id);
}
