import { encodeAbiParameters, type Hex, keccak256 } from 'viem';

/** The part of a work's id that is the edition, in bits; the other 160 are the commitment's. */
const EDITION_BITS = 96n;

/** What a work's commitment binds. */
export interface WorkOrigin {
  readonly documentHash: Hex;
  readonly seed: Hex;
  readonly edition: bigint;
}

/** keccak256(abi.encode(documentHash, seed, edition)), as contracts/src/Collection.sol computes it. */
export function commitmentOf({ documentHash, seed, edition }: WorkOrigin): Hex {
  return keccak256(
    encodeAbiParameters(
      [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint64' }],
      [documentHash, seed, edition],
    ),
  );
}

/** A work's token id: 160 bits of its commitment, then its edition. */
export function tokenIdOf(commitment: Hex, edition: bigint): bigint {
  return ((BigInt(commitment) >> EDITION_BITS) << EDITION_BITS) | edition;
}
