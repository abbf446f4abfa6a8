import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import { BadUserInputError } from '../../schema/inputs/parse-input';
import { countOf, type Page, type PageInfo } from '../../schema/types/connection';
import type { RequestContext } from '../request-context';
import type { CursorSigner } from './cursor-signer';

/** Makes every connection of the schema give out signed cursors and take no others, and count only when asked. */
export function signConnections(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    const { totalCount } = type.getFields();
    if (type.name.endsWith('Connection') && totalCount !== undefined) totalCount.resolve = countOf;
    for (const field of Object.values(type.getFields())) {
      if (!showsPage(field)) continue;
      field.resolve = signed(field.resolve ?? defaultFieldResolver);
    }
  }
}

/** Whether a field shows a page of rows. */
export function showsPage({ type }: GraphQLField<unknown, unknown>): boolean {
  return getNamedType(type).name.endsWith('Connection');
}

type Resolver = GraphQLFieldResolver<unknown, RequestContext>;

function signed(resolve: Resolver): Resolver {
  return async (source, args, context, info) => {
    const { first: _first, after, ...rest } = args;
    const connection = `${info.parentType.name}.${info.fieldName}`;
    const place = [context.caller?.tenantId ?? 'operator', connection, idOf(source), rest];
    const { cursors } = context;
    const page = await resolve(
      source,
      { ...args, ...(after != null && { after: open(cursors, after, place) }) },
      context,
      info,
    );
    // CAST: the field's type is a connection, and this is how all of them are resolved.
    return signPage(page as Page<unknown>, (cursor) => cursors.sign(cursor, place));
  };
}

/** @throws BadUserInputError for a cursor of another tenant, connection, filter or order: as for one that is none. */
function open(cursors: CursorSigner, after: string, place: unknown): string {
  const cursor = cursors.open(after, place);
  if (cursor === undefined) throw new BadUserInputError('after', 'is not a cursor of this connection');
  return cursor;
}

function signPage<Node>(page: Page<Node>, sign: (cursor: string) => string): Page<Node> {
  return {
    edges: page.edges.map((edge) => new SignedEdge(edge, sign)),
    totalCount: page.totalCount,
    pageInfo: new SignedInfo(page.pageInfo, sign),
  };
}

/** As {@link SignedEdge}. */
class SignedInfo implements PageInfo {
  constructor(
    private readonly info: PageInfo,
    private readonly sign: (cursor: string) => string,
  ) {}

  get hasNextPage(): boolean {
    return this.info.hasNextPage;
  }

  get hasPreviousPage(): boolean {
    return this.info.hasPreviousPage;
  }

  get startCursor(): string | null {
    const { startCursor } = this.info;
    return startCursor === null ? null : this.sign(startCursor);
  }

  get endCursor(): string | null {
    const { endCursor } = this.info;
    return endCursor === null ? null : this.sign(endCursor);
  }
}

/** An edge whose cursor is signed when it is asked for. */
class SignedEdge<Node> {
  constructor(
    private readonly edge: Page<Node>['edges'][number],
    private readonly sign: (cursor: string) => string,
  ) {}

  get node(): Node {
    return this.edge.node;
  }

  get cursor(): string {
    return this.sign(this.edge.cursor);
  }
}

/** The row that a connection hangs on, if it hangs on one. */
function idOf(source: unknown): string {
  return typeof source === 'object' && source !== null && 'id' in source ? String(source.id) : '';
}
