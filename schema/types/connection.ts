import { type ClassType, Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Relay page information.' })
export class PageInfo {
  @Field(() => Boolean) hasNextPage: boolean;
  @Field(() => Boolean) hasPreviousPage: boolean;
  @Field(() => String, { nullable: true }) startCursor: string | null;
  @Field(() => String, { nullable: true }) endCursor: string | null;
}

/** A page of rows with their cursors, as Relay connections want it. */
export interface Page<Node> {
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly pageInfo: PageInfo;
  /** How many there are over all pages: counted when it is asked for. */
  readonly totalCount: number | (() => Promise<number>);
}

/** How many rows a connection has over all pages. */
export async function countOf({ totalCount }: Page<unknown>): Promise<number> {
  return typeof totalCount === 'function' ? totalCount() : totalCount;
}

/** Makes the `<Name>Edge` and `<Name>Connection` types of a node type (Relay Cursor Connections). */
export function connectionType<Node extends object>(
  node: ClassType<Node>,
  name: string,
): ClassType<Page<Node>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => node) node: Node;
    @Field(() => String, { description: 'Opaque; give it back as `after`.' }) cursor: string;
  }

  @ObjectType(`${name}Connection`)
  class Connection {
    @Field(() => [Edge]) edges: Edge[];
    @Field(() => PageInfo) pageInfo: PageInfo;
    @Field(() => Int, { description: 'How many there are over all pages.' })
    totalCount: number | (() => Promise<number>);
  }
  return Connection;
}
