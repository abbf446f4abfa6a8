import { createHash, timingSafeEqual } from 'node:crypto';
import { isSessionToken } from '../../domain/people/tokens';
import type { Caller } from '../../domain/tenancy/caller';
import type { Services } from '../services';

const BEARER = /^Bearer ([\x21-\x7e]{1,200})$/;

export interface Identity {
  readonly caller: Caller | undefined;
  readonly isOperator: boolean;
}

/**
 * Turns an `Authorization` header into who is calling: a tenant's machine, one of its people, or the platform's
 * operator. Never throws for a bad key: the field's scope check answers.
 */
export class Authenticator {
  private readonly operatorDigest: Buffer;

  /** @param operatorKey - The platform's own key, from configuration. */
  constructor(
    private readonly tenancy: Pick<Services['tenancy'], 'authenticate'>,
    private readonly sessions: Pick<Services['sessions'], 'authenticate'>,
    operatorKey: string,
  ) {
    this.operatorDigest = digest(operatorKey);
  }

  async identify(authorization: string | undefined): Promise<Identity> {
    const key = BEARER.exec(authorization ?? '')?.[1];
    if (key === undefined) return { caller: undefined, isOperator: false };
    // Digests have one length, so the comparison takes the same time wherever the keys differ.
    if (timingSafeEqual(digest(key), this.operatorDigest)) return { caller: undefined, isOperator: true };
    const who = isSessionToken(key) ? this.sessions : this.tenancy;
    return { caller: await who.authenticate(key), isOperator: false };
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
