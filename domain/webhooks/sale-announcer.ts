import { encodeGlobalId } from '../../schema/global-id';
import { type Sale, SaleState } from '../../schema/types/sale';
import type { TenantTx } from '../../tenants/tenant-database';
import type { SaleListener } from '../sales/sale-observer';
import type { FactAnnouncement, Standing } from './announcement';
import type { EventPublisher } from './event-publisher';

const STANDINGS: { readonly [State in SaleState]: Standing } = {
  [SaleState.PROVISIONAL]: 'provisional',
  [SaleState.FINAL]: 'final',
  [SaleState.REVERTED]: 'absent',
};

/** Announces sales: provisional as soon as they are seen, then final, or taken back; and what stays unpaid of them. */
export class SaleAnnouncer implements SaleListener {
  constructor(private readonly publisher: EventPublisher) {}

  async salesChanged(tx: TenantTx, sales: readonly Sale[]): Promise<void> {
    await this.publisher.publish(
      tx,
      sales.flatMap((sale) => [
        saleAnnouncement(sale),
        // What was said to be unpaid is not any more; of one of which that was never said, nothing goes out.
        ...(sale.state === SaleState.REVERTED ? [unpaidAnnouncement(sale)] : []),
      ]),
    );
  }

  async salesUnpaid(tx: TenantTx, sales: readonly Sale[]): Promise<void> {
    await this.publisher.publish(tx, sales.map(unpaidAnnouncement));
  }
}

/** That a sale lacks something when its window has closed. Windows close on final sales only. */
export function unpaidAnnouncement(sale: Sale): FactAnnouncement {
  const subject = encodeGlobalId('Sale', sale.id);
  return {
    type: 'sale.unpaid',
    subject,
    orderKey: sale.workId,
    factKey: `sale/${sale.id}/unpaid`,
    standing: sale.state === SaleState.REVERTED ? 'absent' : 'final',
    data: {
      saleId: subject,
      workId: encodeGlobalId('Work', sale.workId),
      projectId: encodeGlobalId('Project', sale.projectId),
      registryId: encodeGlobalId('Registry', sale.registryId),
      seller: sale.seller,
      buyer: sale.buyer,
      asset: sale.asset,
      price: sale.price,
      policyRevision: sale.policyRevision,
      verdict: sale.verdict,
      expected: sale.expected,
      paid: sale.paid,
      unpaid: String(BigInt(sale.expected) - BigInt(sale.paid)),
      soldAt: sale.soldAt.toISOString(),
      evidence: sale.evidence,
    },
  };
}

/** A sale as it stands now. */
export function saleAnnouncement(sale: Sale): FactAnnouncement {
  const subject = encodeGlobalId('Sale', sale.id);
  return {
    type: 'sale.recorded',
    subject,
    orderKey: sale.workId,
    factKey: `sale/${sale.id}`,
    standing: STANDINGS[sale.state],
    data: {
      saleId: subject,
      workId: encodeGlobalId('Work', sale.workId),
      projectId: encodeGlobalId('Project', sale.projectId),
      registryId: encodeGlobalId('Registry', sale.registryId),
      venue: sale.venue,
      orderHash: sale.orderHash,
      seller: sale.seller,
      buyer: sale.buyer,
      asset: sale.asset,
      price: sale.price,
      bundled: sale.bundled,
      marks: sale.marks,
      policyRevision: sale.policyRevision,
      ground: sale.ground,
      verdict: sale.verdict,
      expected: sale.expected,
      paid: sale.paid,
      soldAt: sale.soldAt.toISOString(),
      evidence: sale.evidence,
    },
  };
}
