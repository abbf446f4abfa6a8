import { z } from 'zod';
import { isStorable, UNSTORABLE_MESSAGE } from './text';

/** The largest JSON document that a request may carry, in bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 1_048_576;

/** How deep objects and lists may nest: far below what makes a recursive serializer overflow its stack. */
export const MAX_DOCUMENT_DEPTH = 64;

export type JsonObject = { readonly [key: string]: unknown };

/** The `params.code` of the issue that an oversized document raises, so that it gets an error code of its own. */
export const DOCUMENT_TOO_LARGE = 'document-too-large';

/** A JSON object of at most {@link MAX_DOCUMENT_BYTES}; absent means empty. */
export const jsonDocumentSchema = z
  .record(z.string(), z.unknown(), 'must be a JSON object')
  .nullish()
  .transform((value): JsonObject => value ?? {})
  .superRefine((value, context) => {
    const flaw = findFlaw(value);
    if (flaw !== undefined) {
      context.addIssue({ code: 'custom', message: flaw });
      return;
    }
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes > MAX_DOCUMENT_BYTES) {
      context.addIssue({
        code: 'custom',
        message: `has ${bytes} bytes; the limit is ${MAX_DOCUMENT_BYTES}`,
        params: { code: DOCUMENT_TOO_LARGE },
      });
    }
  });

/** Why the document cannot be kept as it is, or undefined. Walks level by level, so no nesting overflows the stack. */
function findFlaw(document: unknown): string | undefined {
  let level: unknown[] = [document];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DOCUMENT_DEPTH) return `nests deeper than ${MAX_DOCUMENT_DEPTH} levels`;
    const scalars = level.filter((value) => typeof value !== 'object');
    if (scalars.some((value) => typeof value === 'string' && !isStorable(value))) return UNSTORABLE_MESSAGE;
    if (scalars.some((value) => typeof value === 'number' && !Number.isFinite(value)))
      return 'contains a number beyond the range of a double';
    level = level.flatMap(children);
  }
  return undefined;
}

/** Whether a JSON value has objects and lists nested deeper than `limit` levels. Walks level by level, as above. */
export function nestsDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap(children);
  }
  return false;
}

function children(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? value : Object.entries(value).flat();
}
