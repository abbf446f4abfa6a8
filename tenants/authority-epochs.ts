import type { TenantId } from '../schema/ids';

/** A tenant's count of how often what its callers may do has changed, as the database keeps it. */
export type AuthorityEpoch = string;

/** A point in this process's order of events. */
export type Moment = number;

interface Seen {
  epoch: AuthorityEpoch | null;
  moment: Moment;
}

/** Of so many tenants it is kept what was seen last. */
const MAX_TENANTS = 10_000;

/**
 * What reads have seen of the tenants' authority epochs. A read that was sent after some moment saw whatever was
 * committed before it: what is known as of the same epoch held then.
 */
export class AuthorityEpochs {
  private readonly seen = new Map<TenantId, Seen>();
  private last: Moment = 0;

  /** Begins something: what begins later has a greater moment. */
  begin(): Moment {
    this.last += 1;
    return this.last;
  }

  /**
   * @param epoch - Null for a tenant that is no more.
   * @param moment - When the read was sent.
   */
  note(tenantId: TenantId, epoch: AuthorityEpoch | null, moment: Moment): void {
    const seen = this.seen.get(tenantId);
    if (seen === undefined) {
      if (this.seen.size >= MAX_TENANTS) this.seen.clear();
      this.seen.set(tenantId, { epoch, moment });
    } else if (moment >= seen.moment) {
      seen.epoch = epoch;
      seen.moment = moment;
    }
  }

  /** Whether a read that was sent after `moment` has seen the tenant at this epoch. */
  isConfirmed(tenantId: TenantId, epoch: AuthorityEpoch, moment: Moment): boolean {
    const seen = this.seen.get(tenantId);
    return seen !== undefined && seen.moment > moment && seen.epoch === epoch;
  }
}
