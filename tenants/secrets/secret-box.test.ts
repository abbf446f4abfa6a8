import { inspect } from 'node:util';
import { sealedWithoutDataKey } from '../../test/support/earlier-secrets';
import { SecretBox } from './secret-box';

const [ONE, OTHER] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const SECRET = Buffer.from('a signing key');
const BINDING = ['tenant one', 'signer'];

describe('SecretBox', () => {
  test('opens what it sealed, and seals the same secret differently each time', () => {
    const box = new SecretBox([ONE]);
    const [first, second] = [box.seal(SECRET, BINDING), box.seal(SECRET, BINDING)];
    expect(box.open(first, BINDING)).toEqual(SECRET);
    expect(first.sealed.equals(second.sealed)).toBe(false);
    expect(first.sealed.includes(SECRET)).toBe(false);
  });

  test.each([
    ['another tenant', ['tenant two', 'signer']],
    ['another purpose', ['tenant one', 'webhook']],
    ['the same letters divided otherwise', ['tenant on', 'esigner']],
  ])('does not open a secret for %s', (_, binding) => {
    const box = new SecretBox([ONE]);
    expect(() => box.open(box.seal(SECRET, BINDING), binding)).toThrow();
  });

  test('does not open a secret of which any byte was changed', () => {
    const box = new SecretBox([ONE]);
    const { keyId, sealed } = box.seal(SECRET, BINDING);
    const wrappedKeyBytes = 12 + 16 + 32;
    const opened = Array.from(sealed, (byte, at) => {
      const changed = Buffer.from(sealed);
      changed[at] = byte ^ 1;
      return () => box.open({ keyId, sealed: changed }, BINDING);
    });
    expect(opened).toHaveLength(wrappedKeyBytes + 12 + 16 + SECRET.length);
    for (const open of opened) expect(open).toThrow();
  });

  test('opens secrets of an earlier master key and seals with the current one', () => {
    const earlier = new SecretBox([ONE]).seal(SECRET, BINDING);
    const box = new SecretBox([OTHER, ONE]);
    expect(box.open(earlier, BINDING)).toEqual(SECRET);
    expect(new SecretBox([OTHER]).open(box.seal(SECRET, BINDING), BINDING)).toEqual(SECRET);
    expect(() => new SecretBox([OTHER]).open(earlier, BINDING)).toThrow(
      expect.objectContaining({ code: 'MASTER_KEY_MISSING', retryable: true }),
    );
  });

  test('puts a secret under the current master key without decrypting it, so that the earlier one can go', () => {
    const earlier = new SecretBox([ONE]).seal(SECRET, BINDING);
    const rewrapped = new SecretBox([OTHER, ONE]).rewrap(earlier, ['known to nobody']);
    const box = new SecretBox([OTHER]);
    expect(rewrapped.keyId).toBe(box.currentKeyId);
    expect(rewrapped.sealed.subarray(60)).toEqual(earlier.sealed.subarray(60));
    expect(box.open(rewrapped, BINDING)).toEqual(SECRET);
  });

  test('opens what the master key encrypted itself, before there were data keys, and gives it one', () => {
    const earlier = sealedWithoutDataKey(ONE, SECRET, BINDING);
    expect(new SecretBox([ONE]).open(earlier, BINDING)).toEqual(SECRET);
    const rewrapped = new SecretBox([OTHER, ONE]).rewrap(earlier, BINDING);
    expect(new SecretBox([OTHER]).open(rewrapped, BINDING)).toEqual(SECRET);
    expect(() => new SecretBox([OTHER]).open(rewrapped, ['tenant two', 'signer'])).toThrow();
  });

  test('refuses a master key that has not 32 bytes', () => {
    expect(() => new SecretBox([Buffer.alloc(16)])).toThrow(RangeError);
  });

  test('shows no key when it is logged', () => {
    const box = new SecretBox([ONE]);
    for (const shown of [inspect({ box }, { depth: 9, showHidden: true }), JSON.stringify({ box })]) {
      expect(shown).toContain('SecretBox(');
      expect(shown).not.toMatch(/(01){4}|(01 ){4}|(1,){4}/);
    }
  });
});
