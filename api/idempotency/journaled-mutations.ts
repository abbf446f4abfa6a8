import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { RequestContext } from '../request-context';

/** Makes every mutation of the schema keep to its request's journal, if the request has one. */
export function journalMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (source, args, context: RequestContext, info) => {
      const run = () => resolve(source, args, context, info);
      return context.journal === undefined ? run() : context.journal.within(String(info.path.key), run);
    };
  }
}
