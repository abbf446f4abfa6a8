import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Operation } from '../../cli/demo/api-client';
import { ApiError } from '../../cli/demo/demo-errors';
import { ErrorCode } from '../../schema/error-codes';

const TIMEOUT_MS = 10_000;
const RETRY_MS = 200;
/** Whoever has no answer after this long is told that the service does not work. */
const PATIENCE_MS = 180_000;
const BUSY: readonly string[] = [ErrorCode.IdempotencyInProgress, ErrorCode.RateLimited];

const answerSchema = z.object({
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

/** One try of a request, as its client saw it. */
export interface Attempt {
  /** Milliseconds since the run began. */
  readonly at: number;
  readonly tookMs: number;
  /** False if no answer came, or one that says that the service does not work. */
  readonly answered: boolean;
}

/**
 * A client of several API processes as a careful platform writes it: asks them by turns, as through a Service that does
 * not know which of them live, and goes on asking with the same `Idempotency-Key` until there is an answer.
 */
export class PatientClient {
  readonly attempts: Attempt[] = [];
  /** How often what came instead of an answer. */
  readonly failures = new Map<string, number>();
  /** The longest that a caller waited for its answer, over all tries. */
  longestWaitMs = 0;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly begun = performance.now();
  private asked = 0;

  constructor(private readonly urls: readonly string[]) {}

  now(): number {
    return performance.now() - this.begun;
  }

  /** As {@link ask}, for an operation whose answer has a known shape. */
  async request<Schema extends z.ZodType>(
    apiKey: string,
    { document, answer }: Operation<Schema>,
    variables: Readonly<Record<string, unknown>>,
    idempotencyKey: string,
  ): Promise<z.output<Schema>> {
    return answer.parse(await this.ask(apiKey, document, variables, idempotencyKey));
  }

  /** @throws {@link ApiError} for an answer that no repetition changes; Error without any for three minutes. */
  async ask(
    apiKey: string,
    query: string,
    variables: Readonly<Record<string, unknown>>,
    idempotencyKey: string = randomUUID(),
  ): Promise<unknown> {
    const body = JSON.stringify({ query, variables });
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': idempotencyKey,
    };
    const from = this.now();
    for (;;) {
      const told = await this.attempt(headers, body);
      if (told !== undefined) {
        this.longestWaitMs = Math.max(this.longestWaitMs, this.now() - from);
        return told.data;
      }
      if (this.now() - from > PATIENCE_MS) throw new Error(`no API answers ${query}`);
      await delay(RETRY_MS);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  /** Undefined if the same is to be asked again. */
  private async attempt(
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<{ data: unknown } | undefined> {
    const nth = this.asked++ % this.urls.length;
    const url = `${this.urls[nth]}/graphql`;
    const at = this.now();
    const ended = (answered: boolean) => this.attempts.push({ at, tookMs: this.now() - at, answered });
    let answer: z.output<typeof answerSchema>;
    try {
      answer = answerSchema.parse(JSON.parse(await post(this.agent, url, headers, body)));
    } catch (error) {
      ended(false);
      this.note(error instanceof Error && 'code' in error ? String(error.code) : String(error).slice(0, 80));
      return undefined;
    }
    const { data, errors = [] } = answer;
    if (data === undefined && errors.length === 0) {
      ended(false);
      this.note('no GraphQL');
      return undefined;
    }
    if (errors.length === 0) {
      ended(true);
      return { data };
    }
    const codes = errors.map(({ extensions }) => extensions?.code ?? 'none');
    const isBusy = codes.every((code) => BUSY.includes(code));
    const isPassing = errors.every(
      ({ extensions }) => extensions?.retryable === true || extensions?.code === ErrorCode.Internal,
    );
    ended(isBusy || !isPassing);
    for (const code of codes) this.note(code);
    if (isBusy || isPassing) return undefined;
    throw new ApiError(errors.map(({ message }) => message).join('; '), codes);
  }

  private note(what: string): void {
    this.failures.set(what, (this.failures.get(what) ?? 0) + 1);
  }
}

function post(
  agent: Agent,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const sent = request(
      url,
      { agent, method: 'POST', headers: { ...headers, ...length }, signal },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
