import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

/** Largest answer that is read, in bytes: a node that sends more is cut off before it fills the memory. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;
/** What node:http calls a connection that the other side has closed. */
const CLOSED_CODES: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Buffer;
}

/** How a server is reached that is not the deployment's own choice. */
export interface Dial {
  /**
   * Called before each request, for what resolves the server's name should a connection be opened for it.
   *
   * @throws If it may not be connected to.
   */
  lookup?(url: URL): LookupFunction;
  /** Largest answer that is read, in bytes. */
  readonly maxBodyBytes?: number;
}

/** Posts JSON over connections that are kept open; one per endpoint. */
export class HttpPoster {
  private readonly agent: HttpAgent;
  private readonly secure: boolean;

  constructor(
    private readonly url: URL,
    private readonly dial: Dial,
  ) {
    this.secure = url.protocol === 'https:';
    this.agent = this.secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  /**
   * A connection that the server closed while it lay idle brings no answer; the body is then sent again over another
   * one. That the server may receive it twice does not matter to JSON-RPC's calls: they read, or offer a signed
   * transaction.
   *
   * @throws Error of node:http, an AbortError when `signal` fires, RangeError for an answer that is too large.
   */
  post(body: string, signal: AbortSignal): Promise<HttpAnswer> {
    const send = this.secure ? httpsRequest : httpRequest;
    const { maxBodyBytes = MAX_BODY_BYTES } = this.dial;
    return new Promise((resolve, reject) => {
      const lookup = this.dial.lookup?.(this.url);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const request = send(this.url, {
        method: 'POST',
        agent: this.agent,
        headers,
        signal,
        ...(lookup !== undefined && { lookup }),
      });
      let answering = false;
      request.once('error', (error: NodeJS.ErrnoException) => {
        const closedWhileIdle = request.reusedSocket && !answering && CLOSED_CODES.has(error.code);
        if (closedWhileIdle) resolve(this.post(body, signal));
        else reject(error);
      });
      request.once('response', (response) => {
        answering = true;
        readAnswer(response, maxBodyBytes).then(resolve, reject);
      });
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function readAnswer(response: IncomingMessage, maxBytes: number): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > maxBytes) response.destroy(new RangeError(`answer of more than ${maxBytes} bytes`));
    });
    response.once('error', reject);
    response.once('end', () => {
      const retryAfter = response.headers['retry-after'];
      resolve({ status: response.statusCode ?? 0, retryAfter, body: Buffer.concat(chunks, bytes) });
    });
  });
}
