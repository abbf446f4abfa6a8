import {
  concat,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  pad,
  parseAbiParameters,
  type TransactionReceipt,
} from 'viem';
import { layerZeroEndpointAbi } from '../../abi/protocol/layer-zero';
import { decodeStatement, digestOf, encodeStatement, type Statement, statementIn } from './statements';

const word = (digit: string): Hex => `0x${digit.repeat(64)}`;
const statement: Statement = {
  registryId: word('1'),
  srcChainHash: word('2'),
  srcGateway: word('3'),
  dstChainHash: word('4'),
  dstGateway: word('5'),
  nonce: 6n,
  kind: 3,
  minPolicy: 2,
  laneEpoch: 1,
  payload: '0xabcd',
};
const message = encodeStatement(statement);

/** A log by LayerZero's endpoint, or by whoever imitates it. */
function packetSent(encodedPayload: Hex): TransactionReceipt['logs'][number] {
  // CAST: of a log, topics and data are read.
  return {
    topics: encodeEventTopics({ abi: layerZeroEndpointAbi, eventName: 'PacketSent' }),
    data: encodeAbiParameters(parseAbiParameters('bytes, bytes, address'), [
      encodedPayload,
      '0x',
      pad('0x', { size: 20 }),
    ]),
  } as TransactionReceipt['logs'][number];
}

const packet = (content: Hex) => concat([pad('0x', { size: 113 }), content]);

test('the statement of a digest is found among forged and foreign packets', () => {
  const logs = [
    packetSent('0x'),
    packetSent(packet('0x')),
    packetSent(packet('0x1234')),
    packetSent(packet(encodeStatement({ ...statement, payload: '0xabce' }))),
    packetSent(packet(message)),
  ];
  expect(statementIn({ logs }, digestOf(statement))).toBe(message);
  expect(decodeStatement(message)).toEqual(statement);
});

test('a transaction that gave no bridge the statement is an error', () => {
  const logs = [packetSent(packet(encodeStatement({ ...statement, nonce: 7n })))];
  expect(() => statementIn({ logs }, digestOf(statement))).toThrow('no bridge has logged');
});

test.each(Object.keys(statement))('the digest depends on %s', (field) => {
  // CAST: a key of the statement.
  const value = statement[field as keyof Statement];
  const changed =
    typeof value === 'string' ? `${value.slice(0, -1)}e` : typeof value === 'bigint' ? value + 1n : value + 1;
  expect(digestOf({ ...statement, [field]: changed })).not.toBe(digestOf(statement));
});
