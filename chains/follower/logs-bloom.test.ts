import { keccak256 } from 'viem';
import { BloomFilter } from './logs-bloom';

const ADDRESS = '0x5fbdb2315678afecb367f032d93f642f64180aa3';

function bloomOf(...bits: number[]): `0x${string}` {
  const value = bits.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n);
  return `0x${value.toString(16).padStart(512, '0')}`;
}

describe('BloomFilter', () => {
  // keccak256 of the address begins with these three pairs; the low 11 bits of each name a bit.
  const bits = bitsOf(ADDRESS);

  test('admits an address when all three of its bits are set', () => {
    expect(new BloomFilter([ADDRESS]).admitsAny(bloomOf(...bits, 7))).toBe(true);
  });

  test.each([0, 1, 2])('refuses an address when bit %i of its three is missing', (missing) => {
    const others = bits.filter((bit) => bit !== bits[missing]);
    expect(new BloomFilter([ADDRESS]).admitsAny(bloomOf(...others))).toBe(false);
  });

  test('refuses everything in an empty filter, and without addresses admits nothing', () => {
    expect(new BloomFilter([ADDRESS]).admitsAny(bloomOf())).toBe(false);
    expect(new BloomFilter([]).admitsAny(`0x${'f'.repeat(512)}`)).toBe(false);
  });
});

function bitsOf(address: `0x${string}`): number[] {
  const hash = Buffer.from(keccak256(address).slice(2), 'hex');
  return [0, 2, 4].map((at) => hash.readUInt16BE(at) & 0x7ff);
}
