import type { SaleId, TenantId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { SaleFilter, SuspendedPaymentFilter } from '../../schema/inputs/sale';
import type { Page } from '../../schema/types/connection';
import type { Sale, SalePayment } from '../../schema/types/sale';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { SaleRepository } from './sale-repository';

/** The sales of a tenant's works. */
export class SaleService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly sales: SaleRepository,
  ) {}

  async findByIds(tenantId: TenantId, ids: readonly SaleId[]): Promise<Sale[]> {
    return this.database.read(tenantId, (tx) => this.sales.findByIds(tx, ids));
  }

  async page(tenantId: TenantId, request: PageRequest, filter?: SaleFilter): Promise<Page<Sale>> {
    return this.database.read(tenantId, (tx) => this.sales.page(tx, request, filter));
  }

  /** Payments of which something is in suspense. */
  async suspendedPayments(
    tenantId: TenantId,
    request: PageRequest,
    filter?: SuspendedPaymentFilter,
  ): Promise<Page<SalePayment>> {
    return this.database.read(tenantId, (tx) => this.sales.suspendedPage(tx, request, filter));
  }

  /** The payments that came with each sale, in the order of their logs; of one that was taken back, none. */
  async payments(tenantId: TenantId, ids: readonly SaleId[]): Promise<Map<SaleId, SalePayment[]>> {
    return this.database.read(tenantId, (tx) => this.sales.payments(tx, ids));
  }
}
