import './global-setup';

/** Jest runs it once, after the last suite. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.testServices?.stop();
}
