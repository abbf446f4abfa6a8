import type { Authority } from '../../domain/tenancy/caller';
import { tenantIdSchema } from '../../schema/ids';
import { REMEMBERED_MS, RememberedAuthorities } from './remembered-authorities';

const authority = (endsInMs: number | null): Authority => ({
  caller: {
    tenantId: tenantIdSchema.parse('11111111-1111-4111-8111-111111111111'),
    // CAST: nobody looks at the id.
    actor: { type: 'ApiKey', id: 'key' as never },
    scopes: ['read'],
    standing: { isSuspended: false, apiRequestsPerMinute: null },
  },
  epoch: '7',
  endsInMs,
});

test('an authority is remembered for a moment from when its look-up began', () => {
  const remembered = new RememberedAuthorities();
  const known = authority(null);
  remembered.put('key', known, 1_000);
  expect(remembered.get('key', 1_000 + REMEMBERED_MS - 1)).toBe(known);
  expect(remembered.get('key', 1_000 + REMEMBERED_MS)).toBeUndefined();
});

test('an authority that expires while it is remembered is not recalled from then on', () => {
  const remembered = new RememberedAuthorities();
  remembered.put('key', authority(300), 1_000);
  expect(remembered.get('key', 1_299)).toBeDefined();
  expect(remembered.get('key', 1_300)).toBeUndefined();
});

test('a key that was looked up and spoke for nobody is forgotten', () => {
  const remembered = new RememberedAuthorities();
  remembered.put('key', authority(null), 1_000);
  remembered.put('key', undefined, 1_001);
  expect(remembered.get('key', 1_002)).toBeUndefined();
});
