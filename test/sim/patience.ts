import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '../../schema/domain-error';

const ASK_AGAIN_MS = 500;

/** Asks the database again until it answers: it may be away. @throws What no repetition changes. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof DomainError && !error.retryable) throw error;
      await delay(ASK_AGAIN_MS);
    }
  }
}
