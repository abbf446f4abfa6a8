import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Operation } from '../../cli/demo/api-client';
import { ApiError } from '../../cli/demo/demo-errors';
import { ErrorCode } from '../../schema/error-codes';

const REQUEST_TIMEOUT_MS = 15_000;
const RETRY_MS = 250;
/** Whoever has no answer after this long is told that the service does not work. */
const PATIENCE_MS = 180_000;
/** Answers upon which the same request is sent again. */
const PASSING: readonly string[] = [
  ErrorCode.Internal,
  ErrorCode.NotReady,
  ErrorCode.IdempotencyInProgress,
  ErrorCode.RateLimited,
];

const bodySchema = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z.object({ code: z.string(), retryable: z.boolean().optional() }).optional(),
      }),
    )
    .optional(),
});

/** How often what came instead of an answer, over all clients. */
export class Refusals {
  readonly counts = new Map<string, number>();

  add(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

/**
 * A client of several API processes as a careful platform writes it: each mutation has an `Idempotency-Key`, and is sent
 * again, to another process, until there is an answer.
 */
export class PatientClient {
  private asked = 0;

  constructor(
    private readonly urls: readonly string[],
    private readonly apiKey: string,
    private readonly refusals: Refusals,
  ) {}

  /** @throws {@link ApiError} for an answer that no repetition changes; Error without any for three minutes. */
  async request<Schema extends z.ZodType>(
    { document, answer }: Operation<Schema>,
    variables: Readonly<Record<string, unknown>>,
    idempotencyKey: string,
  ): Promise<z.output<Schema>> {
    const body = JSON.stringify({ query: document, variables });
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const told = await this.ask(body, idempotencyKey);
      if (told !== undefined) return answer.parse(told.data);
      if (Date.now() > deadline) throw new Error(`no API answers ${document}`);
      await delay(RETRY_MS);
    }
  }

  /** Undefined if the same is to be asked again. */
  private async ask(body: string, idempotencyKey: string): Promise<{ data: unknown } | undefined> {
    const url = this.urls[this.asked++ % this.urls.length];
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${this.apiKey}`,
      'idempotency-key': idempotencyKey,
    };
    let response: unknown;
    try {
      const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
      response = await (await fetch(`${url}/graphql`, { method: 'POST', headers, body, signal })).json();
    } catch (error) {
      this.refusals.add(error instanceof Error ? error.message : String(error));
      return undefined;
    }
    const { success, data: told } = bodySchema.safeParse(response);
    if (!success || (told.errors === undefined && told.data === undefined)) {
      this.refusals.add(JSON.stringify(response).slice(0, 100));
      return undefined;
    }
    if (told.errors === undefined) return { data: told.data };
    const codes = told.errors.flatMap(({ extensions }) => extensions?.code ?? []);
    const passes = told.errors.every(
      ({ extensions }) => extensions?.retryable === true || PASSING.includes(extensions?.code ?? ''),
    );
    if (!passes) throw new ApiError(told.errors.map(({ message }) => message).join('; '), codes);
    for (const code of codes) this.refusals.add(code);
    return undefined;
  }
}
