import { type Address, type Hex, isAddress, isHex, keccak256, zeroAddress, zeroHash } from 'viem';
import { z } from 'zod';
import { loadCreationCode } from '../../chains/artifacts';
import type { ChainTable, EvmChain } from '../../chains/chain-table';
import { chainHashOf, componentCodeHashes, type Manifest } from '../../chains/evm/registry/manifest';
import { type ChainId, eip155Number } from '../../schema/caip';

const addressSchema = z.custom<Address>((value) => typeof value === 'string' && isAddress(value));
const hexSchema = z.custom<Hex>((value) => isHex(value));
const bigintText = z
  .string()
  .regex(/^\d+$/)
  .transform((value) => BigInt(value));

/** A token bucket of works: see `Limit` in contracts/src/interfaces/IRegistryFactory.sol. */
const limitSchema = z.strictObject({ capacity: z.number(), perDay: z.number() });

/**
 * What may leave or enter a chain at once, and in 24 hours, unless the tenant asks for another limit: more than a
 * gallery's busy day, and far less than a forger would want.
 */
const DEFAULT_LIMIT = { capacity: 200, perDay: 1_000 } as const;

/** A manifest as JSON: what a registry was deployed from never changes, so it is kept whole. */
export const storedManifestSchema = z.strictObject({
  owner: addressSchema,
  salt: hexSchema,
  name: z.string(),
  symbol: z.string(),
  contractURI: z.string(),
  editionCap: bigintText,
  royaltyBps: bigintText,
  royaltyReceiver: addressSchema,
  royaltyPolicyHash: hexSchema,
  licenceHash: hexSchema,
  minter: addressSchema,
  policy: addressSchema,
  operator: addressSchema,
  guardian: addressSchema,
  artist: addressSchema,
  seedSource: addressSchema,
  adopted: addressSchema,
  adapterCodeHash: hexSchema,
  outboundLimit: limitSchema,
  inboundLimit: limitSchema,
  homeChainHash: hexSchema,
  chains: z.array(
    z.strictObject({
      chainHash: hexSchema,
      chainId: bigintText,
      ccipRouter: addressSchema,
      ccipSelector: bigintText,
      lzEndpoint: addressSchema,
      lzEid: z.number(),
      lzSendLibrary: addressSchema,
      lzReceiveLibrary: addressSchema,
      lzExecutor: addressSchema,
      lzConfirmations: bigintText,
      lzDvns: z.array(addressSchema),
    }),
  ),
  codeHashes: z.array(hexSchema),
});

export type StoredManifest = z.input<typeof storedManifestSchema>;

/** What a manifest is made from. */
export interface ManifestFacts {
  readonly owner: Address;
  /** The tenant's account. */
  readonly account: Address;
  readonly salt: Hex;
  readonly name: string;
  readonly symbol: string;
  readonly editionCap: number;
  readonly royaltyBps: number;
  readonly royaltyReceiver: Address;
  /** keccak256 of the canonical royalty policy. */
  readonly royaltyPolicyHash: Hex;
  /** keccak256 of the licence's SPDX id or URI. */
  readonly licenceHash: Hex;
  /** Who has to sign every mint; nobody when undefined. */
  readonly artist: Address | undefined;
  /** The ERC-721 on the home chain whose tokens are the works; undefined if the registry mints its own. */
  readonly adopted: Address | undefined;
  readonly homeChainId: ChainId;
  readonly chainIds: readonly ChainId[];
  /** Of each way between two chains; a default when undefined. */
  readonly travelLimit: z.infer<typeof limitSchema> | undefined;
}

/**
 * The manifest of a registry in which the tenant's account has every role but the owner's, and mostly that, too: roles
 * are split later. Seeds come from block hashes.
 */
export function buildManifest(facts: ManifestFacts, chains: ChainTable): Manifest {
  const limit = facts.travelLimit ?? DEFAULT_LIMIT;
  return {
    owner: facts.owner,
    salt: facts.salt,
    name: facts.name,
    symbol: facts.symbol,
    contractURI: '',
    editionCap: BigInt(facts.editionCap),
    royaltyBps: BigInt(facts.royaltyBps),
    royaltyReceiver: facts.royaltyReceiver,
    royaltyPolicyHash: facts.royaltyPolicyHash,
    licenceHash: facts.licenceHash,
    minter: facts.account,
    policy: facts.account,
    operator: facts.account,
    guardian: facts.account,
    artist: facts.artist ?? zeroAddress,
    seedSource: zeroAddress,
    adopted: facts.adopted ?? zeroAddress,
    adapterCodeHash:
      facts.adopted === undefined ? zeroHash : keccak256(loadCreationCode('AdoptedCollection')),
    outboundLimit: limit,
    inboundLimit: limit,
    homeChainHash: chainHashOf(facts.homeChainId),
    chains: facts.chainIds.map((chainId) => chainEntry(chains.get(chainId))),
    codeHashes: componentCodeHashes(),
  };
}

function chainEntry({ chainId, ccip, layerZero }: EvmChain): Manifest['chains'][number] {
  return {
    chainHash: chainHashOf(chainId),
    chainId: BigInt(eip155Number(chainId)),
    ccipRouter: ccip.router,
    ccipSelector: ccip.ccipSelector,
    lzEndpoint: layerZero.endpoint,
    lzEid: layerZero.lzEid,
    lzSendLibrary: layerZero.sendUln,
    lzReceiveLibrary: layerZero.receiveUln,
    lzExecutor: layerZero.executor,
    lzConfirmations: BigInt(layerZero.confirmations),
    // LayerZero takes verifiers only in the order of their addresses.
    lzDvns: [...layerZero.dvns].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)),
  };
}

/** The JSON form of a manifest: integers as decimal strings. */
export function storeManifest(manifest: Manifest): StoredManifest {
  return {
    ...manifest,
    editionCap: String(manifest.editionCap),
    royaltyBps: String(manifest.royaltyBps),
    chains: manifest.chains.map((entry) => ({
      ...entry,
      chainId: String(entry.chainId),
      ccipSelector: String(entry.ccipSelector),
      lzConfirmations: String(entry.lzConfirmations),
      lzDvns: [...entry.lzDvns],
    })),
    codeHashes: [...manifest.codeHashes],
  };
}
