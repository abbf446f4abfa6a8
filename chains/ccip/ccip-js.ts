import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@chainlink/ccip-js';

type CcipJs = Pick<typeof import('@chainlink/ccip-js'), 'createClient'>;

/** Written beside the compiled form of this file by bundle-ccip-js.mjs. */
const BUNDLE = join(__dirname, 'ccip-js.bundle.cjs');

/**
 * Chainlink's SDK, which Node cannot load as it is published (0.2.7: imports without extensions, JSON
 * without attributes). The build bundles it; under Jest the test runner's transform makes it loadable.
 *
 * @throws Error if the build did not bundle it.
 */
export function createCcipClient(): Client {
  return load().createClient();
}

function load(): CcipJs {
  // CAST: both are the package that the type is taken from.
  if (existsSync(BUNDLE)) return require(BUNDLE) as CcipJs;
  try {
    return require('@chainlink/ccip-js') as CcipJs;
  } catch (cause) {
    throw new Error(`${BUNDLE} is missing: the build did not bundle @chainlink/ccip-js`, { cause });
  }
}
