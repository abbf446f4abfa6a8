import { z } from 'zod';
import { type ChainId, chainIdSchema, type MoneyId, moneyIdSchema, moneyOfToken } from '../schema/caip';

const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be a 20-byte hex address')
  .transform((value) => value as `0x${string}`);
const decimalSchema = z
  .string()
  .regex(/^\d+$/)
  .transform((value) => BigInt(value));

/** The one address of Seaport 1.6 on every chain that has it (https://docs.opensea.io/docs/seaport, read 2026-11). */
const SEAPORT_1_6 = '0x0000000000000068F116a894984e2DB1123eB395';
/** Ether's coin type (https://github.com/satoshilabs/slips/blob/master/slip-0044.md, read 2026-11). */
const SLIP44_ETHER = 60;

/**
 * One EVM network as Colophon uses it: where to reach it, when to believe it, and the addresses
 * of the two bridge protocols on it.
 */
const evmChainSchema = z.strictObject({
  /** CAIP-2, e.g. `eip155:11155111`. */
  chainId: chainIdSchema,
  /** A name for people, e.g. `Ethereum Sepolia`. */
  name: z.string().min(1),
  /** Ticker of the native money, e.g. `ETH`. */
  nativeSymbol: z.string().min(1).default('ETH'),
  /** SLIP-44 coin type of the native money, by which CAIP-19 names it: 60 is ether's. */
  nativeCoinType: z.number().int().nonnegative().default(SLIP44_ETHER),
  /** Whose orders are believed to be sales. Anybody can log what looks like an order: no other contract counts. */
  seaport: z.array(addressSchema).default([SEAPORT_1_6]),
  /** Independent JSON-RPC endpoints, best first. Two of three must agree before a block is final; with one or two, all must. */
  rpcUrls: z.array(z.url()).min(1),
  /** What is final: the chain's own `finalized` tag, or a depth in blocks below the head. */
  finality: z.union([z.literal('finalized'), z.strictObject({ depthBlocks: z.number().int().positive() })]),
  /** Expected time between blocks, in milliseconds; polling follows it. */
  blockTimeMs: z.number().int().positive(),
  /** Chainlink CCIP 1.6: https://docs.chain.link/ccip/directory (read 2026-11). */
  ccip: z.strictObject({
    /** CCIP's own 64-bit chain selector, decimal. Not a chain id. */
    ccipSelector: decimalSchema,
    router: addressSchema,
    onRamp: addressSchema,
    offRamp: addressSchema,
  }),
  /** LayerZero V2: https://docs.layerzero.network/v2/deployments (read 2026-11). */
  layerZero: z.strictObject({
    /** LayerZero's 32-bit endpoint id. Not a chain id. */
    lzEid: z.number().int().positive(),
    endpoint: addressSchema,
    sendUln: addressSchema,
    receiveUln: addressSchema,
    executor: addressSchema,
    /** Blocks above a message from this chain before verifiers attest it: no fewer than make it final. */
    confirmations: z.number().int().positive(),
    /** Every one of these verifiers, on this chain, must attest a message; registries pin them at their birth. */
    dvns: z.array(addressSchema).min(1),
  }),
});

/** See {@link evmChainSchema}. */
export type EvmChain = z.output<typeof evmChainSchema>;

export const chainTableSchema = z.array(evmChainSchema).superRefine((chains, context) => {
  for (const chainId of duplicates(chains.map((chain) => chain.chainId))) {
    context.addIssue({ code: 'custom', message: `chain ${chainId} is listed twice` });
  }
});

/** The native money of a chain by CAIP-19. */
export function nativeMoney({
  chainId,
  nativeCoinType,
}: Pick<EvmChain, 'chainId' | 'nativeCoinType'>): MoneyId {
  return moneyIdSchema.parse(`${chainId}/slip44:${nativeCoinType}`);
}

function duplicates(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

/** The networks that this deployment knows, by CAIP-2 id. Read once at start; never changes while running. */
export class ChainTable {
  private readonly byId: ReadonlyMap<ChainId, EvmChain>;

  constructor(chains: readonly EvmChain[]) {
    this.byId = new Map(chains.map((chain) => [chain.chainId, chain]));
  }

  /** Parses the JSON form. @throws ZodError that names each wrong field. */
  static parse(json: unknown): ChainTable {
    return new ChainTable(chainTableSchema.parse(json));
  }

  find(chainId: ChainId): EvmChain | undefined {
    return this.byId.get(chainId);
  }

  /** @throws Error if the chain is unknown: callers check user input with {@link find} first. */
  get(chainId: ChainId): EvmChain {
    const chain = this.byId.get(chainId);
    if (chain === undefined) throw new Error(`chain ${chainId} is not in the chain table`);
    return chain;
  }

  /** The CAIP-19 id of money that contracts know by a token's address, or by zero: the chain's own. */
  moneyOf(chainId: ChainId, token: string): MoneyId {
    return moneyOfToken(token, { chainId, native: nativeMoney(this.get(chainId)) });
  }

  all(): readonly EvmChain[] {
    return [...this.byId.values()];
  }
}
