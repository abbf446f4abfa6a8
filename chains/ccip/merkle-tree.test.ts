import { concat, type Hex, keccak256, numberToHex } from 'viem';
import { proveLeaf } from './merkle-tree';

const NODE = numberToHex(1, { size: 32 });
const leavesOf = (count: number): Hex[] =>
  Array.from({ length: count }, (_, i) => keccak256(numberToHex(i + 1, { size: 32 })));

/** What `MerkleMultiProof.merkleRoot` computes for one leaf, whose flags are all zero. */
function climb(leaf: Hex, siblings: readonly Hex[]): Hex {
  return siblings.reduce((node, sibling) => {
    const [first, second] = BigInt(node) < BigInt(sibling) ? [node, sibling] : [sibling, node];
    return keccak256(concat([NODE, first, second]));
  }, leaf);
}

describe('proveLeaf', () => {
  test.each([1, 2, 3, 4, 5, 8, 13])('every leaf of %d leads to the same root', (count) => {
    const leaves = leavesOf(count);
    const proofs = leaves.map((leaf, index) => ({ leaf, ...proveLeaf(leaves, index) }));
    expect(proofs.map(({ leaf, siblings }) => climb(leaf, siblings))).toEqual(proofs.map(({ root }) => root));
    expect(new Set(proofs.map(({ root }) => root)).size).toBe(1);
  });

  test('the root changes with the order of the leaves beyond a pair', () => {
    const [one, two, three] = leavesOf(3);
    if (one === undefined || two === undefined || three === undefined)
      throw new Error('three leaves expected');
    expect(proveLeaf([one, two, three], 0).root).not.toBe(proveLeaf([one, three, two], 0).root);
  });

  test('a leaf that is not there is refused', () => {
    expect(() => proveLeaf(leavesOf(2), 2)).toThrow(RangeError);
    expect(() => proveLeaf([], 0)).toThrow(RangeError);
  });
});
