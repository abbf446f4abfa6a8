import { readFileSync } from 'node:fs';
import { createClient, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import { ccipLogReader } from './ccip-chain';
import { CcipDestination, type CcipPeer } from './ccip-destination';
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
import { OcrReporter } from './ocr-reporter';
import { Transactor } from './transactor';

/** A local decentralised oracle network for CCIP 1.6: what it serves and with which keys. */
export const donConfigSchema = z.strictObject({
  ...delivererShape,
  chains: z.array(
    z.strictObject({
      ...delivererChainShape,
      ccipSelector: z.string().regex(/^\d+$/).transform(BigInt),
      onRamp: addressSchema,
      offRamp: addressSchema,
    }),
  ),
  transmitterKey: hexSchema,
  /** The oracles that sign: as many as the OffRamps' configuration demands. */
  signerKeys: z.array(hexSchema).min(1),
  commitConfigDigest: hexSchema,
  executionConfigDigest: hexSchema,
});

async function main(): Promise<void> {
  const config = donConfigSchema.parse(JSON.parse(readFileSync(String(process.argv[2]), 'utf8')));
  const transmitter = privateKeyToAccount(config.transmitterKey);
  const reporter = new OcrReporter(
    config.signerKeys,
    config.commitConfigDigest,
    config.executionConfigDigest,
  );
  const gate = new DeliveryGate();
  const counts: DeliveryCounts = { verified: 0, executed: 0, duplicated: 0, errors: 0 };
  const peers: CcipPeer[] = config.chains.map((chain) => {
    const client = createClient({ transport: http(chain.rpcUrl, { retryCount: 0 }) });
    const view = new ChainView(chain.rpcUrl, ccipLogReader(chain.rpcUrl, chain));
    return { ...chain, view, transactor: new Transactor(client, transmitter, chain.eip155, config.pollMs) };
  });
  const destinations = peers.map((peer) => {
    const sources = peers.filter((other) => other !== peer);
    return new CcipDestination(peer, sources, reporter, gate, counts);
  });
  await runDeliverer(config, destinations, gate, counts);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
