import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './introspection';

/**
 * Writes an operation of the Colophon API. The types of its variables and of its answer follow from its text.
 *
 * Chains are CAIP-2, accounts CAIP-10, times ISO 8601; integers beyond 2^53 are decimal strings.
 */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: {
    AccountId: string;
    ChainId: string;
    DateTimeISO: string;
    ID: string;
    JSON: unknown;
  };
}>();

export type { ResultOf, VariablesOf } from 'gql.tada';
