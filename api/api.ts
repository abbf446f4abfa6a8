import type { Logger } from 'pino';
import { composeDomain } from '../domain/compose';
import { openFoundations } from '../domain/open-foundations';
import type { ApiConfig } from './config';
import { deriveCursorKey } from './cursors/cursor-signer';
import { serve } from './serve';
import type { ApiServer } from './server';

/** Composes and starts the API process. `stop` drains requests, then closes what they stood on. */
export async function startApi(config: ApiConfig, logger: Logger): Promise<ApiServer> {
  const foundations = await openFoundations(config, {
    applicationName: 'colophon-api',
    poolSize: 20,
    logger,
  });
  try {
    const server = await serve(config, composeDomain(foundations), {
      logger,
      checkReady: () => foundations.checkReady(),
      cursorKey: deriveCursorKey(Buffer.from(config.MASTER_KEY, 'hex')),
    });
    return {
      url: server.url,
      async stop() {
        await server.stop();
        await foundations.close();
      },
    };
  } catch (error) {
    await foundations.close();
    throw error;
  }
}
