import { concat, type Hex, keccak256, numberToHex } from 'viem';

/** Domain separators of CCIP's `MerkleMultiProof`: a leaf can never be taken for a node. */
export const LEAF_DOMAIN: Hex = numberToHex(0, { size: 32 });
const NODE_DOMAIN = numberToHex(1, { size: 32 });
/** Stands in for the missing neighbour of a layer's last node (chainlink-common `hashutil`, `ZeroHash`). */
const PADDING: Hex = `0x${'ff'.repeat(32)}`;

/** A root, and what leads to it from one leaf. */
export interface MerkleProof {
  readonly root: Hex;
  /** The neighbour on each layer, from the leaf upwards. */
  readonly siblings: readonly Hex[];
}

/** Builds the tree of a commit report and proves one of its leaves. @throws RangeError if there is no such leaf. */
export function proveLeaf(leaves: readonly Hex[], index: number): MerkleProof {
  if (leaves[index] === undefined) throw new RangeError(`no leaf ${index} among ${leaves.length}`);
  const siblings: Hex[] = [];
  let [layer, at] = [leaves, index];
  while (layer.length > 1) {
    siblings.push(layer[at % 2 === 0 ? at + 1 : at - 1] ?? PADDING);
    layer = parents(layer);
    at = Math.floor(at / 2);
  }
  return { root: layer[0] ?? PADDING, siblings };
}

function parents(layer: readonly Hex[]): Hex[] {
  const above: Hex[] = [];
  for (let at = 0; at < layer.length; at += 2) {
    above.push(hashPair(layer[at] ?? PADDING, layer[at + 1] ?? PADDING));
  }
  return above;
}

/** The smaller one first, so that a proof need not tell sides. */
function hashPair(one: Hex, other: Hex): Hex {
  const [first, second] = BigInt(one) < BigInt(other) ? [one, other] : [other, one];
  return keccak256(concat([NODE_DOMAIN, first, second]));
}
