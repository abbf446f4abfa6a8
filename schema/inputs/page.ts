import { ArgsType, Field, Int } from 'type-graphql';
import { z } from 'zod';

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number;
  @Field(() => String, { nullable: true, description: 'The cursor to go on after.' }) after?: string | null;
}

/** Where a page starts: the sort time and id of the last row before it. */
export interface PagePosition {
  readonly createdAt: string;
  readonly id: string;
}

export interface PageRequest {
  readonly first: number;
  readonly after: PagePosition | undefined;
}

const positionSchema = z.tuple([z.iso.datetime({ offset: true }), z.uuid()]);

export function encodeCursor({ createdAt, id }: PagePosition): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

export const pageSchema = z.object({
  first: z.number().int().min(1, 'must be at least 1').max(100, 'must be at most 100'),
  after: z
    .string()
    .nullish()
    .transform((cursor, context): PagePosition | undefined => {
      if (cursor == null) return undefined;
      const position = positionSchema.safeParse(decodeJson(cursor));
      if (!position.success) {
        context.addIssue({ code: 'custom', message: 'is not a cursor of this connection' });
        return z.NEVER;
      }
      return { createdAt: position.data[0], id: position.data[1] };
    }),
});

/** The JSON value inside a base64url text, or undefined when there is none: the schema then refuses it. */
function decodeJson(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
