import { startTestServices, type TestServices } from './services';

declare global {
  /** Shared by Jest's global set-up and teardown, which run in the same process. */
  var testServices: TestServices | undefined;
}

/** Jest runs it once, before the first suite that needs the shared servers. */
export default async function globalSetup(): Promise<void> {
  globalThis.testServices = await startTestServices();
}
