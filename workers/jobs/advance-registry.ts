import type { DeploymentService } from '../../domain/registry/deployment-service';
import { advanceRegistry } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** How soon a registry that is not complete is looked at again, in milliseconds. */
const LOOK_AGAIN_MS = 1_000;

/** Takes the next steps of a registry's deployment, until it is complete. Each step is an intent of its own. */
export const advanceRegistryJob = defineJob({
  contract: advanceRegistry,
  concurrency: 2,
  retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 60_000,
  async run({ tenantId, registryId }, { deployments }: { deployments: DeploymentService }) {
    if (!(await deployments.advance(tenantId, registryId))) throw new RunAgainLater(LOOK_AGAIN_MS);
  },
});
