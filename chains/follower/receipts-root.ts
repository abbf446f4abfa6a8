import { type Hex, keccak256, toRlp } from 'viem';

/** A receipt, as far as its consensus encoding needs it; fields as JSON-RPC writes them. */
export interface Receipt {
  readonly type: Hex;
  readonly status?: Hex | undefined;
  /** Before Byzantium, instead of a status. */
  readonly root?: Hex | undefined;
  readonly cumulativeGasUsed: Hex;
  readonly logsBloom: Hex;
  readonly logs: readonly { readonly address: Hex; readonly topics: readonly Hex[]; readonly data: Hex }[];
  /** OP Stack deposits only (https://specs.optimism.io/protocol/deposits.html, read 2026-11). */
  readonly depositNonce?: Hex | undefined;
  readonly depositReceiptVersion?: Hex | undefined;
}

type Rlp = Hex | readonly Rlp[];

const LEGACY = 0;
const EMPTY_ROOT = keccak256('0x80');

/**
 * The root of the trie of a block's receipts, as its header carries it (Yellow Paper §4.4.1, EIP-2718).
 *
 * @param receipts - All receipts of the block in the order of its transactions.
 */
export function receiptsRoot(receipts: readonly Receipt[]): Hex {
  if (receipts.length === 0) return EMPTY_ROOT;
  const entries = receipts.map((receipt, index) => ({
    path: toRlp(quantity(index)).slice(2),
    value: encodeReceipt(receipt),
  }));
  return keccak256(toRlp(mutable(node(entries, 0))));
}

function encodeReceipt(receipt: Receipt): Hex {
  const logs = receipt.logs.map(({ address, topics, data }): Rlp => [address, topics, data]);
  const outcome = receipt.root ?? minimal(receipt.status ?? '0x');
  const fields: Rlp[] = [outcome, minimal(receipt.cumulativeGasUsed), receipt.logsBloom, logs];
  if (receipt.depositNonce !== undefined) {
    fields.push(minimal(receipt.depositNonce));
    if (receipt.depositReceiptVersion !== undefined) fields.push(minimal(receipt.depositReceiptVersion));
  }
  const body = toRlp(mutable(fields));
  const type = Number(receipt.type);
  return type === LEGACY ? body : `0x${type.toString(16).padStart(2, '0')}${body.slice(2)}`;
}

interface Entry {
  /** Nibbles of the key. */
  readonly path: string;
  readonly value: Hex;
}

/** The node for entries that share their first `depth` nibbles. */
function node(entries: readonly Entry[], depth: number): Rlp {
  const [first] = entries;
  if (first === undefined) return '0x';
  if (entries.length === 1) return [compact(first.path.slice(depth), true), first.value];

  const shared = sharedDepth(entries, depth);
  if (shared > depth)
    return [compact(first.path.slice(depth, shared), false), reference(node(entries, shared))];

  const branches = Array.from({ length: 16 }, (_, nibble) => {
    const below = entries.filter(({ path }) => path.charAt(depth) === nibble.toString(16));
    return below.length === 0 ? '0x' : reference(node(below, depth + 1));
  });
  // RLP of an index is never the beginning of another's, so no entry ends at a branch.
  return [...branches, '0x'];
}

function sharedDepth(entries: readonly Entry[], depth: number): number {
  const [first] = entries;
  let shared = depth;
  while (
    first !== undefined &&
    entries.every(({ path }) => path.charAt(shared) === first.path.charAt(shared))
  ) {
    shared += 1;
  }
  return shared;
}

/** Nodes under 32 bytes are embedded, others named by their hash. */
function reference(child: Rlp): Rlp {
  const encoded = toRlp(mutable(child));
  return encoded.length < 2 + 64 ? child : keccak256(encoded);
}

/** Hex-prefix encoding: the flag nibble tells leaf from extension and odd from even. */
function compact(nibbles: string, isLeaf: boolean): Hex {
  const isOdd = nibbles.length % 2 === 1;
  const flag = (isLeaf ? 2 : 0) + (isOdd ? 1 : 0);
  return `0x${flag}${isOdd ? '' : '0'}${nibbles}`;
}

/** Integers have no leading zeros in RLP; zero is the empty string. */
function minimal(value: Hex): Hex {
  return value === '0x' ? value : quantity(Number(value));
}

function quantity(value: number): Hex {
  if (value === 0) return '0x';
  const hex = value.toString(16);
  return `0x${hex.length % 2 === 1 ? '0' : ''}${hex}`;
}

type MutableRlp = Hex | MutableRlp[];

/** viem's signature asks for mutable arrays, which it does not change. */
function mutable(value: Rlp): MutableRlp {
  return typeof value === 'string' ? value : value.map(mutable);
}
