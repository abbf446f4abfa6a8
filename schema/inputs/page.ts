import { ArgsType, Field, Int, registerEnumType } from 'type-graphql';
import { z } from 'zod';

/** Which way a connection runs. */
export const PageOrder = { NEWEST_FIRST: 'NEWEST_FIRST', OLDEST_FIRST: 'OLDEST_FIRST' } as const;
export type PageOrder = (typeof PageOrder)[keyof typeof PageOrder];
registerEnumType(PageOrder, { name: 'PageOrder', description: 'Which way a connection runs.' });

@ArgsType()
class SliceArgs {
  @Field(() => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number;
  @Field(() => String, {
    nullable: true,
    description: 'The cursor to go on after, of this connection with the same other arguments.',
  })
  after?: string | null;
}

/** The arguments of every connection whose rows were made at some time. */
@ArgsType()
export class PageArgs extends SliceArgs {
  @Field(() => PageOrder, { defaultValue: PageOrder.NEWEST_FIRST }) order: PageOrder;
  @Field(() => Date, { nullable: true, description: 'Only rows made at or after this time …' })
  createdFrom?: Date | null;
  @Field(() => Date, { nullable: true, description: '… and before this time.' })
  createdBefore?: Date | null;
}

/** The arguments of a work's history. */
@ArgsType()
export class ProvenancePageArgs extends SliceArgs {
  @Field(() => PageOrder, { defaultValue: PageOrder.OLDEST_FIRST }) order: PageOrder;
}

/** The arguments of connections over books that only grow. */
@ArgsType()
export class BookPageArgs extends SliceArgs {
  @Field(() => PageOrder, { defaultValue: PageOrder.NEWEST_FIRST }) order: PageOrder;
}

/** Where a page starts: the sort time and id of the last row before it. */
export interface PagePosition {
  readonly createdAt: string;
  readonly id: string;
}

/** `first` rows by the time they were made, from behind `after` or from the beginning; newest first unless asked otherwise. */
export interface PageRequest {
  readonly first: number;
  readonly after: PagePosition | undefined;
  readonly order?: PageOrder;
  readonly createdFrom?: Date | null | undefined;
  readonly createdBefore?: Date | null | undefined;
}

export function encodeCursor({ createdAt, id }: PagePosition): string {
  return encodePosition([createdAt, id]);
}

const positionSchema = z
  .tuple([z.iso.datetime({ offset: true }), z.uuid()])
  .transform(([createdAt, id]): PagePosition => ({ createdAt, id }));

export const pageSchema = requestSchema(positionSchema).extend({
  createdFrom: z.date().nullish(),
  createdBefore: z.date().nullish(),
});

/** Rows that are numbered from 1, the oldest, from behind the one with number `after`. */
export interface PlacePageRequest {
  readonly first: number;
  readonly after: number | undefined;
  readonly order?: PageOrder;
}

/** @param position - Number of the row. Of a work's history: provisional entries are counted on after final ones. */
export function encodePlaceCursor(position: number): string {
  return encodePosition(position);
}

export const placePageSchema = requestSchema(z.number().int().positive());

function requestSchema<Position extends z.ZodType>(position: Position) {
  return z.object({
    order: z.enum(PageOrder),
    first: z.number().int().min(1, 'must be at least 1').max(100, 'must be at most 100'),
    after: z
      .string()
      .nullish()
      .transform((cursor, context): z.output<Position> | undefined => {
        if (cursor == null) return undefined;
        const parsed = position.safeParse(decodePosition(cursor));
        if (parsed.success) return parsed.data;
        context.addIssue({ code: 'custom', message: 'is not a cursor of this connection' });
        return z.NEVER;
      }),
  });
}

function encodePosition(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The JSON value inside a base64url text, or undefined when there is none: the schema then refuses it. */
function decodePosition(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
