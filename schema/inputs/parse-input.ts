import type { z } from 'zod';
import { DomainError } from '../domain-error';
import { ErrorCode } from '../error-codes';
import { DOCUMENT_TOO_LARGE } from './json-document';

/** What a client sent breaks a rule. `field` is the path to it, e.g. `works.3.to`, which the client reads too. */
export abstract class InputError extends DomainError {
  constructor(
    readonly field: string,
    rule: string,
  ) {
    super(`${field}: ${rule}`);
  }
}

/** The request's input breaks a rule of its schema. */
export class BadUserInputError extends InputError {
  readonly code = ErrorCode.BadUserInput;
}

/** A JSON document in the input is larger than the platform keeps. */
export class MetadataTooLargeError extends InputError {
  readonly code = ErrorCode.MetadataTooLarge;
}

/**
 * Parses what a client sent.
 *
 * @param argument - Names the value when it is no object of named fields, e.g. `id`.
 * @throws {@link MetadataTooLargeError} for an oversized document, else {@link BadUserInputError}.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  argument?: string,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new Error('a failed parse has an issue');
  const path = argument === undefined ? issue.path : [argument, ...issue.path];
  const field = path.join('.') || 'input';
  if (issue.code === 'custom' && issue.params?.['code'] === DOCUMENT_TOO_LARGE)
    throw new MetadataTooLargeError(field, issue.message);
  throw new BadUserInputError(field, issue.message);
}
