import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';
import { consume, type Limiter, type Limiters } from './limiters';

/** Attempts for one member from one address, and from all of them. */
const PER_PAIR = { name: 'sign-in-from-as', points: 10, seconds: 900 };
const PER_SUBJECT = { name: 'sign-in-as', points: 100, seconds: 900 };

/** Somebody tries too often: whether the next guess is right is not looked at. */
export class SignInBlockedError extends DomainError {
  readonly code = ErrorCode.SignInBlocked;
  override readonly retryable = true;

  constructor(seconds: number) {
    super(`Too many attempts to sign in. Try again in ${seconds} s.`);
  }
}

/** Counts attempts to sign in, which need no key, so that passwords cannot be tried through. */
export class SignInLimits {
  private readonly perAddress: Limiter;
  private readonly perPair: Limiter;
  private readonly perSubject: Limiter;

  /** @param perAddress - Attempts per minute from one address, for whomever. */
  constructor(limiters: Limiters, perAddress: number) {
    this.perAddress = limiters.make({ name: 'sign-in-from', points: perAddress, seconds: 60 });
    this.perPair = limiters.make(PER_PAIR);
    this.perSubject = limiters.make(PER_SUBJECT);
  }

  /**
   * @param subject - Whom it is for, known or not, so that a refusal does not tell.
   * @throws {@link SignInBlockedError}
   */
  async charge(clientAddress: string, subject?: string): Promise<void> {
    await charge(this.perAddress, clientAddress);
    if (subject === undefined) return;
    // In this order: one address alone cannot use up what the member has from all of them.
    await charge(this.perPair, `${clientAddress} ${subject}`);
    await charge(this.perSubject, subject);
  }
}

async function charge(limiter: Limiter, key: string): Promise<void> {
  const { consumedPoints, msBeforeNext } = await consume(limiter, key);
  if (consumedPoints > limiter.points) throw new SignInBlockedError(Math.ceil(msBeforeNext / 1_000));
}
