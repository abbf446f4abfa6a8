import type { ExportWriter } from '../../domain/export/export-writer';
import { clearExport } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** Removes the archive of an export that is over. What is gone is gone: running again changes nothing. */
export const clearExportJob = defineJob({
  contract: clearExport,
  concurrency: 1,
  retry: { limit: 1_000, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 600_000,
  async run({ tenantId, exportId }, { exportWriter }: { exportWriter: ExportWriter }) {
    const next = await exportWriter.expire(tenantId, exportId);
    if (next !== undefined) throw RunAgainLater.at(next);
  },
});
