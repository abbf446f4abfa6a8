import type { Client } from 'pg';
import { evmAccountId } from '../../../schema/caip';
import type { TenantId } from '../../../schema/ids';
import { RowBuffer } from './copy';
import type { Life } from './life';
import { documentOf, HOME, mintIdOf, PROJECT_ID, REGISTRY_ID, WORKS_PER_MINT, workIdOf } from './registry';

/** Rows between two writes. */
const PIECE = 5_000;

/**
 * What the platform has of works before they are minted: what `mintWorks` writes, at the time of the block in which they
 * will be.
 */
export async function insertPlatformRows(
  admin: Client,
  tenantId: TenantId,
  life: Life,
  from: number,
  to: number,
): Promise<void> {
  const mints = new RowBuffer('mints', 'tenant_id, id, registry_id, created_at');
  const works = new RowBuffer(
    'works',
    'tenant_id, id, project_id, registry_id, mint_id, first_holder, document, document_hash, metadata, created_at',
  );
  const revisions = new RowBuffer(
    'work_revisions',
    'tenant_id, work_id, revision, metadata, state_hash, created_at',
  );
  for (let number = from; number < to; number += 1) {
    const facts = platformFacts(life, number);
    if (number % WORKS_PER_MINT === 0 || number === from)
      mints.add(tenantId, mintIdOf(number), REGISTRY_ID, facts.createdAt);
    works.add(
      tenantId,
      workIdOf(number),
      PROJECT_ID,
      REGISTRY_ID,
      mintIdOf(number),
      facts.firstHolder,
      facts.document,
      facts.documentHash,
      facts.metadata,
      facts.createdAt,
    );
    revisions.add(tenantId, workIdOf(number), 0, facts.metadata, '', facts.createdAt);
    if (number % PIECE === PIECE - 1 || number === to - 1)
      for (const rows of [mints, works, revisions]) await rows.flush(admin);
  }
}

/** What the tenant asked for. */
export function platformFacts(life: Life, number: number) {
  const { documentHash } = life.work(number);
  return {
    firstHolder: evmAccountId(HOME, life.holderOf(number, 0)),
    document: JSON.stringify(documentOf(number)),
    documentHash,
    metadata: JSON.stringify({ title: `Tides #${number + 1}` }),
    createdAt: new Date(life.timeOf(life.mintBlockOf(number)) * 1_000),
  };
}
