import { byteaArray, int8Array, splitTopics, writeHex } from './block-encoding';

test('a bytea array is in the binary format of array_recv', () => {
  expect(byteaArray(['0x01ff', '0x']).toString('hex')).toBe(
    ['00000001', '00000000', '00000011', '00000002', '00000001', '00000002', '01ff', '00000000'].join(''),
  );
});

test('an int8 array holds numbers up to 2^53 exactly', () => {
  const packed = int8Array([1, 2 ** 53 - 1]);
  expect(packed.readBigInt64BE(24)).toBe(1n);
  expect(packed.readBigInt64BE(36)).toBe(2n ** 53n - 1n);
});

test.each(['0x0', '0x0g', '0x01zz'] as const)('%s is not whole bytes of hex and is refused', (value) => {
  expect(() => writeHex(Buffer.alloc(8), value, 0)).toThrow('whole bytes');
});

test('topics are split every 32 bytes', () => {
  const topics = [`0x${'ab'.repeat(32)}`, `0x${'cd'.repeat(32)}`];
  expect(splitTopics(Buffer.from(topics.map((topic) => topic.slice(2)).join(''), 'hex'))).toEqual(topics);
});
