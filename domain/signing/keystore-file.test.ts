import { openKeystoreFile } from './keystore-file';

const PASSWORD = 'testpassword';
const SECRET = '7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d';
/** The test vector of the Web3 Secret Storage Definition. */
const PBKDF2 = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
    ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
    kdf: 'pbkdf2',
    kdfparams: {
      c: 262_144,
      dklen: 32,
      prf: 'hmac-sha256',
      salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
    },
    mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
};
/** Written by ethers 5.8. */
const SCRYPT = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '03030303030303030303030303030303' },
    ciphertext: '22f7d6271de3c4472568bea674d81879bfcc8b5d9acb1bd55e5e0d02052d9243',
    kdf: 'scrypt',
    kdfparams: { dklen: 32, n: 16_384, p: 1, r: 8, salt: '02'.repeat(32) },
    mac: 'bcc6f3f11af36570e15b5a5e56a1b293f3ec9700da1116b66745581d4ac12440',
  },
  id: '01010101-0101-4101-8101-010101010101',
  version: 3,
};

test.each([
  ['pbkdf2', PBKDF2],
  ['scrypt', SCRYPT],
])('a file with %s opens', async (_, file) => {
  const secret = await openKeystoreFile(JSON.stringify(file), PASSWORD);
  expect(Buffer.from(secret).toString('hex')).toBe(SECRET);
});

const withScrypt = (params: object) => ({
  ...SCRYPT,
  crypto: { ...SCRYPT.crypto, kdfparams: { ...SCRYPT.crypto.kdfparams, ...params } },
});

test.each([
  ['no JSON', '{'],
  ['another version', JSON.stringify({ ...PBKDF2, version: 1 })],
  ['more memory than is given', JSON.stringify(withScrypt({ n: 2 ** 19, r: 8, p: 1 }))],
  ['more work than is given', JSON.stringify(withScrypt({ n: 2 ** 18, r: 8, p: 9 }))],
  ['a cost that OpenSSL cannot do', JSON.stringify(withScrypt({ n: 2 ** 18, r: 1, p: 8 }))],
  ['a cost that is no power of two', JSON.stringify(withScrypt({ n: 1_000 }))],
  [
    'more rounds than are run',
    JSON.stringify({
      ...PBKDF2,
      crypto: { ...PBKDF2.crypto, kdfparams: { ...PBKDF2.crypto.kdfparams, c: 2_000_001 } },
    }),
  ],
])('a file with %s is refused at once', async (_, text) => {
  const before = performance.now();
  await expect(openKeystoreFile(text, PASSWORD)).rejects.toMatchObject({ code: 'KEYSTORE_FILE_INVALID' });
  expect(performance.now() - before).toBeLessThan(100);
});

test('a wrong password is told, and shown to nobody', async () => {
  const opening = openKeystoreFile(JSON.stringify(PBKDF2), 'my secret pet');
  await expect(opening).rejects.toMatchObject({ code: 'KEYSTORE_FILE_INVALID' });
  await expect(opening).rejects.not.toThrow('pet');
});
