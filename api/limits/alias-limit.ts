import { GraphQLError, type ValidationRule } from 'graphql';

/** How many fields of a document may have an alias: each makes the same field run once more. */
export const MAX_ALIASES = 50;

/** Refuses documents with more than {@link MAX_ALIASES} aliases. */
export const aliasLimit: ValidationRule = (context) => {
  let aliases = 0;
  return {
    Field(node) {
      if (node.alias === undefined) return;
      aliases += 1;
      if (aliases !== MAX_ALIASES + 1) return;
      context.reportError(
        new GraphQLError(`The document has more than ${MAX_ALIASES} aliases.`, { nodes: node }),
      );
    },
  };
};
