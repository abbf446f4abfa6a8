import { Client } from 'pg';
import type { LeaderLock, Lease } from '../../chains/follower/chain-store';
import type { ChainId } from '../../schema/caip';
import { KEEP_ALIVE } from '../../tenants/data-source';

/**
 * Lets one follower process per chain write, by an advisory lock of a PostgreSQL session.
 *
 * Each lease has a connection of its own: the server frees the lock the moment that the process or its
 * connection dies. A leader that is cut off without noticing is stopped by the cursor's compare-and-set.
 */
export class AdvisoryLeaderLock implements LeaderLock {
  /** @param url - A `postgres://` URL of the system role. */
  constructor(private readonly url: string) {}

  async tryAcquire(chainId: ChainId): Promise<Lease | undefined> {
    const client = new Client({
      connectionString: this.url,
      application_name: `follower ${chainId}`,
      ...KEEP_ALIVE,
    });
    let isHeld = true;
    // Without a listener the loss of an idle connection would end the process.
    client.on('error', () => {
      isHeld = false;
    });
    await client.connect();
    const { rows } = await client.query<{ locked: boolean }>(
      "select pg_try_advisory_lock(hashtextextended('colophon follower ' || $1, 0)) as locked",
      [chainId],
    );
    if (rows[0]?.locked !== true) {
      await client.end();
      return undefined;
    }
    client.on('end', () => {
      isHeld = false;
    });
    return {
      get isHeld() {
        return isHeld;
      },
      release: () => client.end(),
    };
  }
}
