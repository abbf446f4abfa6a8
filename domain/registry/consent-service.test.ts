import { evmAccountId, evmChainId } from '../../schema/caip';
import type { MintWorks } from '../../schema/inputs/work';
import { requireConsents } from './consent-service';

const to = evmAccountId(evmChainId(1), '0x1111111111111111111111111111111111111111');
const unsigned: MintWorks['works'][number] = { to, metadata: {} };
const signed: MintWorks['works'][number] = {
  ...unsigned,
  artistSignature: { nonce: '0f0e0d0c-0b0a-4908-8706-050403020100', signature: '0x00' },
};

test.each([
  { artistSigned: true, works: [signed, unsigned], code: 'ARTIST_SIGNATURE_MISSING' },
  { artistSigned: false, works: [unsigned, signed], code: 'CONFLICT' },
])(
  'works must keep to what their registry asks of the artist: $code otherwise',
  ({ artistSigned, works, code }) => {
    const registry = { artistSigned };
    expect(() => requireConsents(registry, works)).toThrow(expect.objectContaining({ code }));
    expect(() => requireConsents(registry, works)).toThrow('works.1.artistSignature');
    expect(() => requireConsents(registry, works.slice(0, 1))).not.toThrow();
  },
);
