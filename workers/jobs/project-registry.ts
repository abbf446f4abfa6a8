import type { Projector } from '../../domain/provenance/projector';
import { projectRegistry } from '../../schema/jobs';
import { defineJob } from './define-job';

/** Brings a registry's record up to date. Recomputes, so running again changes nothing. */
export const projectRegistryJob = defineJob({
  contract: projectRegistry,
  concurrency: 4,
  retry: { limit: 1_000, firstDelayMs: 200, maxDelayMs: 10_000 },
  timeoutMs: 60_000,
  async run({ tenantId, registryId }, { projector }: { projector: Projector }) {
    await projector.project(tenantId, registryId);
  },
});
