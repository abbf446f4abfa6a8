import type { ExportWriter } from '../../domain/export/export-writer';
import { exportTenant } from '../../schema/jobs';
import { defineJob } from './define-job';

/**
 * Writes a tenant's archive. A run begins from the beginning, and only the last one that began can finish: an archive
 * is READY when it is whole. The writer itself gives an export up after a few runs; the limit here lets it get to that.
 */
export const exportTenantJob = defineJob({
  contract: exportTenant,
  concurrency: 1,
  retry: { limit: 10, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 3_600_000,
  async run({ tenantId, exportId }, { exportWriter }: { exportWriter: ExportWriter }, { signal, attempt }) {
    await exportWriter.write(tenantId, exportId, { signal, attempt });
  },
});
