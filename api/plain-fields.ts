import { getMetadataStorage } from 'type-graphql';

/**
 * Has the fields of object types that have no resolver of their own read by GraphQL itself, without type-graphql's
 * call in between. Call it before the schema is built.
 */
export function readFieldsPlainly(): void {
  for (const type of getMetadataStorage().objectTypes) type.simpleResolvers ??= true;
}

/** @throws Error if a field was given what only type-graphql's call would have heeded: a scope, a middleware, another name. */
export function checkPlainFields(): void {
  for (const { name, schemaName, roles, middlewares = [] } of getMetadataStorage().fields) {
    if (roles !== undefined || middlewares.length > 0 || name !== schemaName)
      throw new Error(
        `the field ${schemaName} needs a field resolver for its scope, middleware or other name`,
      );
  }
}
