import { createHash } from 'node:crypto';
import type { GraphQLFormattedError } from 'graphql';
import { canonicalJson } from '../../domain/canonical-json';
import { type IdempotentRun, PLATFORM_SCOPE } from '../../domain/idempotency/idempotency-service';
import { ErrorCode } from '../../schema/error-codes';
import { MAX_DOCUMENT_DEPTH, nestsDeeperThan } from '../../schema/inputs/json-document';
import { BadUserInputError } from '../../schema/inputs/parse-input';
import type { JournalKey } from '../../tenants/step-journal';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';

/** A GraphQL result as it is sent. */
export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** What a request asks for: the same under one key, or it is another request. */
export interface Asked {
  readonly queryHash: string;
  readonly operationName: string | null;
  readonly variables: unknown;
}

const HEADER = 'Idempotency-Key';
/** How deep variables may nest: a whole JSON document within an input object, and some room. */
const MAX_VARIABLES_DEPTH = MAX_DOCUMENT_DEPTH + 8;
const KEY = /^[\x21-\x7e]{1,255}$/;

/** One mutation request under an `Idempotency-Key`. */
export class IdempotentRequest {
  private constructor(
    private readonly service: Services['idempotency'],
    private readonly run: IdempotentRun | undefined,
    /** The answer that it got before; undefined when it must be carried out. */
    readonly answer: Answer | undefined,
  ) {}

  /**
   * @returns undefined for a caller whom we do not know: those may only sign in, and a second session does no harm.
   * @throws BadUserInputError, IdempotencyKeyReusedError, IdempotencyInProgressError
   */
  static async begin(
    service: Services['idempotency'],
    context: RequestContext,
    header: string,
    asked: Asked,
  ): Promise<IdempotentRequest | undefined> {
    if (!KEY.test(header)) throw new BadUserInputError(HEADER, 'has 1 to 255 visible ASCII characters');
    const scope = scopeOf(context);
    if (scope === undefined) return undefined;
    if (nestsDeeperThan(asked.variables, MAX_VARIABLES_DEPTH))
      throw new BadUserInputError('variables', `nest deeper than ${MAX_VARIABLES_DEPTH} levels`);
    const id: JournalKey = { tenantId: scope.tenantId, key: header };
    const begun = await service.begin(id, fingerprint(scope.actor, asked));
    if ('answer' in begun)
      return new IdempotentRequest(service, undefined, JSON.parse(begun.answer.toString('utf8')));
    context.journal = begun.run.journal;
    return new IdempotentRequest(service, begun.run, undefined);
  }

  /** Keeps the answer, unless the same request may succeed later. */
  async end(answer: Answer): Promise<void> {
    if (this.run === undefined) return;
    if (answer.errors?.some(mayBeTriedAgain) === true) await this.service.release(this.run);
    else await this.service.complete(this.run, Buffer.from(JSON.stringify(answer)));
  }
}

function scopeOf({ caller, isOperator }: RequestContext) {
  if (caller !== undefined) return { tenantId: caller.tenantId, actor: caller.actor.id };
  return isOperator ? { tenantId: PLATFORM_SCOPE, actor: 'operator' } : undefined;
}

/** The caller is part of it: what one key was answered is not shown to another, which may be allowed less. */
function fingerprint(actor: string, { queryHash, operationName, variables }: Asked): Buffer {
  const asked = canonicalJson([actor, queryHash, operationName, variables ?? {}]);
  return createHash('sha256').update(asked).digest();
}

function mayBeTriedAgain({ extensions }: GraphQLFormattedError): boolean {
  return extensions?.['retryable'] === true || extensions?.['code'] === ErrorCode.Internal;
}
