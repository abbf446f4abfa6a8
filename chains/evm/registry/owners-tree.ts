import { type Address, concat, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';

/** One work that was on a retired chain, and who had it there last. */
export interface LastOwner {
  readonly workId: bigint;
  readonly holder: Address;
}

/** The Merkle tree of a retired chain's last owners. */
export interface OwnersTree {
  readonly root: Hex;
  /** The proofs, in the order of the owners. */
  readonly proofs: readonly (readonly Hex[])[];
}

/**
 * Makes the tree as `StandardMerkleTree` of `@openzeppelin/merkle-tree` does (its README, read 2026-11): leaves are
 * hashed twice and sorted, pairs are sorted before they are hashed. The leaf is the one of `claimRetired` in
 * contracts/src/Gateway.sol.
 *
 * @param owners - At least one, each once.
 */
export function ownersTree(chainHash: Hex, owners: readonly LastOwner[]): OwnersTree {
  const leaves = owners.map(({ workId, holder }) => leafOf(chainHash, workId, holder));
  const sorted = [...leaves].sort((a, b) => (a < b ? 1 : -1));
  const size = 2 * sorted.length - 1;
  // The root is first, the children of node i are 2i + 1 and 2i + 2, the leaves are last.
  const nodes = new Map(sorted.map((leaf, index) => [size - sorted.length + index, leaf]));
  const node = (index: number): Hex => {
    const found = nodes.get(index);
    if (found === undefined) throw new Error(`the tree of ${sorted.length} leaves has no node ${index}`);
    return found;
  };
  for (let index = size - sorted.length - 1; index >= 0; index -= 1)
    nodes.set(index, pairHash(node(2 * index + 1), node(2 * index + 2)));
  const places = new Map([...nodes].slice(0, sorted.length).map(([index, leaf]) => [leaf, index]));
  const proofOf = (leaf: Hex): Hex[] => {
    const proof: Hex[] = [];
    for (let index = places.get(leaf) ?? 0; index > 0; index = Math.floor((index - 1) / 2))
      proof.push(node(index % 2 === 1 ? index + 1 : index - 1));
    return proof;
  };
  return { root: node(0), proofs: leaves.map(proofOf) };
}

function leafOf(chainHash: Hex, workId: bigint, holder: Address): Hex {
  const encoded = encodeAbiParameters(parseAbiParameters('bytes32, uint256, address'), [
    chainHash,
    workId,
    holder,
  ]);
  return keccak256(keccak256(encoded));
}

function pairHash(one: Hex, other: Hex): Hex {
  return keccak256(one < other ? concat([one, other]) : concat([other, one]));
}
