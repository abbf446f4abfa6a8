import { z } from 'zod';
import {
  dispatchIdSchema,
  exportIdSchema,
  guardActionIdSchema,
  mintIdSchema,
  projectIdSchema,
  registryIdSchema,
  settlementIdSchema,
  tenantIdSchema,
  webhookEndpointIdSchema,
  workIdSchema,
} from './ids';

/** A job's name and the shape of its payload: parsed where it is queued and again where it runs. Payloads are ids only. */
export interface JobContract<Payload extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly payload: Payload;
  /**
   * What the job works on, the same in every request: then no two of its runs for one tenant overlap. Without it each
   * request is a job of its own.
   */
  subject?(payload: z.output<Payload>): string | undefined;
}

export type JobPayload<Contract extends JobContract> = z.output<Contract['payload']>;

/** A job that works on what all ids of its payload name together. */
function contract<Shape extends z.ZodRawShape>(name: string, shape: Shape) {
  const payload = z.strictObject({ tenantId: tenantIdSchema, ...shape });
  const keys = Object.keys(shape);
  const subject = (of: Readonly<Record<string, unknown>>) => keys.map((key) => of[key]).join(' ');
  return { name, payload, subject } as const;
}

/** Deploys a registry and opens its lanes, one durable step at a time. */
export const advanceRegistry = contract('advance-registry', { registryId: registryIdSchema });
/** Submits the transactions that commit to one or more works and mint them. */
export const submitMint = contract('submit-mint', { mintId: mintIdSchema });
/** Submits the transaction that adopts one or more tokens as works. */
export const submitAdoption = contract('submit-adoption', { mintId: mintIdSchema });
/** States a new revision of a work on its home chain. */
export const submitRevision = contract('submit-revision', {
  workId: workIdSchema,
  revision: z.number().int().positive(),
});
/** Chooses a lane for a dispatch and submits its transaction. */
export const submitDispatch = contract('submit-dispatch', { dispatchId: dispatchIdSchema });
/** Looks why a dispatch has not arrived, and executes what its network has verified but not executed. */
export const nudgeDispatch = contract('nudge-dispatch', { dispatchId: dispatchIdSchema });
/** Takes the next step of what a guardian asked for. */
export const advanceGuardAction = contract('advance-guard-action', { actionId: guardActionIdSchema });
/** As {@link advanceGuardAction}, for what moves a tenant's money into its vaults: it waits while the tenant is suspended. */
export const forwardRoyalties = contract('forward-royalties', { actionId: guardActionIdSchema });
/** Has a licence's grant known on every chain of its registry. */
export const replicateLicence = contract('replicate-licence', {
  registryId: registryIdSchema,
  grantId: z.string().regex(/^0x[0-9a-f]{64}$/),
});
/** Takes the next step of a settlement: prices and sends it, and sees it delivered. */
export const advanceSettlement = contract('advance-settlement', { settlementId: settlementIdSchema });
/** Asks for the settlements that a tenant's rules have made by themselves, when they are due. */
export const scheduleSettlements = contract('schedule-settlements', {});
/** Looks what lies in the royalty receivers of a tenant, and has that forwarded which its rules name. */
export const lookIntoReceivers = contract('look-into-receivers', {});
/** Brings a registry's works, legs and dispatches up to date with what the followers have recorded. */
export const projectRegistry = contract('project-registry', { registryId: registryIdSchema });
/** Looks for sales and payments in transactions that moved works of a registry, or money to it. */
export const observeSales = contract('observe-sales', { registryId: registryIdSchema });
/** Calls those sales of a registry unpaid whose window has closed. */
export const closeSales = contract('close-sales', { registryId: registryIdSchema });
/** Moves an artist's primary wallet once the delay of his request is over. */
export const applyWalletChange = contract('apply-wallet-change', { projectId: projectIdSchema });
/** Writes the archive of an export that a tenant has asked for. */
export const exportTenant = contract('export-tenant', { exportId: exportIdSchema });
/** Removes the archive of an export that is over, or once it expires. */
export const clearExport = contract('clear-export', { exportId: exportIdSchema });
/** Sends an endpoint's webhooks that are due. One row per endpoint: it waits for the next retry, or for news. */
export const deliverWebhooks = contract('deliver-webhooks', { endpointId: webhookEndpointIdSchema });

/**
 * The jobs that a suspended tenant's workers go on with: they record, deliver and secure what is under way, and let it leave. All others
 * begin something new on a chain, and wait for the end of the suspension.
 */
export const JOBS_WHILE_SUSPENDED: readonly string[] = [
  nudgeDispatch,
  advanceGuardAction,
  projectRegistry,
  observeSales,
  closeSales,
  exportTenant,
  clearExport,
  deliverWebhooks,
].map(({ name }) => name);
