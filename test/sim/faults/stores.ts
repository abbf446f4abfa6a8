import { type FaultKind, nothingToEnd } from './fault';

/** PostgreSQL ends without a checkpoint, and is away for a while. */
export const crashPostgres: FaultKind = () => ({
  name: 'PostgreSQL stops at once',
  begin: ({ postgres }) => postgres.crash(),
  end: ({ postgres }) => postgres.recover(),
});

/** PostgreSQL takes connections and statements, and answers none, as on storage that hangs. */
export const freezePostgres: FaultKind = () => ({
  name: 'PostgreSQL hangs',
  begin: async ({ postgres }) => postgres.freeze(),
  end: async ({ postgres }) => postgres.resume(),
});

export const emptyRedis: FaultKind = () => ({
  name: 'Redis is emptied',
  begin: ({ redis }) => redis.empty(),
  end: nothingToEnd,
});

/** Redis dies with all its data, and comes back empty after a while. */
export const loseRedis: FaultKind = () => ({
  name: 'Redis dies with its data',
  begin: ({ redis }) => redis.lose(),
  end: ({ redis }) => redis.restart(),
});
