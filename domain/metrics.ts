import { Counter, Histogram } from 'prom-client';

/** Recorded with the change itself, so that one whose transaction was rolled back counts, too. */
export const dispatchReached = new Histogram({
  name: 'colophon_dispatch_reached_seconds',
  help: 'Time from the request of a dispatch until it reached a state.',
  labelNames: ['state', 'transport'] as const,
  buckets: [1, 5, 15, 60, 300, 900, 1_800, 3_600, 7_200, 21_600, 86_400],
});

export const transactionChanges = new Counter({
  name: 'colophon_transactions_total',
  help: 'Transactions of tenants by the state that they came to.',
  labelNames: ['chain', 'state'] as const,
});

export const webhookAttempts = new Counter({
  name: 'colophon_webhook_attempts_total',
  help: 'Attempts to deliver webhooks by the class of the answer.',
  labelNames: ['outcome'] as const,
});

export const guardActionChanges = new Counter({
  name: 'colophon_guard_actions_total',
  help: 'Actions of guardians, owners and the platform (pauses, freezes, holds, voids …) by the state that they came to.',
  labelNames: ['kind', 'state'] as const,
});

export const reconciledAssets = new Counter({
  name: 'colophon_reconciled_assets_total',
  help: 'Assets of vaults that reconcileBooks compared with what vaults owe, the record and the books.',
  labelNames: ['outcome'] as const,
});

export const passFailures = new Counter({
  name: 'colophon_loop_failures_total',
  help: 'Passes of background loops (relay, sweeper, transactions, eraser, usage …) that failed.',
  labelNames: ['loop'] as const,
});
