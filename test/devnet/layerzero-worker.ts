import { readFileSync } from 'node:fs';
import { createClient, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import { ChainView } from './chain-view';
import {
  addressSchema,
  type DeliveryCounts,
  delivererChainShape,
  delivererShape,
  hexSchema,
  runDeliverer,
} from './deliverer';
import { DeliveryGate } from './delivery-faults';
import { layerZeroLogReader } from './layerzero-chain';
import { LayerZeroDestination, type LayerZeroPeer } from './layerzero-destination';
import { Transactor } from './transactor';

/** The DVNs and the executor of LayerZero V2: what they serve and with which keys. */
export const layerZeroWorkerConfigSchema = z.strictObject({
  ...delivererShape,
  chains: z.array(
    z.strictObject({
      ...delivererChainShape,
      lzEid: z.number().int().positive(),
      endpoint: addressSchema,
      sendUln: addressSchema,
      receiveUln: addressSchema,
      executor: addressSchema,
      /** One contract per entry of `dvns`, in the same order. */
      dvns: z.array(addressSchema),
    }),
  ),
  dvns: z.array(z.strictObject({ vid: z.number().int(), signerKey: hexSchema })),
  /** Blocks that an attestation says were above its packet. */
  confirmations: z.string().regex(/^\d+$/).transform(BigInt),
  /** Administers the DVNs and the executor: sends all transactions. */
  workerKey: hexSchema,
});

async function main(): Promise<void> {
  const config = layerZeroWorkerConfigSchema.parse(JSON.parse(readFileSync(String(process.argv[2]), 'utf8')));
  const worker = privateKeyToAccount(config.workerKey);
  const signers = config.dvns.map(({ vid, signerKey }) => ({ vid, signer: privateKeyToAccount(signerKey) }));
  const gate = new DeliveryGate();
  const counts: DeliveryCounts = { verified: 0, executed: 0, duplicated: 0, errors: 0 };
  const peers: LayerZeroPeer[] = config.chains.map((chain) => {
    const client = createClient({ transport: http(chain.rpcUrl, { retryCount: 0 }) });
    return {
      ...chain,
      confirmations: config.confirmations,
      dvns: signers.flatMap((signer, index) => {
        const contract = chain.dvns[index];
        return contract === undefined ? [] : [{ ...signer, address: contract }];
      }),
      view: new ChainView(chain.rpcUrl, layerZeroLogReader(chain.rpcUrl, chain)),
      transactor: new Transactor(client, worker, chain.eip155, config.pollMs),
    };
  });
  const destinations = peers.map((peer) => {
    const sources = peers.filter((other) => other !== peer);
    return new LayerZeroDestination(peer, sources, gate, counts);
  });
  await runDeliverer(config, destinations, gate, counts);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
