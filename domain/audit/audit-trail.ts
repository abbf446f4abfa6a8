import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../schema/ids';
import type { AuditFilter } from '../../schema/inputs/audit';
import type { PageRequest } from '../../schema/inputs/page';
import type { AuditEntry } from '../../schema/types/audit';
import type { Page } from '../../schema/types/connection';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { type Witness, witnessed } from '../../tenants/witness';
import { type AuditFacts, inputHash } from './audit-entry';
import type { AuditRepository, NewAuditEntry } from './audit-repository';

/** A mutation that somebody asks for. */
export interface AuditedAction extends Omit<NewAuditEntry, 'inputHash'> {
  /** Whose log it belongs to. */
  readonly tenantId: TenantId;
  readonly args: { readonly input?: unknown };
}

/** Who changed what, and by which request: one entry for each mutation that had an effect, linked by hashes. */
export class AuditTrail {
  constructor(
    private readonly database: TenantDatabase,
    private readonly entries: AuditRepository,
  ) {}

  /**
   * Runs a mutation so that its entry commits together with its first effect: there is neither without the other.
   * One that is refused, or changes nothing, has no entry.
   */
  within<T>(action: AuditedAction, work: () => T): T {
    return witnessed(new AuditWitness(this.entries, action), work);
  }

  async page(tenantId: TenantId, request: PageRequest, filter: AuditFilter): Promise<Page<AuditEntry>> {
    return this.database.read(tenantId, (tx) => this.entries.page(tx, request, filter));
  }
}

class AuditWitness implements Witness {
  isKept = false;
  private evidence: AuditFacts['evidence'];

  constructor(
    private readonly entries: AuditRepository,
    private readonly action: AuditedAction,
  ) {}

  record(manager: EntityManager): Promise<void> {
    const { tenantId, args, ...entry } = this.action;
    const { evidence } = this;
    const facts = { ...entry, inputHash: inputHash(args), ...(evidence !== undefined && { evidence }) };
    return this.entries.append(manager, tenantId, facts);
  }

  stand(evidence: Readonly<Record<string, unknown>>): void {
    this.evidence = evidence;
  }

  kept(): void {
    this.isKept = true;
  }
}
