import { buildSchema, graphql, isObjectType } from 'graphql';
import { actingTenant } from '../tenants/acting-tenant';
import { chargeFields } from './charged-fields';

const TENANT = '0b0e3f0e-6f1c-4c55-9d0e-0f7c54f2a111';

test('a field’s calls are charged to the caller’s tenant, however deep it is, and nobody’s are without a caller', async () => {
  const schema = buildSchema(
    'type Query { registry: Registry } type Registry { posture: String, name: String }',
  );
  const registry = schema.getType('Registry');
  if (!isObjectType(registry)) throw new Error('it is one');
  const posture = registry.getFields()['posture'];
  if (posture === undefined) throw new Error('it is there');
  posture.resolve = async () => String(actingTenant());
  chargeFields(schema);
  const answer = (contextValue: unknown) =>
    graphql({
      schema,
      source: '{ registry { posture name } }',
      // Comes back later, as from a database.
      rootValue: { registry: () => new Promise((resolve) => setImmediate(resolve, { name: 'Tides' })) },
      contextValue,
    });

  expect((await answer({ caller: { tenantId: TENANT } })).data?.['registry']).toEqual({
    posture: TENANT,
    name: 'Tides',
  });
  expect((await answer({})).data?.['registry']).toEqual({ posture: 'undefined', name: 'Tides' });
});
