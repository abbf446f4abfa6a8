import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { encodeGlobalId, NODE_TYPES } from '../schema/global-id';
import type { Tagged } from '../schema/types/node';

/** Makes every node of the schema show its global id: here for all of them, and without type-graphql's copy of each row. */
export function resolveNodeIds(schema: GraphQLSchema): void {
  const node = schema.getType('Node');
  if (!isInterfaceType(node)) throw new Error('the schema has nodes');
  // type-graphql's own answers by a promise, which compiled queries do not wait for.
  node.resolveType = ({ __typename }: Tagged<object>) => __typename;
  for (const type of schema.getImplementations(node).objects) {
    const name = NODE_TYPES.find((known) => known === type.name);
    const field = type.getFields()['id'];
    if (name === undefined || field === undefined) throw new Error(`${type.name} is no known node`);
    field.resolve = ({ id }: { id: string }) => encodeGlobalId(name, id);
  }
}
