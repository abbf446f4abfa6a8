const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** `npm` passes a Ctrl-C on that the terminal has already sent us: that is one wish, not two. */
const SAME_WISH_MS = 1_000;
const FORCED_EXIT_CODE = 130;

/**
 * Aborts at the first SIGINT or SIGTERM, for a stop in order; a second one ends the process at once,
 * and what it runs ends with it.
 *
 * @param onStop - Told once, at the first.
 */
export function listenForStop(onStop: () => void): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const now = performance.now();
      if (firstAt === undefined) {
        firstAt = now;
        onStop();
        controller.abort();
      } else if (now - firstAt > SAME_WISH_MS) {
        process.exit(FORCED_EXIT_CODE);
      }
    });
  }
  return controller.signal;
}

/** Resolves when `signal` is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
