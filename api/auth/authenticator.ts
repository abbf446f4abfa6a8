import { hash, timingSafeEqual } from 'node:crypto';
import { isSessionToken } from '../../domain/people/tokens';
import type { Authority, Caller } from '../../domain/tenancy/caller';
import type { Moment } from '../../tenants/authority-epochs';
import type { Services } from '../services';
import { RememberedAuthorities } from './remembered-authorities';

const BEARER = /^Bearer ([\x21-\x7e]{1,200})$/;

/** Who is calling, as of a moment. */
export interface Identity {
  readonly isOperator: boolean;
  /** What was looked up; undefined for who is nobody, and for the operator. */
  readonly authority: Authority | undefined;
}

export function callerOf({ authority }: Identity): Caller | undefined {
  return authority?.caller;
}

const NOBODY: Identity = { authority: undefined, isOperator: false };
const PLATFORM: Identity = { authority: undefined, isOperator: true };

/**
 * Turns an `Authorization` header into who is calling: a tenant's machine, one of its people, or the platform's
 * operator. Never throws for a bad key: the field's scope check answers.
 */
export class Authenticator {
  private readonly operatorDigest: Buffer;
  private readonly remembered = new RememberedAuthorities();

  /** @param operatorKey - The platform's own key, from configuration. */
  constructor(
    private readonly tenancy: Pick<Services['tenancy'], 'authenticate'>,
    private readonly sessions: Pick<Services['sessions'], 'authenticate'>,
    private readonly epochs: Services['authorityEpochs'],
    operatorKey: string,
  ) {
    this.operatorDigest = digest(operatorKey);
  }

  /** Looks the caller up. */
  async identify(authorization: string | undefined): Promise<Identity> {
    const key = keyIn(authorization);
    if (key === undefined) return NOBODY;
    const keyDigest = digest(key);
    // Digests have one length, so the comparison takes the same time wherever the keys differ.
    if (timingSafeEqual(keyDigest, this.operatorDigest)) return PLATFORM;
    const asked = performance.now();
    const authority = await (isSessionToken(key) ? this.sessions : this.tenancy).authenticate(key);
    this.remembered.put(nameOf(keyDigest), authority, asked);
    return authority === undefined ? NOBODY : { authority, isOperator: false };
  }

  /** Whom the header spoke for a moment ago, if that is remembered: to be held against {@link isConfirmed}. */
  recall(authorization: string | undefined): Identity | undefined {
    const key = keyIn(authorization);
    if (key === undefined) return undefined;
    const authority = this.remembered.get(nameOf(digest(key)), performance.now());
    return authority && { authority, isOperator: false };
  }

  /** A point in time to hold a recalled identity against. */
  begin(): Moment {
    return this.epochs.begin();
  }

  /** Whether something has been read since `moment` by which a recalled identity still held then. */
  isConfirmed({ authority }: Identity, moment: Moment): boolean {
    return (
      authority !== undefined && this.epochs.isConfirmed(authority.caller.tenantId, authority.epoch, moment)
    );
  }
}

function keyIn(authorization: string | undefined): string | undefined {
  return BEARER.exec(authorization ?? '')?.[1];
}

function digest(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

function nameOf(keyDigest: Buffer): string {
  return keyDigest.toString('latin1');
}
