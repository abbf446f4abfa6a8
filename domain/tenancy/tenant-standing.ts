import { QUOTAS, type Quota } from '../../schema/quotas';
import type { AuthorityEpoch } from '../../tenants/authority-epochs';

/** How the platform stands to a tenant, as far as every request needs it. */
export interface TenantStanding {
  /** Its keys read, and change nothing. */
  readonly isSuspended: boolean;
  /** Requests per minute over all of its keys; null is the deployment's own limit. */
  readonly apiRequestsPerMinute: number | null;
}

/** Columns of {@link StandingRow}, in a statement that has {@link standingJoin}. */
export const STANDING_COLUMNS = `tenant.suspended_at is not null as suspended,
  ${effectiveQuota('apiRequestsPerMinute')} as api_requests_per_minute, tenant.authority_epoch`;

/** Joins a tenant and its plan to a table, or its alias, that has a `tenant_id`. */
export function standingJoin(table: string): string {
  return `join tenants tenant on tenant.tenant_id = ${table}.tenant_id
    join plans plan_of_tenant on plan_of_tenant.plan = tenant.plan`;
}

/** The SQL of how long it is from now to a moment; null if that never comes. */
export function millisecondsUntil(moment: string): string {
  return `(extract(epoch from ${moment} - now()) * 1000)::float8`;
}

export interface StandingRow {
  readonly suspended: boolean;
  readonly api_requests_per_minute: string | null;
  readonly authority_epoch: AuthorityEpoch;
}

export function toStanding(row: StandingRow): TenantStanding {
  const limit = row.api_requests_per_minute;
  return { isSuspended: row.suspended, apiRequestsPerMinute: limit === null ? null : Number(limit) };
}

/** The SQL of a tenant's limit: its own if it was given one, else its plan's. Null is no limit. */
export function effectiveQuota(quota: Quota): string {
  return `case when tenant.quota_overrides ? '${quota}' then (tenant.quota_overrides ->> '${quota}')::bigint
    else plan_of_tenant.${QUOTAS[quota]} end`;
}
