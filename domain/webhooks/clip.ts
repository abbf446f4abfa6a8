/** The longest free text in an event, in UTF-16 code units: contracts and networks write some of them. */
const MAX_TEXT = 1_000;

/** Shortens a text that may be of any length. */
export function clip(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1).replace(/\p{Surrogate}$/u, '')}…`;
}
