import { tenantIdSchema } from '../schema/ids';
import { AuthorityEpochs } from './authority-epochs';

const TENANT = tenantIdSchema.parse('11111111-1111-4111-8111-111111111111');
const OTHER = tenantIdSchema.parse('22222222-2222-4222-8222-222222222222');

test('only a read that was sent later, of the same tenant at the same epoch, confirms what was known', () => {
  const epochs = new AuthorityEpochs();
  const before = epochs.begin();
  const request = epochs.begin();
  const after = epochs.begin();
  epochs.note(TENANT, '3', before);
  expect(epochs.isConfirmed(TENANT, '3', request)).toBe(false);
  epochs.note(OTHER, '3', after);
  expect(epochs.isConfirmed(TENANT, '3', request)).toBe(false);
  epochs.note(TENANT, '4', after);
  expect(epochs.isConfirmed(TENANT, '3', request)).toBe(false);
  expect(epochs.isConfirmed(TENANT, '4', request)).toBe(true);
});

test('a read that is answered late takes nothing back', () => {
  const epochs = new AuthorityEpochs();
  const [request, slow, quick] = [epochs.begin(), epochs.begin(), epochs.begin()];
  epochs.note(TENANT, '4', quick);
  epochs.note(TENANT, '3', slow);
  expect(epochs.isConfirmed(TENANT, '4', request)).toBe(true);
  expect(epochs.isConfirmed(TENANT, '3', request)).toBe(false);
});

test('a tenant that is no more confirms nothing', () => {
  const epochs = new AuthorityEpochs();
  const request = epochs.begin();
  epochs.note(TENANT, '3', epochs.begin());
  epochs.note(TENANT, null, epochs.begin());
  expect(epochs.isConfirmed(TENANT, '3', request)).toBe(false);
});
