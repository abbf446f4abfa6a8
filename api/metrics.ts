import { Counter, Histogram } from 'prom-client';

export const operationDuration = new Histogram({
  name: 'colophon_graphql_operation_duration_seconds',
  help: 'Time to answer queries and mutations over HTTP, by root field.',
  labelNames: ['operation', 'field', 'outcome'] as const,
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
});

export const graphqlErrors = new Counter({
  name: 'colophon_graphql_errors_total',
  help: 'Errors that clients were given, by code; INTERNAL ones are bugs.',
  labelNames: ['code'] as const,
});
