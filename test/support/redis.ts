import { readServiceUrls } from './service-urls';

/**
 * A group of tests that needs Redis. On a machine without it the group is skipped, its title says
 * why, and `npm test` counts and names it.
 *
 * @param body - Gets the URL of the run's one Redis: use keys of your own, others are on it too.
 */
export function describeWithRedis(title: string, body: (redisUrl: string) => void): void {
  const { redisUrl } = readServiceUrls();
  if (redisUrl !== undefined) {
    describe(title, () => body(redisUrl));
    return;
  }
  // biome-ignore lint/suspicious/noSkippedTests: the one place where a missing optional program may skip tests
  describe.skip(`${title} (needs redis-server or valkey-server on PATH)`, () => body('redis://not-there'));
}
