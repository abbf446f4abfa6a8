import { print } from '@0no-co/graphql.web';
import type { TadaDocumentNode } from 'gql.tada';
import { type ApiError, ColophonConnectionError, ColophonError } from './errors';
import { type RetryOptions, RetrySchedule } from './retry-schedule';

export interface ClientOptions {
  /** Of the GraphQL endpoint, e.g. `https://api.example/graphql`. */
  readonly url: string;
  /** `colophon_…`. */
  readonly apiKey: string;
  readonly retry?: Partial<RetryOptions>;
  /** For one try, in milliseconds. */
  readonly timeoutMs?: number;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

export interface RequestOptions {
  /**
   * For mutations: names the request, so that it is carried out once however often it is sent. One is made up when
   * absent; give your own to send the request again after a crash of yours.
   */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** A page of a connection, as the API answers it. */
export interface ConnectionPage<Node> {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** Failures behind which the same request, sent again, may be answered. The others are the caller's to decide. */
const PASSING: ReadonlySet<string> = new Set([
  'RATE_LIMITED',
  'NOT_READY',
  'IDEMPOTENCY_IN_PROGRESS',
  'RPC_UNAVAILABLE',
  'RPC_DISAGREEMENT',
]);

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly ApiError[];
}

/** What a try came to: an answer, or why there was none and when to try again at the earliest. */
type Outcome<Data> =
  | { readonly data: Data }
  | { readonly error: Error; readonly isPassing: boolean; readonly retryAfterMs: number | undefined };

/** A client of one tenant's API. */
export class ColophonClient {
  private readonly schedule: RetrySchedule;

  constructor(private readonly options: ClientOptions) {
    this.schedule = new RetrySchedule(options.retry ?? {});
  }

  /**
   * Sends one operation, and again while it fails in passing: the connection breaks, the server is busy or away, the
   * limit is reached. A mutation has the same `Idempotency-Key` at each try, so it is carried out once.
   *
   * @throws {@link ColophonError} when the API refuses it, {@link ColophonConnectionError} when no answer comes, and
   *   the signal's reason when it is aborted.
   */
  async request<Data, Variables>(
    document: TadaDocumentNode<Data, Variables>,
    ...[variables, options = {}]: VariablesAndOptions<Variables>
  ): Promise<Data> {
    const body = JSON.stringify({ query: print(document), variables: variables ?? {} });
    const key = isMutation(document) ? (options.idempotencyKey ?? crypto.randomUUID()) : undefined;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.attempt<Data>(body, key, options.signal);
      if ('data' in outcome) return outcome.data;
      const waitMs = outcome.isPassing ? this.schedule.wait(attempt, outcome.retryAfterMs) : undefined;
      if (waitMs === undefined) throw outcome.error;
      await sleep(waitMs, options.signal);
    }
  }

  /**
   * The nodes of a whole connection, page by page as they are taken.
   *
   * @param document - A query with a variable `$after: String`, which it hands to the connection, and with
   *   `pageInfo { hasNextPage endCursor }`.
   * @param pageOf - Where the connection is in its answer.
   * @throws As {@link request}
   */
  async *nodes<Data, Variables extends { after?: string | null | undefined }, Node>(
    document: TadaDocumentNode<Data, Variables>,
    variables: Omit<Variables, 'after'>,
    pageOf: (data: Data) => ConnectionPage<Node>,
    options: Pick<RequestOptions, 'signal'> = {},
  ): AsyncGenerator<Node, void, undefined> {
    let after: string | null = null;
    do {
      // CAST: the same variables, with the one that was left out.
      const all = { ...variables, after } as unknown as Variables;
      const args = [all, options] as unknown as VariablesAndOptions<Variables>;
      const { edges, pageInfo }: ConnectionPage<Node> = pageOf(await this.request(document, ...args));
      for (const { node } of edges) yield node;
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
  }

  private async attempt<Data>(
    body: string,
    idempotencyKey: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<Data>> {
    signal?.throwIfAborted();
    const { url, apiKey, timeoutMs = DEFAULT_TIMEOUT_MS, fetch: send = fetch } = this.options;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await send(url, {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json, application/json',
          'content-type': 'application/json',
          authorization: `Bearer ${apiKey}`,
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
        body,
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      return outcomeOf<Data>(response, await response.text());
    } catch (cause) {
      signal?.throwIfAborted();
      const error = new ColophonConnectionError(`no answer from ${url}`, { cause });
      return { error, isPassing: true, retryAfterMs: undefined };
    }
  }
}

/** Variables may be left out where an operation needs none. */
type VariablesAndOptions<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: RequestOptions]
    : [variables: Variables, options?: RequestOptions];

function outcomeOf<Data>(response: Response, text: string): Outcome<Data> {
  const retryAfterMs = retryAfter(response.headers.get('retry-after'));
  const answer = parse(text);
  if (answer === undefined) {
    const error = new ColophonConnectionError(
      `HTTP ${response.status} with a body that is no GraphQL answer`,
    );
    return { error, isPassing: response.status >= 500 || response.status === 429, retryAfterMs };
  }
  const { data, errors = [] } = answer;
  // CAST: the API answers what the document asks for; its types are made from the API's schema.
  if (errors.length === 0) return { data: data as Data };
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const error = new ColophonError(errors, data ?? null, requestId);
  return { error, isPassing: PASSING.has(error.code), retryAfterMs };
}

/** Undefined for what is no answer in the sense of GraphQL over HTTP. */
function parse(text: string): Answer | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const isAnswer = typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer);
  // CAST: the shape is the API's promise; what is not there reads as undefined.
  return isAnswer ? (answer as Answer) : undefined;
}

/** Seconds, as the API sends them; undefined for anything else. */
function retryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : undefined;
}

function isMutation<Data, Variables>({ definitions }: TadaDocumentNode<Data, Variables>): boolean {
  return definitions.some(
    (definition) => definition.kind === 'OperationDefinition' && definition.operation === 'mutation',
  );
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
    function end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted === true) reject(signal.reason);
      else resolve();
    }
  });
}
