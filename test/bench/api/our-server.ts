import 'reflect-metadata';
import pino from 'pino';
import { startApi } from '../../../api/api';
import { apiConfigSchema } from '../../../api/config';
import { firstSignal } from '../../../domain/first-signal';

/** The API as `api/main.ts` runs it, telling its parent the address. */
async function main(): Promise<void> {
  const stopped = firstSignal();
  const server = await startApi(apiConfigSchema.parse(process.env), pino({ level: 'warn' }));
  process.send?.(server.url);
  await stopped;
  await server.stop();
  process.disconnect();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
