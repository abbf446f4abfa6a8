import { type FaultKind, nothingToEnd } from './fault';

/** The primary dies, and comes back on what it had written. */
export const losePrimary: FaultKind = () => ({
  name: 'PostgreSQL dies',
  begin: ({ postgres }) => postgres.losePrimary(),
  end: ({ postgres }) => postgres.recoverPrimary(),
});

/** The primary dies for good; its replica takes its place, and is given a replica in the end. */
export const failOver: FaultKind = () => ({
  name: 'PostgreSQL fails over to its replica',
  async begin({ postgres }) {
    await postgres.losePrimary();
    await postgres.promote();
  },
  end: ({ postgres }) => postgres.addStandby(),
});

/** PostgreSQL takes connections and statements, and answers none, as on storage that hangs. */
export const freezePrimary: FaultKind = () => ({
  name: 'PostgreSQL hangs',
  begin: async ({ postgres }) => postgres.freezePrimary(),
  end: async ({ postgres }) => postgres.resumePrimary(),
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
