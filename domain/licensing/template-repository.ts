import type { Hex } from 'viem';
import { LicenceFamily, type LicenceTemplate, type LicenceTerms } from '../../schema/types/licence';
import type { TenantTx } from '../../tenants/tenant-database';

interface TemplateRow {
  hash: Hex;
  name: string;
  uri: string;
  document: string;
  terms: LicenceTerms;
}

/** The licence texts of tenants. They never change. */
export class LicenceTemplateRepository {
  /** Adding the same text again changes nothing: what is kept is as it was first. */
  async insert(tx: TenantTx, { hash, name, uri, document, terms }: LicenceTemplate): Promise<void> {
    await tx.manager.query(
      `insert into licence_templates (tenant_id, hash, name, uri, document, terms) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing`,
      [tx.tenantId, hash, name, uri, document, JSON.stringify(terms)],
    );
  }

  /** Oldest first. */
  async all(tx: TenantTx): Promise<LicenceTemplate[]> {
    const rows: TemplateRow[] = await tx.manager.query(
      'select hash, name, uri, document, terms from licence_templates where tenant_id = $1 order by created_at, hash',
      [tx.tenantId],
    );
    return rows.map(toTemplate);
  }

  async findByHashes(tx: TenantTx, hashes: readonly Hex[]): Promise<LicenceTemplate[]> {
    const rows: TemplateRow[] = await tx.manager.query(
      'select hash, name, uri, document, terms from licence_templates where tenant_id = $1 and hash = any($2)',
      [tx.tenantId, hashes],
    );
    return rows.map(toTemplate);
  }
}

function toTemplate(row: TemplateRow): LicenceTemplate {
  return { ...row, family: LicenceFamily.OWN };
}
