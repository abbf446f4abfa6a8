import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { BlockClock } from './block-clock';
import { onParentGone } from './child-process';
import { type ControlHandler, startControlServer } from './control-server';
import { rpcFaultSchema } from './rpc-faults';
import { RpcProxy } from './rpc-proxy';

/** What stands in front of the chains: their clocks and their second endpoints. */
export const chainFrontConfigSchema = z.strictObject({
  controlPort: z.number().int(),
  blockTimeMs: z.number().int().positive(),
  chains: z.array(z.strictObject({ eip155: z.number().int(), rpcUrl: z.url(), proxyPort: z.number().int() })),
});

export type ChainFrontConfig = z.output<typeof chainFrontConfigSchema>;

const clockSchema = z.strictObject({
  running: z.boolean().optional(),
  /** Decimal wei to hold, or null to let it float. */
  baseFeeWei: z.string().regex(/^\d+$/).nullable().optional(),
});
const countSchema = z.strictObject({ blocks: z.number().int().positive() });

async function main(): Promise<void> {
  const config = chainFrontConfigSchema.parse(JSON.parse(readFileSync(String(process.argv[2]), 'utf8')));
  onParentGone(() => process.exit(0));
  const routes: Record<string, ControlHandler> = {};
  const faults: Record<number, RpcProxy> = {};
  for (const { eip155, rpcUrl, proxyPort } of config.chains) {
    const proxy = new RpcProxy(rpcUrl);
    faults[eip155] = proxy;
    await proxy.listen(proxyPort);
    const clock = new BlockClock(rpcUrl, config.blockTimeMs);
    clock.start();
    Object.assign(routes, clockRoutes(`/chains/${eip155}`, clock));
    routes[`PUT /chains/${eip155}/fault`] = (body) => proxy.setFault(rpcFaultSchema.parse(body));
  }
  routes['GET /status'] = () =>
    Object.fromEntries(Object.entries(faults).map(([eip155, proxy]) => [eip155, proxy.currentFault]));
  await startControlServer(config.controlPort, routes);
}

function clockRoutes(path: string, clock: BlockClock): Record<string, ControlHandler> {
  return {
    [`PUT ${path}/clock`]: async (body) => {
      const { running, baseFeeWei } = clockSchema.parse(body);
      if (baseFeeWei !== undefined) clock.holdBaseFee(baseFeeWei === null ? undefined : BigInt(baseFeeWei));
      if (running === true) clock.start();
      if (running === false) await clock.pause();
    },
    [`POST ${path}/mine`]: (body) => clock.mine(countSchema.parse(body).blocks),
    [`POST ${path}/reorg`]: (body) => clock.reorg(countSchema.parse(body).blocks),
  };
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
