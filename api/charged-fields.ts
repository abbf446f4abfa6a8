import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { actingFor } from '../tenants/acting-tenant';
import type { RequestContext } from './request-context';

/** Has the calls to chains that a query or mutation makes charged to its caller's tenant. */
export function chargeFields(schema: GraphQLSchema): void {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context: RequestContext, info) => {
        const run = () => resolve(source, args, context, info);
        return context.caller === undefined ? run() : actingFor(context.caller.tenantId, run);
      };
    }
  }
}
