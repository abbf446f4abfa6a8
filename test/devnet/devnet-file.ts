import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { chainTableSchema } from '../../chains/chain-table';
import { addressSchema } from './deliverer';

const port = z.number().int().positive();

/**
 * `devnet.json`: everything that another process needs to use a devnet, and that the next start needs
 * to be the same devnet.
 */
export const devnetFileSchema = z.strictObject({
  blockTimeMs: z.number().int().positive(),
  /** Parses with `ChainTable.parse`; `rpcUrls` are the chain itself and its proxy. */
  chains: chainTableSchema,
  controls: z.strictObject({ chainFront: z.url(), ccip: z.url(), layerZero: z.url() }),
  /** All contracts of the protocols, by chain id and role. */
  contracts: z.record(
    z.string(),
    z.strictObject({
      ccip: z.record(z.string(), addressSchema),
      layerZero: z.record(z.string(), z.union([addressSchema, z.array(addressSchema)])),
    }),
  ),
  /** Rich accounts: derive them from the phrase with the paths `m/44'/60'/0'/0/<index>`. */
  accounts: z.strictObject({
    mnemonic: z.string(),
    platform: z.number().int(),
    collectors: z.array(z.number().int()),
    test: z.array(z.number().int()),
  }),
  ports: z.strictObject({
    anvils: z.array(port),
    proxies: z.array(port),
    chainFront: port,
    ccip: port,
    layerZero: port,
  }),
});

export type DevnetFile = z.output<typeof devnetFileSchema>;
export type DevnetFileJson = z.input<typeof devnetFileSchema>;

/** Where a data folder keeps it. */
export function devnetFilePath(dataDir: string): string {
  return path.join(dataDir, 'devnet.json');
}

/** @throws ZodError if the file is not of this version. */
export function readDevnetFile(dataDir: string): DevnetFile | undefined {
  const file = devnetFilePath(dataDir);
  return existsSync(file) ? devnetFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

export function writeDevnetFile(dataDir: string, json: DevnetFileJson): void {
  const file = devnetFilePath(dataDir);
  writeFileSync(`${file}.new`, JSON.stringify(json, undefined, 2));
  renameSync(`${file}.new`, file);
}
