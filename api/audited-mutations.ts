import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { PLATFORM_SCOPE } from '../domain/idempotency/idempotency-service';
import { encodeGlobalId } from '../schema/global-id';
import { OPERATOR } from './auth/auth-checker';
import type { RequestContext } from './request-context';

/** Has every mutation of the schema put down in the audit log of whoever asks for it. */
export function auditMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
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
    const { tenantId, apiKeyId, scopes } = caller;
    return { tenantId, actor: encodeGlobalId('ApiKey', apiKeyId), scopes };
  }
  return isOperator ? { tenantId: PLATFORM_SCOPE, actor: OPERATOR, scopes: [OPERATOR] } : undefined;
}
