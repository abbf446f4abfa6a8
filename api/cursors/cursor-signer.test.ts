import { CursorSigner, deriveCursorKey } from './cursor-signer';

const signer = new CursorSigner([deriveCursorKey(Buffer.alloc(32, 1))]);
const place = ['tenant', 'Query.works', '', { filter: { state: 'LIVE' } }];
const signed = signer.sign('abc', place);

test('a cursor comes back as it was', () => {
  expect(signer.open(signed, place)).toBe('abc');
  expect(signer.open(signed, ['tenant', 'Query.works', '', { filter: { state: 'LIVE' } }])).toBe('abc');
});

test.each([
  ['another tenant', ['other', 'Query.works', '', { filter: { state: 'LIVE' } }]],
  ['another connection', ['tenant', 'Query.projects', '', { filter: { state: 'LIVE' } }]],
  ['another filter', ['tenant', 'Query.works', '', {}]],
  ['another row', ['tenant', 'Query.works', '1', { filter: { state: 'LIVE' } }]],
])('is good for no %s', (_case, elsewhere) => {
  expect(signer.open(signed, elsewhere)).toBeUndefined();
});

test.each([
  ['nothing', ''],
  ['no tag', 'abc'],
  ['an empty tag', 'abc.'],
  ['a shorter tag', signed.slice(0, -2)],
  ['another cursor', signed.replace('abc', 'abd')],
  ['a tag of another key', new CursorSigner([Buffer.alloc(32, 2)]).sign('abc', place)],
])('%s is none', (_case, forged) => {
  expect(signer.open(forged, place)).toBeUndefined();
});

test('a cursor of an earlier key is still good, and one of the current key is given out', () => {
  const earlier = deriveCursorKey(Buffer.alloc(32, 1));
  const rotated = new CursorSigner([Buffer.alloc(32, 2), earlier]);
  expect(rotated.open(signed, place)).toBe('abc');
  expect(signer.open(rotated.sign('abc', place), place)).toBeUndefined();
});
