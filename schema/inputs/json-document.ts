import { z } from 'zod';

/** The largest JSON document that a request may carry, in bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 1_048_576;

export type JsonObject = { readonly [key: string]: unknown };

/** The `params.code` of the issue that an oversized document raises, so that it gets an error code of its own. */
export const DOCUMENT_TOO_LARGE = 'document-too-large';

/** A JSON object of at most {@link MAX_DOCUMENT_BYTES}; absent means empty. */
export const jsonDocumentSchema = z
  .record(z.string(), z.unknown(), 'must be a JSON object')
  .nullish()
  .transform((value): JsonObject => value ?? {})
  .superRefine((value, context) => {
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes > MAX_DOCUMENT_BYTES) {
      context.addIssue({
        code: 'custom',
        message: `has ${bytes} bytes; the limit is ${MAX_DOCUMENT_BYTES}`,
        params: { code: DOCUMENT_TOO_LARGE },
      });
    }
  });
