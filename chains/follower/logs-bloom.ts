import { type Hex, keccak256 } from 'viem';

const BLOOM_BITS = 2048;

/**
 * Tells which of some addresses a header's bloom filter admits (Ethereum Yellow Paper §4.4.3): a block
 * without a log of an address may admit it, but a block with one always does.
 */
export class BloomFilter {
  private readonly masks: readonly (readonly NibbleBit[])[];

  constructor(addresses: readonly Hex[]) {
    this.masks = addresses.map(bitsOf);
  }

  /** @param bloom - 256 bytes of hex. */
  admitsAny(bloom: Hex): boolean {
    return this.masks.some((bits) => bits.every(({ at, bit }) => (nibble(bloom, at) & bit) !== 0));
  }
}

interface NibbleBit {
  /** Index into the hex text, behind `0x`. */
  readonly at: number;
  readonly bit: number;
}

/** Three bits, each by the low 11 bits of a byte pair of the hash. */
function bitsOf(address: Hex): NibbleBit[] {
  const hash = keccak256(address);
  return [0, 1, 2].map((pair) => {
    const fromRight = Number.parseInt(hash.slice(2 + pair * 4, 6 + pair * 4), 16) % BLOOM_BITS;
    return {
      at: 2 + (BLOOM_BITS - 1 - fromRight - ((BLOOM_BITS - 1 - fromRight) % 4)) / 4,
      bit: 1 << (fromRight % 4),
    };
  });
}

function nibble(bloom: Hex, at: number): number {
  return Number.parseInt(bloom.charAt(at), 16);
}
