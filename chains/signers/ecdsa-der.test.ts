import { generateKeyPairSync } from 'node:crypto';
import { numberToHex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { publicKeyDer, signatureDer } from '../../test/support/kms-stand-in';
import { addressOfPublicKey, CURVE_ORDER, lowSignature } from './ecdsa-der';

const LOW = CURVE_ORDER / 2n;

describe('a signature of a key management service', () => {
  test.each([
    ['as it is when s is low', 5n, 7n, 7n],
    ['with the largest low s', 5n, LOW, LOW],
    ['with the smallest high s turned over', 5n, LOW + 1n, LOW],
    ['with the largest s turned over', 5n, CURVE_ORDER - 1n, 1n],
    ['when r begins with zeros that DER leaves out', 2n ** 240n, 2n ** 239n, 2n ** 239n],
    [
      'when both have a zero put before their leading bit',
      CURVE_ORDER - 1n,
      2n ** 255n,
      CURVE_ORDER - 2n ** 255n,
    ],
  ])('is read %s', (_, r, s, low) => {
    expect(lowSignature(signatureDer(r, s))).toEqual({ r, s: low });
  });

  const good = [...signatureDer(2n ** 255n, 7n)];
  test.each([
    ['nothing', []],
    ['another tag', [0x31, ...good.slice(1)]],
    ['a byte too few', good.slice(0, -1)],
    ['a byte too many', [...good, 0]],
    ['a byte too many within', [0x30, (good[1] ?? 0) + 1, ...good.slice(2), 0]],
    ['a number without bytes', [0x30, 4, 2, 0, 2, 0]],
    ['a number longer than the rest', [0x30, 3, 2, 33, 1]],
    ['a negative number', [0x30, 6, 2, 1, 0x80, 2, 1, 1]],
    ['a zero', [0x30, 6, 2, 1, 0, 2, 1, 1]],
    ['an s out of range', [...signatureDer(1n, CURVE_ORDER)]],
  ])('that is %s is refused', (_, bytes) => {
    expect(() => lowSignature(Uint8Array.from(bytes))).toThrow();
  });
});

test.each([
  ['any', 1],
  ['one whose x begins with zeros', 153],
  ['one whose y begins with zeros', 122],
])('the address of a public key, %s, is that of its private key', (_, number) => {
  const key = numberToHex(number, { size: 32 });
  expect(addressOfPublicKey(publicKeyDer(key))).toBe(privateKeyToAddress(key));
});

test('a public key of another curve has no address', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  expect(addressOfPublicKey(publicKey.export({ format: 'der', type: 'spki' }))).toBeUndefined();
});
