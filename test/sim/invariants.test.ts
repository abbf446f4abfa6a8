import { workIdSchema } from '../../schema/ids';
import { effectsOf } from './invariants';

const workId = workIdSchema.parse('00000000-0000-4000-8000-000000000001');
const asked = { workId, sends: 2, failures: [], revisions: 1 };
const move = (hop: bigint, tokenId = '7') => ({ tokenId, hop });
const asAsked = {
  departures: [move(2n), move(1n), move(1n, '8')],
  arrivals: [move(1n), move(2n)],
  revisions: [{ tokenId: '7', revision: 1n }],
};

describe('effects on chain', () => {
  test('that are those asked for are none of a fault, in whatever order, beside those of other works', () => {
    expect(effectsOf('7', asked, asAsked)).toEqual([]);
  });

  test.each([
    ['a lost departure', { departures: [move(1n)] }, 'departures'],
    ['a doubled departure', { departures: [move(1n), move(2n), move(2n)] }, 'departures'],
    ['a departure that nobody asked for', { departures: [move(1n), move(2n), move(3n)] }, 'departures'],
    ['a lost arrival', { arrivals: [move(2n)] }, 'arrivals'],
    ['a doubled arrival', { arrivals: [move(1n), move(1n), move(2n)] }, 'arrivals'],
    ['a lost revision', { revisions: [] }, 'revisions'],
    ['a revision under another number', { revisions: [{ tokenId: '7', revision: 2n }] }, 'revisions'],
  ])('%s is found', (_, fault, what) => {
    const found = effectsOf('7', asked, { ...asAsked, ...fault });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(what);
  });
});
