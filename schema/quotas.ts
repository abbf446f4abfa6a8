/** What a plan limits, by the names of the API, with the columns of `plans`. A limit of null is none. */
export const QUOTAS = {
  works: 'works',
  dispatchesPerDay: 'dispatches_per_day',
  apiRequestsPerMinute: 'api_requests_per_minute',
  webhookEndpoints: 'webhook_endpoints',
  storageBytes: 'storage_bytes',
} as const;

export type Quota = keyof typeof QUOTAS;
export type QuotaLimits = Readonly<Record<Quota, number | null>>;

/** The plan of every tenant that is given no other: made by a migration, and never changed. */
export const UNLIMITED_PLAN = 'unlimited';
