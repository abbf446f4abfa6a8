import type { Authority } from '../../domain/tenancy/caller';

/** How long an authority is remembered: then it is looked up again, which also notes that its key is in use. */
export const REMEMBERED_MS = 1_000;

/** So many are remembered. */
const MAX_REMEMBERED = 10_000;

interface Remembered {
  readonly authority: Authority;
  readonly until: number;
}

/**
 * Whom keys and sessions spoke for when they were last looked up, for a moment, and never beyond their own expiry.
 * That alone makes nobody a caller: whoever recalls one must see that it still holds.
 */
export class RememberedAuthorities {
  private readonly known = new Map<string, Remembered>();

  /**
   * @param authority - Undefined for what speaks for nobody, which is forgotten.
   * @param asked - When the look-up began, in milliseconds of a clock that only goes forward.
   */
  put(name: string, authority: Authority | undefined, asked: number): void {
    if (authority === undefined) {
      this.known.delete(name);
      return;
    }
    if (this.known.size >= MAX_REMEMBERED) this.known.clear();
    const until = asked + Math.min(REMEMBERED_MS, authority.endsInMs ?? REMEMBERED_MS);
    this.known.set(name, { authority, until });
  }

  /** @param now - By the clock of {@link put}. */
  get(name: string, now: number): Authority | undefined {
    const remembered = this.known.get(name);
    return remembered !== undefined && now < remembered.until ? remembered.authority : undefined;
  }
}
