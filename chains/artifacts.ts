import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Hex } from 'viem';

/** What a registry can consist of, in the order of the contracts' `Component` enum and of `Manifest.codeHashes`. */
export const componentNames = [
  'Collection',
  'Gateway',
  'CcipTransport',
  'LayerZeroTransport',
  'DelayedQueue',
  'Lanes',
  'RoyaltyReceiver',
  'RoyaltyVault',
  'LicenceBook',
] as const;

export type ComponentName = (typeof componentNames)[number];

/** Our contracts that are deployed: the factory itself, and what it deploys. */
export const contractNames = ['RegistryFactory', 'AdoptedCollection', ...componentNames] as const;

export type ContractName = (typeof contractNames)[number];

/**
 * Creation code of a contract, without constructor arguments, as `forge build` wrote it at install.
 *
 * The compiler and its settings are pinned and no metadata is appended, so the code, and with it every address that
 * depends on its hash, is the same on every machine.
 *
 * @throws Error if the contracts were not built.
 */
export function loadCreationCode(contract: ContractName): Hex {
  const path = join(packageRoot(__dirname), 'contracts', 'out', `${contract}.sol`, `${contract}.json`);
  if (!existsSync(path)) throw new Error(`${path} is missing: the contracts were not built (forge build)`);
  // CAST: forge's own output format; a missing field fails below.
  const artifact = JSON.parse(readFileSync(path, 'utf8')) as { bytecode?: { object?: string } };
  const code = artifact.bytecode?.object;
  if (code === undefined || !/^0x([0-9a-f]{2})+$/.test(code)) {
    throw new Error(`${path} holds no linked bytecode`);
  }
  // CAST: checked by the pattern above.
  return code as Hex;
}

/** The folder of foundry.toml: this file runs from chains/ and, compiled, from dist/chains/. */
function packageRoot(folder: string): string {
  if (existsSync(join(folder, 'foundry.toml'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('foundry.toml is in no folder above this file');
  return packageRoot(parent);
}
