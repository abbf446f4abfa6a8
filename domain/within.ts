import { setTimeout as delay } from 'node:timers/promises';

/** Waits for `work`, but no longer than this. @throws Error if it takes longer; `work` goes on unseen. */
export async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: done.signal }).then(
    () => Promise.reject(new Error(`no answer within ${timeoutMs} ms`)),
    () => undefined,
  );
  try {
    await Promise.race([work, timeout]);
  } finally {
    done.abort();
  }
}
