import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until a condition holds.
 *
 * @param what - Completes "waited … for".
 * @returns The first value that is neither false nor undefined.
 * @throws Error after `timeoutMs`.
 */
export async function until<T>(
  what: string,
  condition: () => T | false | undefined | Promise<T | false | undefined>,
  { timeoutMs = 20_000, everyMs = 25 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await delay(everyMs);
  }
}
