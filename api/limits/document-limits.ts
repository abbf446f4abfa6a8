import type { ParseOptions, ValidationRule } from 'graphql';
import { aliasLimit } from './alias-limit';
import { depthLimit } from './depth-limit';

/**
 * Parsing stops beyond this many tokens, so that what validation and cost take stays bounded. The
 * largest documents that clients need (a batch of mints written as literals) have some 2,000.
 */
export const PARSE_OPTIONS: ParseOptions = { maxTokens: 5_000 };

/** Rules on top of the specification's own, on every transport. */
export const LIMIT_RULES: readonly ValidationRule[] = [depthLimit, aliasLimit];
