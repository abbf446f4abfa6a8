import type { z } from 'zod';
import { DomainError } from '../domain-error';
import { ErrorCode } from '../error-codes';
import { DOCUMENT_TOO_LARGE } from './json-document';

/** The request's input breaks a rule of its schema; the message names field and rule. */
export class BadUserInputError extends DomainError {
  readonly code = ErrorCode.BadUserInput;
}

/** A JSON document in the input is larger than the platform keeps. */
export class MetadataTooLargeError extends DomainError {
  readonly code = ErrorCode.MetadataTooLarge;
}

/**
 * Parses what a client sent.
 *
 * @throws {@link MetadataTooLargeError} for an oversized document, else {@link BadUserInputError}.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new Error('a failed parse has an issue');
  const message = `${issue.path.join('.') || 'input'}: ${issue.message}`;
  if (issue.code === 'custom' && issue.params?.['code'] === DOCUMENT_TOO_LARGE)
    throw new MetadataTooLargeError(message);
  throw new BadUserInputError(message);
}
