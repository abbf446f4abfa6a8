/**
 * Every event that goes out, by its CloudEvents `type`. docs/webhooks.md shows an example of each; a type is
 * never renamed or given another meaning.
 */
export const WEBHOOK_EVENT_TYPES = [
  'work.minted',
  'work.adopted',
  'work.departed',
  'work.arrived',
  'work.recredited',
  'work.reclaimed',
  'work.held',
  'work.release_held',
  'work.release_claimed',
  'work.burned',
  'work.frozen',
  'work.unfrozen',
  'work.transferred',
  'work.revision_stated',
  'work.revision_applied',
  'dispatch.requested',
  'dispatch.submitted',
  'dispatch.sent',
  'dispatch.delivered',
  'dispatch.held',
  'dispatch.failed',
  'dispatch.voided',
  'sale.recorded',
  'sale.unpaid',
  'royalty.wallet_change_requested',
  'royalty.wallet_change_cancelled',
  'royalty.wallet_changed',
  'settlement.requested',
  'settlement.awaiting_approval',
  'settlement.approved',
  'settlement.sent',
  'settlement.credited',
  'settlement.failed',
  'registry.deploying',
  'registry.active',
  'registry.failed',
  'licence.offered',
  'licence.offer_withdrawn',
  'licence.bought',
  'licence.transferred',
  'licence.revoked',
  'licence.applied',
  'tenant.webhook_disabled',
  'tenant.webhook_test',
  'tenant.suspended',
  'tenant.resumed',
  'tenant.quota_warning',
  'tenant.export_ready',
  'tenant.export_failed',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/**
 * How sure an event is: `provisional` rests on a block that may still fall; `final` does not; `reverted`
 * takes back the event that it names.
 */
export const FINALITIES = ['provisional', 'final', 'reverted'] as const;
export type Finality = (typeof FINALITIES)[number];

const FAMILIES = new Set(WEBHOOK_EVENT_TYPES.map((type) => `${type.split('.')[0]}.*`));

/** What an endpoint may ask for: a type, a family such as `work.*`, or `*`. */
export function isEventPattern(pattern: string): boolean {
  return pattern === '*' || FAMILIES.has(pattern) || WEBHOOK_EVENT_TYPES.some((type) => type === pattern);
}

/** True if an endpoint with these patterns wants the type. */
export function wantsEvent(patterns: readonly string[], type: WebhookEventType): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' ||
      pattern === type ||
      (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
  );
}
