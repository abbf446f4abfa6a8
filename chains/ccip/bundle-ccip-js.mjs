// Makes the part of @chainlink/ccip-js that we use loadable by Node: the package is written for
// bundlers (imports without extensions, JSON without attributes) and Node refuses it as it is.
//
// Usage: node chains/ccip/bundle-ccip-js.mjs [OUTFILE]; the build calls it after tsc.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

await build({
  stdin: { contents: "export { createClient } from '@chainlink/ccip-js';", resolveDir: root },
  outfile: process.argv[2] ?? `${root}dist/chains/ccip/ccip-js.bundle.cjs`,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Ours, so that clients and errors are of the same classes.
  external: ['viem', 'viem/*'],
  // It tells each fee that it scales on the console; nobody reads that there.
  pure: ['console.info'],
  treeShaking: true,
  minifySyntax: true,
  logLevel: 'warning',
});
