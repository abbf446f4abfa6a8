import { encodeGlobalId } from '../../schema/global-id';
import type { ExportId, TenantId, WebhookEndpointId } from '../../schema/ids';
import type { ExportFailure } from '../../schema/types/tenant-export';
import type { PlainAnnouncement } from './announcement';
import type { EventContent } from './cloud-event';

/** Tells a tenant's other endpoints that one was disabled by the platform. */
export function webhookDisabled(
  tenantId: TenantId,
  endpointId: WebhookEndpointId,
  reason: string,
): PlainAnnouncement {
  const id = encodeGlobalId('WebhookEndpoint', endpointId);
  return {
    type: 'tenant.webhook_disabled',
    subject: id,
    orderKey: tenantId,
    data: { endpointId: id, reason },
  };
}

/** An event that says nothing but that the way to the endpoint works. */
export function webhookTest(endpointId: WebhookEndpointId): EventContent {
  const id = encodeGlobalId('WebhookEndpoint', endpointId);
  return { type: 'tenant.webhook_test', finality: 'final', subject: id, data: { endpointId: id } };
}

/** Tells a tenant that its keys only read from now on. */
export function tenantSuspended(tenantId: TenantId, reason: string): PlainAnnouncement {
  return { type: 'tenant.suspended', subject: tenantId, orderKey: tenantId, data: { tenantId, reason } };
}

/** Tells a tenant that its suspension is over. */
export function tenantResumed(tenantId: TenantId): PlainAnnouncement {
  return { type: 'tenant.resumed', subject: tenantId, orderKey: tenantId, data: { tenantId } };
}

/** What a warning about a quota says. */
export interface QuotaFacts {
  readonly quota: string;
  readonly percent: number;
  readonly limit: number;
  readonly used: number;
  readonly resetsAt: Date | null;
}

/** Tells a tenant that it has used so many per cent of a quota. */
export function quotaWarning(
  tenantId: TenantId,
  { quota, percent, limit, used, resetsAt }: QuotaFacts,
): PlainAnnouncement {
  return {
    type: 'tenant.quota_warning',
    subject: tenantId,
    orderKey: tenantId,
    data: { tenantId, quota, percent, limit, used, resetsAt: resetsAt?.toISOString() ?? null },
  };
}

/** Tells a tenant that the archive that it asked for can be downloaded. */
export function exportReady(
  tenantId: TenantId,
  { id, sha256, expiresAt }: { readonly id: ExportId; readonly sha256: string; readonly expiresAt: Date },
): PlainAnnouncement {
  const exportId = encodeGlobalId('TenantExport', id);
  return {
    type: 'tenant.export_ready',
    subject: exportId,
    orderKey: tenantId,
    data: { exportId, sha256, expiresAt: expiresAt.toISOString() },
  };
}

/** Tells a tenant that there will be no archive, and why. */
export function exportFailed(
  tenantId: TenantId,
  id: ExportId,
  { code, message }: ExportFailure,
): PlainAnnouncement {
  const exportId = encodeGlobalId('TenantExport', id);
  return {
    type: 'tenant.export_failed',
    subject: exportId,
    orderKey: tenantId,
    data: { exportId, code, message },
  };
}
