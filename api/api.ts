import type { Logger } from 'pino';
import { composeDomain } from '../domain/compose';
import { masterKeysOf, openFoundations } from '../domain/open-foundations';
import type { ApiConfig } from './config';
import { CursorSigner, deriveCursorKey } from './cursors/cursor-signer';
import { serve } from './serve';
import type { ApiServer } from './server';

/** Composes and starts the API process. `stop` drains requests, then closes what they stood on. */
export async function startApi(config: ApiConfig, logger: Logger): Promise<ApiServer> {
  const foundations = await openFoundations(config, {
    applicationName: 'colophon-api',
    poolSize: 20,
    logger,
  });
  const [current, ...previous] = masterKeysOf(config);
  try {
    const server = await serve(config, composeDomain(foundations), {
      logger,
      checkReady: () => foundations.checkReady(),
      cursors: new CursorSigner([deriveCursorKey(current), ...previous.map(deriveCursorKey)]),
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
