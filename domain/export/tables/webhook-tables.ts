import { type ExportedTable, refersTo } from './exported-table';

/** Webhooks: where they go, what happened, and what was delivered. */
export const WEBHOOK_TABLES: readonly ExportedTable[] = [
  {
    table: 'webhook_endpoints',
    holds: 'A receiver of webhooks.',
    columns: {
      id: 'its id',
      url: 'where it listens',
      description: 'what the tenant calls it',
      event_types: 'what it is told of',
      enabled: 'whether it is told',
      disabled_reason: 'why the platform disabled it',
      failing_since: 'the first failure since the last success',
      pauses: 'how often in a row it was given a pause',
      paused_until: 'until when nothing is sent',
      created_at: 'when it was made',
    },
  },
  {
    table: 'webhook_events',
    holds: 'An event that receivers are told of.',
    columns: {
      id: 'its id',
      sequence: 'its place in the order of all events',
      type: 'what happened',
      fact_key: 'the fact that it tells of, if that can still fall or become final',
      finality: '`provisional`, `final` or `reverted`',
      order_key: 'events with the same key go out one after the other',
      body: 'the whole CloudEvent as it goes out',
      trace_parent: 'the traced request that it goes back to (W3C Trace Context)',
      created_at: 'when it was put down',
    },
  },
  {
    table: 'webhook_deliveries',
    holds: 'A delivery of an event to a receiver.',
    columns: {
      id: 'its id',
      endpoint_id: 'the receiver',
      event_id: 'the event',
      sequence: 'its place in the order to that receiver',
      origin: '`EVENT`, `TEST`, `REDELIVERY` or `REPLAY`',
      order_key: 'as the event’s',
      event_type: 'as the event’s',
      state: '`PENDING`, `DELIVERED` or `DEAD`',
      attempts: 'how often it was tried',
      tries: 'every try with its answer',
      next_try_at: 'when it is tried next',
      created_at: 'when it was asked for',
      finished_at: 'when it was delivered or given up',
    },
    references: [refersTo('webhook_endpoints', 'endpoint_id'), refersTo('webhook_events', 'event_id')],
  },
];
