import type { Hex } from 'viem';
import { ownersTree } from './owners-tree';

const CHAIN_HASH: Hex = `0x${'ab'.repeat(32)}`;
const owners = [1, 2, 3, 4, 5].map((digit) => ({
  workId: BigInt(digit),
  holder: `0x${String(digit).repeat(40)}` as const,
}));

// Roots and first proofs as @openzeppelin/merkle-tree 1.0.8 makes them, under which registries' owners publish.
test.each<[count: number, root: Hex, proof: Hex[]]>([
  [1, '0xa6ec161264ff25371be226b053cfb0c2af1893a1594ccea42ac3e6531dc9c644', []],
  [
    2,
    '0x8321e8e2901855e45778748c8fe9ded4524387ac825a857e60a8403083b6f59b',
    ['0xd247770e0f6620e60f839a9b3fc20a7c3205a2094c9d156be023bfb15361b63d'],
  ],
  [
    5,
    '0xc40ac96bd411002f6bafc945452cbca61a2fe731430d8723e8ff6c730e0b9dfa',
    [
      '0x6dd88a94a9ac3c5ce1181d1dac304ec597dbbe94729af8993f6c99ed4efc7d01',
      '0x1f02c43f58508831d1c6b46dff2341eeedffcc496f8dd35a7a3dc0d1b07927a4',
    ],
  ],
])('the tree of %i owners is that of OpenZeppelin', (count, root, proof) => {
  const tree = ownersTree(CHAIN_HASH, owners.slice(0, count));
  expect([tree.root, tree.proofs[0]]).toEqual([root, proof]);
  expect(tree.proofs).toHaveLength(count);
});
