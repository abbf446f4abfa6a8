import { defaultFieldResolver, type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql';
import { actingFor } from '../tenants/acting-tenant';
import { showsPage } from './cursors/signed-connections';
import type { RequestContext } from './request-context';

/**
 * Has the calls to chains that an operation makes charged to its caller's tenant: of each root field, and of each field
 * below that has a resolver of its own, as GraphQL calls those from outside of their parent's. Pages are only rows.
 */
export function chargeFields(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  for (const type of Object.values(schema.getTypeMap())) {
    // All schemas share those of introspection.
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (showsPage(field) || (field.resolve === undefined && !roots.includes(type))) continue;
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context: RequestContext, info) => {
        const run = () => resolve(source, args, context, info);
        return context.caller === undefined ? run() : actingFor(context.caller.tenantId, run);
      };
    }
  }
}
