import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { pinnedLookup, type Resolve, resolveAll } from './pinned-lookup';
import { ReceiverPolicy, ReceiverRefusedError } from './receiver-policy';
import { parseRetryAfter } from './retry-schedule';

/** How a try ended. */
export interface PostResult {
  /** Null when there was no answer. */
  readonly statusCode: number | null;
  /** The beginning of the answer's body, as text that the tenant may read. */
  readonly excerpt: string | null;
  /** Why there was no answer, as text that the tenant may read. */
  readonly error: string | null;
  /** What the receiver asked for, in milliseconds; 0 when nothing. */
  readonly retryAfterMs: number;
  readonly durationMs: number;
}

export interface WebhookClientOptions {
  /** Receivers on this machine may be asked, over http too: for trying things out only. */
  readonly allowLoopback: boolean;
  /** From the first packet to the last byte that is read. */
  readonly timeoutMs?: number;
  /** Resolves a name to all of its addresses; the operating system's resolver by default. */
  readonly resolve?: Resolve;
}

/** Where a post goes. */
interface Receiver {
  readonly target: string;
  readonly protocol: 'http:' | 'https:';
  readonly options: http.ClientRequestArgs;
}

const TIMEOUT_MS = 15_000;
/** What is kept of an answer's body, in bytes. Reading stops there. */
const EXCERPT_BYTES = 1_024;
const MAX_HEADER_BYTES = 16_384;
/** How long a connection is kept for the next delivery. */
const KEEP_ALIVE_MS = 4_000;

/**
 * Posts webhooks to receivers that tenants name, who are not trusted.
 *
 * Names are resolved here, once per connection, and the connection goes to the very addresses that were
 * checked: a name that resolves to something else a moment later changes nothing. Redirects are answers
 * like others. Time, headers and what is read of a body are bounded.
 */
export class WebhookClient {
  readonly policy: ReceiverPolicy;
  private readonly timeoutMs: number;
  private readonly resolve: Resolve;
  private parsed: Receiver | undefined;
  private readonly agents = {
    'http:': new http.Agent({ keepAlive: true, timeout: KEEP_ALIVE_MS }),
    'https:': new https.Agent({ keepAlive: true, timeout: KEEP_ALIVE_MS }),
  };

  constructor({ allowLoopback, timeoutMs = TIMEOUT_MS, resolve = resolveAll }: WebhookClientOptions) {
    this.policy = new ReceiverPolicy({ allowLoopback });
    this.timeoutMs = timeoutMs;
    this.resolve = resolve;
  }

  /** Posts `body`. Never throws for what a receiver does; only an abort of `signal` rejects. */
  async post(
    target: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<PostResult> {
    const started = performance.now();
    const result = (answer: Partial<PostResult>): PostResult => ({
      statusCode: null,
      excerpt: null,
      error: null,
      retryAfterMs: 0,
      ...answer,
      durationMs: Math.round(performance.now() - started),
    });
    signal.throwIfAborted();
    const limit = new TimeLimit(this.timeoutMs, signal);
    const exchange = () => this.exchange(target, headers, body, limit);
    try {
      return result(
        await exchange().catch((error: unknown) => {
          if (error instanceof KeptConnectionLost) return exchange();
          throw error;
        }),
      );
    } catch (error) {
      signal.throwIfAborted();
      return result({ error: limit.isReached ? 'It took too long.' : describeFailure(error) });
    } finally {
      limit.end();
    }
  }

  /** Closes the connections that are kept. */
  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private async exchange(
    target: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    limit: TimeLimit,
  ): Promise<Partial<PostResult>> {
    const { protocol, options } = this.parse(target);
    const request = (protocol === 'http:' ? http : https).request({
      ...options,
      method: 'POST',
      agent: this.agents[protocol],
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup: pinnedLookup(this.policy, this.resolve, protocol),
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      // Stays for good: an error after the answer has begun is the reader's to report.
      request.on('error', (error) =>
        reject(request.reusedSocket && codeOf(error) === 'ECONNRESET' ? new KeptConnectionLost() : error),
      );
      // A connection that ends without an answer is not always an error: an upgrade that nobody asked for is none.
      request.once('close', () => reject(new Error('closed without an answer')));
    });
    limit.holds(request);
    request.end(body);
    const response = await answered;
    const excerpt = await readExcerpt(response);
    return {
      statusCode: response.statusCode ?? null,
      excerpt,
      retryAfterMs: parseRetryAfter(response.headers['retry-after'], new Date()),
    };
  }

  /** One endpoint is asked many times in a row, and parsing says the same of the same text. */
  private parse(target: string): Receiver {
    if (this.parsed?.target !== target) {
      const { url } = this.policy.parse(target);
      const { protocol } = url;
      if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`${protocol} passed the policy`);
      this.parsed = { target, protocol, options: urlToHttpOptions(url) };
    }
    return this.parsed;
  }
}

/** Ends a post that takes too long, or whose signal aborts. An AbortController for each costs a tenth of a delivery. */
class TimeLimit {
  isReached = false;
  private request: ClientRequest | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly stop = () => {
    this.isReached = true;
    this.request?.destroy(new Error('stopped'));
  };

  constructor(
    timeoutMs: number,
    private readonly signal: AbortSignal,
  ) {
    this.timer = setTimeout(this.stop, timeoutMs);
    signal.addEventListener('abort', this.stop, { once: true });
  }

  /** This request ends when it is reached, at once if it is. */
  holds(request: ClientRequest): void {
    this.request = request;
    if (this.isReached) this.stop();
  }

  end(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.stop);
  }
}

/** A kept connection that its receiver had closed meanwhile: no failure of the delivery. */
class KeptConnectionLost extends Error {}

/**
 * Reads the beginning of a body. A body that goes on is cut off, one that breaks off is taken as it came: the
 * status has come, and it decides. By listeners: iterating over the body takes more work for each delivery.
 */
function readExcerpt(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const finish = () =>
      resolve(Buffer.concat(chunks).subarray(0, EXCERPT_BYTES).toString('utf8').replaceAll('\0', '\uFFFD'));
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > EXCERPT_BYTES) response.destroy();
    });
    response.once('error', (error) => chunks.push(Buffer.from(` [broke off: ${describeFailure(error)}]`)));
    response.once('end', finish);
    // After an error, or when it was cut off.
    response.once('close', finish);
  });
}

/** Codes of Node, OpenSSL and the HTTP parser are safe to show; their messages name addresses. */
function describeFailure(error: unknown): string {
  if (error instanceof ReceiverRefusedError) return error.message;
  const code = codeOf(error);
  return code === undefined ? 'It could not be reached.' : `It could not be reached (${code}).`;
}

function codeOf(error: unknown): string | undefined {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : undefined;
}
