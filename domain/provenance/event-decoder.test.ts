import { type Address, encodeAbiParameters, encodeEventTopics, type Hex, zeroAddress } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { adoptedOrigin } from '../../chains/evm/registry/adoption';
import type { Erc721Contract } from '../../schema/caip';
import { ADA, BOB } from '../../test/support/travel-events';
import { HOME } from '../../test/support/travel-steps';
import { decodeRegistryEvent } from './event-decoder';

const COLLECTION: Address = '0x3333333333333333333333333333333333333333';

const ADOPTED: Erc721Contract = { chainId: HOME, address: '0x4444444444444444444444444444444444444444' };

interface Place {
  readonly address?: Address;
  readonly adopted?: Erc721Contract | null;
  readonly finalBlock?: number;
}

function decode(
  topics: readonly unknown[],
  data: Hex = '0x',
  { address = COLLECTION, adopted = null, finalBlock = 10 }: Place = {},
) {
  const log = {
    blockNumber: 10,
    logIndex: 2,
    blockTime: 0,
    address,
    // CAST: encodeEventTopics leaves no gaps when every indexed argument is given.
    topics: topics as readonly Hex[],
    data,
    txHash: '0xaa',
    blockHash: '0xbb',
  } as const;
  return decodeRegistryEvent(log, { chainId: HOME, collection: COLLECTION, adopted }, finalBlock);
}

const transfer = (from: Address, to: Address) =>
  decode(encodeEventTopics({ abi: collectionAbi, eventName: 'Transfer', args: { from, to, tokenId: 7n } }));

test('a transfer between people is an event of the work', () => {
  expect(transfer(ADA, BOB)).toMatchObject({
    name: 'Transfer',
    tokenId: '7',
    chainId: HOME,
    blockNumber: 10,
    logIndex: 2,
    final: true,
    args: { from: ADA, to: BOB, tokenId: '7' },
  });
});

test('mints, burns, escrows and unlocks are told by the events beside them', () => {
  for (const internal of [zeroAddress, COLLECTION]) {
    expect(transfer(internal, ADA)).toBeUndefined();
    expect(transfer(ADA, internal)).toBeUndefined();
  }
});

test('other people’s events are passed over', () => {
  expect(decode([`0x${'ab'.repeat(32)}`])).toBeUndefined();
  expect(decode([])).toBeUndefined();
});

test('integers become decimal strings, and an event above the final block is not final', () => {
  const topics = encodeEventTopics({
    abi: collectionAbi,
    eventName: 'RevisionStated',
    args: { workId: 2n ** 200n },
  });
  const data = encodeAbiParameters([{ type: 'uint64' }, { type: 'bytes32' }], [3n, `0x${'0'.repeat(64)}`]);
  expect(decode(topics, data, { finalBlock: 9 })).toMatchObject({
    tokenId: String(2n ** 200n),
    args: { revision: '3' },
    final: false,
  });
});

describe('an adopted contract', () => {
  const place = { address: ADOPTED.address, adopted: ADOPTED };
  const move = (from: Address, to: Address) =>
    encodeEventTopics({ abi: collectionAbi, eventName: 'Transfer', args: { from, to, tokenId: 7n } });

  test('transfers its tokens as works: into escrow, to nobody and from nobody too', () => {
    const tokenId = String(adoptedOrigin(ADOPTED, 7n).workId);
    for (const [from, to] of [
      [ADA, BOB],
      [ADA, COLLECTION],
      [zeroAddress, ADA],
      [ADA, zeroAddress],
    ] as const) {
      expect(decode(move(from, to), '0x', place)).toMatchObject({
        name: 'Transfer',
        tokenId,
        args: { from, to },
      });
    }
  });

  test('is believed nothing else: not what only our contracts may say, and no transfer of another shape', () => {
    const arrival = encodeEventTopics({
      abi: collectionAbi,
      eventName: 'WorkArrived',
      args: { workId: 7n, srcChainHash: `0x${'1'.repeat(64)}`, holder: BOB },
    });
    const data = encodeAbiParameters([{ type: 'uint64' }, { type: 'bytes32' }], [1n, `0x${'2'.repeat(64)}`]);
    expect(decode(arrival, data)).toMatchObject({ name: 'WorkArrived' });
    expect(decode(arrival, data, place)).toBeUndefined();
    expect(decode(move(ADA, BOB).slice(0, 3), `0x${'0'.repeat(63)}7`, place)).toBeUndefined();
  });
});
