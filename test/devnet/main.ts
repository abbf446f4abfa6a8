import { parseArgs } from 'node:util';
import { startDevnet } from './devnet';
import { devnetFilePath } from './devnet-file';

const USAGE = 'usage: node dist/test/devnet/main.js --data DIR [--block-time-ms N]';

/** Runs a devnet until SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, 'block-time-ms': { type: 'string' } },
  });
  const { data, 'block-time-ms': blockTime } = values;
  if (data === undefined || (blockTime !== undefined && !/^[1-9]\d*$/.test(blockTime))) {
    console.error(USAGE);
    process.exit(2);
  }
  const pace = blockTime === undefined ? {} : { blockTimeMs: Number(blockTime) };
  const devnet = await startDevnet({ dataDir: data, ...pace, log: (line) => console.log(line) });
  for (const { name, chainId, rpcUrls } of devnet.chains)
    console.log(`${name} (${chainId}): ${rpcUrls.join('  ')}`);
  for (const [name, url] of Object.entries(devnet.controls)) console.log(`control of ${name}: ${url}`);
  console.log(`described in ${devnetFilePath(data)}; Ctrl-C ends it`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await devnet.stop();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
