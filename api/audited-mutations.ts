import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { PLATFORM_SCOPE } from '../domain/idempotency/idempotency-service';
import { actorId } from '../domain/tenancy/caller';
import { OPERATOR } from './auth/auth-checker';
import type { RequestContext } from './request-context';

/** Marks a mutation that opens a session. */
export const SIGNS_IN = 'signsIn';

/** Has every mutation of the schema put down in the audit log of whoever asks for it. */
export function auditMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    // Who signs in is not known before: these leave their entry themselves, in the member's name.
    if (field.extensions[SIGNS_IN] === true) continue;
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (source, args, context: RequestContext, info) => {
      const run = () => resolve(source, args, context, info);
      const who = whoAsks(context);
      // The field's scope check refuses a caller without a key.
      if (who === undefined) return run();
      const { audit, requestId } = context;
      return audit.within({ ...who, operation: info.fieldName, requestId, args }, run);
    };
  }
}

function whoAsks({ caller, isOperator }: RequestContext) {
  if (caller !== undefined) {
    return { tenantId: caller.tenantId, actor: actorId(caller), scopes: caller.scopes };
  }
  return isOperator ? { tenantId: PLATFORM_SCOPE, actor: OPERATOR, scopes: [OPERATOR] } : undefined;
}
