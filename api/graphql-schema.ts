import type { GraphQLSchema } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { checkScope } from './auth/auth-checker';
import { NodeResolver } from './resolvers/node-resolver';
import { ProjectResolver } from './resolvers/project-resolver';
import { ViewerResolver } from './resolvers/viewer-resolver';

/** Every resolver class: the whole public schema. */
const RESOLVERS = [NodeResolver, ProjectResolver, ViewerResolver] as const;

/** The built instances, one per class of the schema; `main.ts` makes them. */
export type ResolverInstances = readonly InstanceType<(typeof RESOLVERS)[number]>[];

/** Builds the executable schema over resolvers that are already constructed. @throws Error when one is missing. */
export async function buildGraphqlSchema(
  instances: ResolverInstances,
  pubSub?: PubSub,
): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [...RESOLVERS],
    authChecker: checkScope,
    validate: false,
    ...(pubSub && { pubSub }),
    container: {
      get: (wanted: { new (...args: never[]): unknown; name: string }) => {
        const instance = instances.find((candidate) => candidate instanceof wanted);
        if (instance === undefined) throw new Error(`no instance of ${wanted.name} was constructed`);
        return instance;
      },
    },
  });
}
