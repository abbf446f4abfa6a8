import { type GraphQLFieldResolver, type GraphQLSchema, getNamedType, isInterfaceType } from 'graphql';
import type { WorkId } from '../schema/ids';
import { type Loaders, loadReferenced } from './loaders';
import type { RequestContext } from './request-context';

/** A node that refers to others: what it was read with, and the ids of those that it was not. */
type Source = Readonly<Record<string, unknown>>;

/** Which loader has the nodes of a type. */
const LOADER_OF: Readonly<Record<string, keyof Loaders>> = {
  Project: 'project',
  Registry: 'registry',
  Work: 'work',
  Dispatch: 'dispatch',
  WebhookEndpoint: 'webhookEndpoint',
};

/**
 * Makes every field `x` of a node that shows another node answer what the row was read with, or else what a loader
 * has by the row's `xId`: here for all of them, and without type-graphql's copy of each row.
 */
export function resolveReferences(schema: GraphQLSchema): void {
  const node = schema.getType('Node');
  if (!isInterfaceType(node)) throw new Error('the schema has nodes');
  const { objects } = schema.getImplementations(node);
  for (const type of objects) {
    for (const field of Object.values(type.getFields())) {
      const shown = getNamedType(field.type);
      if (field.resolve !== undefined || !objects.some((other) => other === shown)) continue;
      const loader = LOADER_OF[shown.name];
      if (loader === undefined) throw new Error(`nothing loads ${type.name}.${field.name}`);
      field.resolve = referenceBy(field.name, loader);
    }
  }
}

function referenceBy(name: string, loader: keyof Loaders): GraphQLFieldResolver<Source, RequestContext> {
  const key = `${name}Id`;
  return (row, _args, { loaders }) => {
    const known = row[name];
    if (known !== undefined) return known;
    const id = row[key];
    // CAST: the loader is the one of the type that the id is of, whichever that is.
    return id === null ? null : loadReferenced(loaders[loader] as Loaders['work'], id as WorkId);
  };
}
