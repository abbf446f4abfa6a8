import { ErrorCode } from '../../schema/error-codes';
import { coded } from '../graphql-errors';

/** How deep brackets of a document may nest, literals included: far above what the depth limit lets run. */
export const MAX_NESTING = 80;

/**
 * A token that matters: a block string, a string, a comment, or a bracket. What is left open ends with
 * the document; the parser complains about it.
 */
const TOKEN = /"""(?:\\"""|[^"]|"(?!""))*(?:"""|$)|"(?:\\.|[^"\\\n])*"?|#[^\n]*|[[{(\])}]/g;

/**
 * Refuses a document whose brackets nest deeper than {@link MAX_NESTING}, before the parser sees it:
 * that recurses, and would overflow its stack.
 *
 * @throws GraphQLError with its code and HTTP status 400.
 */
export function checkNesting(document: string): void {
  let depth = 0;
  for (const [token] of document.matchAll(TOKEN)) {
    if (token === '{' || token === '[' || token === '(') depth += 1;
    else if (token === '}' || token === ']' || token === ')') depth -= 1;
    if (depth <= MAX_NESTING) continue;
    throw coded(`The document nests brackets deeper than ${MAX_NESTING}.`, ErrorCode.GraphqlParseFailed, {
      status: 400,
    });
  }
}
