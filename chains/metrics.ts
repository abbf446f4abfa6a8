import { Counter, Gauge, Histogram } from 'prom-client';

/** Calls of this process to RPC servers. `endpoint` is the place in the chain table; those that tenants brought are one. */
export const rpcRequests = new Counter({
  name: 'colophon_rpc_requests_total',
  help: 'HTTP requests to RPC endpoints by what came of them.',
  labelNames: ['chain', 'endpoint', 'outcome'] as const,
});

export const rpcDuration = new Histogram({
  name: 'colophon_rpc_request_duration_seconds',
  help: 'Time until an RPC endpoint answered in full, or failed to.',
  labelNames: ['chain', 'endpoint'] as const,
  buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

export const followerTicks = new Counter({
  name: 'colophon_follower_ticks_total',
  help: 'Looks at a chain by the follower that leads on it.',
  labelNames: ['chain', 'outcome'] as const,
});

export const followerLeads = new Gauge({
  name: 'colophon_follower_leads',
  help: '1 where this process records the chain, 0 where it stands by.',
  labelNames: ['chain'] as const,
});

export const chainHead = new Gauge({
  name: 'colophon_chain_head_block',
  help: 'The highest block that an endpoint has shown to the leading follower.',
  labelNames: ['chain'] as const,
});

export const recordedHead = new Gauge({
  name: 'colophon_chain_recorded_block',
  help: 'The highest block that is recorded.',
  labelNames: ['chain'] as const,
});

export const finalHead = new Gauge({
  name: 'colophon_chain_final_block',
  help: 'The highest block that is recorded as final.',
  labelNames: ['chain'] as const,
});

export const followerAlert = new Gauge({
  name: 'colophon_follower_alert',
  help: '1 while finality is held or the chain cannot be read; the chain query of the API says why.',
  labelNames: ['chain'] as const,
});
