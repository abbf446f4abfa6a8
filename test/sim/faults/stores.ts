import { type FaultKind, nothingToEnd, wholeBetween } from './fault';

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

/** Every commit waits for both disks, and both are slow. */
export const slowDisk: FaultKind = (random) => {
  const milliseconds = wholeBetween(20, 300, random);
  return {
    name: `PostgreSQL's disks take ${milliseconds} ms more`,
    async begin({ disk, postgres }) {
      for (const server of [postgres.primary, postgres.replica]) disk?.delay(server, milliseconds);
    },
    async end({ disk, postgres }) {
      for (const server of [postgres.primary, postgres.replica]) disk?.mend(server);
    },
  };
};

/**
 * The primary's disk is full: statements that need room fail, and without room for its log the server ends. Somebody
 * makes room, and starts it again.
 */
export const fillDisk: FaultKind = () => ({
  name: "PostgreSQL's disk is full",
  begin: async ({ disk, postgres }) => disk?.fill(postgres.primary),
  async end({ disk, postgres }) {
    disk?.mend(postgres.primary);
    await postgres.losePrimary();
    await postgres.recoverPrimary();
  },
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
