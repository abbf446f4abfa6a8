import { createDecipheriv, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { hexToBytes, keccak256 } from 'viem';
import { z } from 'zod';
import { Turns } from '../../chains/transactions/turns';
import { KeystoreFileInvalidError } from './signing-errors';

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** What go-ethereum asks for at most (n = 2^18, r = 8 needs 256 MiB); a file that wants more is refused. */
const MAX_SCRYPT_BYTES = 256 * 1024 * 1024;
const MAX_SCRYPT_WORK = 2 ** 18 * 8 * 8;
const MAX_PBKDF2_ROUNDS = 2_000_000;
const KEY_BYTES = 32;

const bytes = (min: number, max: number) =>
  z
    .string()
    .regex(/^(0x)?([0-9a-f]{2})+$/i)
    .transform((text) => Buffer.from(text.replace(/^0x/, ''), 'hex'))
    .refine(({ length }) => length >= min && length <= max);
const dklen = z.literal(KEY_BYTES);
const salt = bytes(8, 128);
const cipher = {
  cipher: z.literal('aes-128-ctr'),
  cipherparams: z.looseObject({ iv: bytes(16, 16) }),
  ciphertext: bytes(KEY_BYTES, KEY_BYTES),
  mac: bytes(32, 32),
} as const;

/** Web3 Secret Storage Definition, version 3 (https://ethereum.org/en/developers/docs/data-structures-and-encoding/web3-secret-storage, read 2026-11). */
const fileSchema = z.looseObject({
  version: z.literal(3),
  crypto: z.discriminatedUnion('kdf', [
    z.looseObject({
      ...cipher,
      kdf: z.literal('scrypt'),
      kdfparams: z.looseObject({ dklen, salt, n: z.int().min(2), r: z.int().min(1), p: z.int().min(1) }),
    }),
    z.looseObject({
      ...cipher,
      kdf: z.literal('pbkdf2'),
      kdfparams: z.looseObject({
        dklen,
        salt,
        c: z.int().min(1).max(MAX_PBKDF2_ROUNDS),
        prf: z.literal('hmac-sha256'),
      }),
    }),
  ]),
});

type KeystoreFile = z.output<typeof fileSchema>;

/** One at a time: each may need all the memory that is allowed. */
const turns = new Turns();

/**
 * The private key in a keystore file.
 *
 * @param text - JSON of the Web3 Secret Storage Definition, version 3.
 * @throws {@link KeystoreFileInvalidError}, which shows neither file nor password.
 */
export async function openKeystoreFile(text: string, password: string): Promise<Uint8Array> {
  const { crypto } = parseFile(text);
  const derived = await turns.take('derive', () => derive(crypto, password));
  const mac = hexToBytes(keccak256(Buffer.concat([derived.subarray(16), crypto.ciphertext])));
  if (!timingSafeEqual(mac, crypto.mac))
    throw new KeystoreFileInvalidError('does not open with this password');
  const decipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), crypto.cipherparams.iv);
  return Buffer.concat([decipher.update(crypto.ciphertext), decipher.final()]);
}

function parseFile(text: string): KeystoreFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new KeystoreFileInvalidError('is no JSON');
  }
  const { data } = fileSchema.safeParse(json);
  if (data === undefined) {
    throw new KeystoreFileInvalidError('is none of version 3 with aes-128-ctr and scrypt or pbkdf2');
  }
  return data;
}

async function derive(crypto: KeystoreFile['crypto'], password: string): Promise<Buffer> {
  if (crypto.kdf === 'pbkdf2') {
    const { salt, c } = crypto.kdfparams;
    return derivePbkdf2(password, salt, c, KEY_BYTES, 'sha256');
  }
  const { salt, n, r, p } = crypto.kdfparams;
  // RFC 7914, §6: OpenSSL does no others.
  if (!Number.isInteger(Math.log2(n)) || n >= 2 ** (16 * r)) {
    throw new KeystoreFileInvalidError('has a cost for scrypt that RFC 7914 does not allow');
  }
  if (128 * n * r > MAX_SCRYPT_BYTES || n * r * p > MAX_SCRYPT_WORK) {
    throw new KeystoreFileInvalidError('asks for more work or memory than is given to it');
  }
  // Node counts some bytes beside the table itself.
  return deriveScrypt(password, salt, KEY_BYTES, { N: n, r, p, maxmem: 2 * MAX_SCRYPT_BYTES });
}
