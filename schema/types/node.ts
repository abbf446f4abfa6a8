import { Field, ID, InterfaceType } from 'type-graphql';
import type { NodeType } from '../global-id';

/** A row as a GraphQL node: the row itself, tagged with its type for `node(id:)`. */
export type Tagged<Row> = Row & { readonly __typename: NodeType };

@InterfaceType({
  description: 'Anything with an id of its own (Relay Global Object Identification).',
  resolveType: (value: Tagged<object>) => value.__typename,
})
export abstract class Node {
  @Field(() => ID, { description: 'Opaque and unique over all types.' }) id: string;
}
