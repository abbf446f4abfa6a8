import { z } from 'zod';

/** What PostgreSQL's `text` and `jsonb` cannot hold: U+0000 and halves of surrogate pairs. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** True when the database keeps `value` unchanged. */
export function isStorable(value: string): boolean {
  return !UNSTORABLE.test(value);
}

/** The rule that {@link isStorable} states, as clients read it. */
export const UNSTORABLE_MESSAGE = 'contains a NUL character or half of a surrogate pair';

/** A text as a client wrote it, of 1 to `max` UTF-16 code units. */
export function textSchema(max: number) {
  return z.string().min(1).max(max).refine(isStorable, UNSTORABLE_MESSAGE);
}

/** A text of one line's purpose, such as a name: without the spaces around it. */
export function nameSchema(max: number) {
  return z.string().trim().min(1).max(max).refine(isStorable, UNSTORABLE_MESSAGE);
}
