/** Addresses of the run's shared servers. Jest hands the environment, and nothing else, on to its workers. */
export interface ServiceUrls {
  /** The server's superuser. */
  readonly adminUrl: string;
  readonly appUrl: string;
  readonly systemUrl: string;
  readonly redisUrl: string | undefined;
}

const ADMIN = 'COLOPHON_TEST_ADMIN_URL';
const APP = 'COLOPHON_TEST_APP_URL';
const SYSTEM = 'COLOPHON_TEST_SYSTEM_URL';
const REDIS = 'COLOPHON_TEST_REDIS_URL';

export function writeServiceUrls({ adminUrl, appUrl, systemUrl, redisUrl }: ServiceUrls): void {
  process.env[ADMIN] = adminUrl;
  process.env[APP] = appUrl;
  process.env[SYSTEM] = systemUrl;
  if (redisUrl !== undefined) process.env[REDIS] = redisUrl;
}

export function readServiceUrls(): ServiceUrls {
  return { adminUrl: read(ADMIN), appUrl: read(APP), systemUrl: read(SYSTEM), redisUrl: process.env[REDIS] };
}

function read(name: string): string {
  const url = process.env[name];
  if (url === undefined)
    throw new Error(`${name} is not set: this test belongs into test/integration or test/e2e`);
  return url;
}
