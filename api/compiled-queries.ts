import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { RateLimitedError, rateLimitedResponse } from './limits/rate-limits';
import type { RequestContext } from './request-context';

/** A document that is asked once is not worth the milliseconds that compiling it takes. */
const COMPILED_AT_USE = 3;

interface Known {
  uses: number;
  /** Null for what graphql-js runs. */
  compiled: CompiledQuery['query'] | null | undefined;
}

/**
 * Runs operations, queries that come again and again as compiled code. What is compiled lives as long as its parsed
 * document, of which Apollo keeps the last ones used. Mutations are run by graphql-js: what they cost is not here.
 */
export class CompiledQueries {
  private readonly known = new WeakMap<DocumentNode, Map<string, Known>>();

  constructor(private readonly schema: GraphQLSchema) {}

  async execute(args: Omit<ExecutionArgs, 'schema'>): Promise<ExecutionResult> {
    const compiled = this.compiled(args.document, args.operationName);
    return compiled === null
      ? execute({ ...args, schema: this.schema })
      : asGraphqlJs(await compiled(args.rootValue, args.contextValue, args.variableValues));
  }

  private compiled(
    document: DocumentNode,
    operationName: string | null | undefined,
  ): CompiledQuery['query'] | null {
    const operations = this.known.get(document) ?? new Map<string, Known>();
    this.known.set(document, operations);
    const known = operations.get(operationName ?? '') ?? { uses: 0, compiled: undefined };
    operations.set(operationName ?? '', known);
    known.uses += 1;
    if (known.uses >= COMPILED_AT_USE) known.compiled ??= this.compile(document, operationName);
    return known.compiled ?? null;
  }

  private compile(
    document: DocumentNode,
    operationName: string | null | undefined,
  ): CompiledQuery['query'] | null {
    if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return null;
    const compiled = compileQuery(this.schema, document, operationName ?? undefined);
    return isCompiledQuery(compiled) ? compiled.query : null;
  }
}

/** Compiled code makes errors of a class of its own, which lacks what graphql-js gives to each. */
function asGraphqlJs(result: ExecutionResult): ExecutionResult {
  return result.errors === undefined ? result : { ...result, errors: result.errors.map(asGraphqlJsError) };
}

function asGraphqlJsError({ message, path, originalError, locations }: GraphQLError): GraphQLError {
  const error = new GraphQLError(message, { path, originalError });
  return Object.assign(error, { locations });
}

function asHttpError(error: unknown): never {
  throw error instanceof RateLimitedError ? rateLimitedResponse(error) : error;
}

/** What Apollo calls an executor with. Its types do not say that an operation may be missing. */
type Executed = Omit<Parameters<GatewayExecutor>[0], 'operation'> & {
  readonly operation: OperationDefinitionNode | undefined;
  readonly context: RequestContext;
};

/** Has Apollo run operations by an executor of ours: it calls whatever stands in the place of a gateway. */
export function executedBy(queries: CompiledQueries, schema: GraphQLSchema): GatewayInterface {
  const executor = async ({ document, operation, request, context }: Executed) => {
    const { operationName, variables } = request;
    const run = () =>
      queries.execute({ document, operationName, variableValues: variables, contextValue: context });
    // Without an operation of that name nothing is run but the refusal.
    if (operation === undefined || operation.operation === OperationTypeNode.QUERY)
      return context.reading(run).catch(asHttpError);
    await context.confirm();
    return run();
  };
  return {
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    // CAST: Apollo hands over the context that we have made; its own types do not say which.
    load: async () => ({ executor: executor as GatewayExecutor }),
    stop: async () => undefined,
  };
}
