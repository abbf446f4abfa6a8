import { type Address, encodeAbiParameters, encodeEventTopics, type Hex, zeroAddress } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { ADA, BOB } from '../../test/support/travel-events';
import { HOME } from '../../test/support/travel-steps';
import { decodeRegistryEvent } from './event-decoder';

const COLLECTION: Address = '0x3333333333333333333333333333333333333333';

function decode(topics: readonly unknown[], data: Hex = '0x', finalBlock = 10) {
  const log = {
    blockNumber: 10,
    logIndex: 2,
    blockTime: 0,
    address: COLLECTION,
    // CAST: encodeEventTopics leaves no gaps when every indexed argument is given.
    topics: topics as readonly Hex[],
    data,
    txHash: '0xaa',
    blockHash: '0xbb',
  } as const;
  return decodeRegistryEvent(log, { chainId: HOME, collection: COLLECTION }, finalBlock);
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
  expect(decode(topics, data, 9)).toMatchObject({
    tokenId: String(2n ** 200n),
    args: { revision: '3' },
    final: false,
  });
});
