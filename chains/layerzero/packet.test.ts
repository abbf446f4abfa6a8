import { concat, keccak256, numberToHex, pad } from 'viem';
import { decodePacket, deliveryGas, deliveryOptions } from './packet';

describe('decodePacket', () => {
  test('takes each field from its place', () => {
    const [sender, receiver, guid] = [
      pad('0x0a', { size: 32 }),
      pad('0x0b', { size: 32 }),
      pad('0x0c', { size: 32 }),
    ];
    const header = concat([
      '0x01',
      numberToHex(7, { size: 8 }),
      numberToHex(40161, { size: 4 }),
      sender,
      numberToHex(30126, { size: 4 }),
      receiver,
    ]);
    const payloadHash = keccak256(concat([guid, '0xbeef']));
    const expected = { nonce: 7n, srcEid: 40161, sender, dstEid: 30126, receiver, guid, header };
    expect(decodePacket(concat([header, guid, '0xbeef']))).toEqual({
      ...expected,
      message: '0xbeef',
      payloadHash,
    });
    expect(decodePacket(concat([header, guid])).message).toBe('0x');
  });
});

describe('delivery options', () => {
  test('ask for the gas that is read back from them', () => {
    expect(deliveryOptions(200_000n)).toBe('0x00030100110100000000000000000000000000030d40');
    expect(deliveryGas(deliveryOptions(200_000n))).toBe(200_000n);
  });

  test('of other workers and kinds are passed over, and requests for delivery add up', () => {
    const [forDvn, nativeDrop] = ['0x0200020001', '0x0100020200'] as const;
    const gas = (amount: number) => concat(['0x01001101', numberToHex(amount, { size: 16 })]);
    expect(deliveryGas(concat(['0x0003', forDvn, gas(5), nativeDrop, gas(7)]))).toBe(12n);
    expect(deliveryGas('0x0003')).toBe(0n);
  });
});
