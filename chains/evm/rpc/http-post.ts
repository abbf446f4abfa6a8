import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** Largest answer that is read, in bytes: a node that sends more is cut off before it fills the memory. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Buffer;
}

/** Posts JSON over connections that are kept open; one per endpoint. */
export class HttpPoster {
  private readonly agent: HttpAgent;
  private readonly secure: boolean;

  constructor(private readonly url: URL) {
    this.secure = url.protocol === 'https:';
    this.agent = this.secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  /**
   * @throws Error of node:http, an AbortError when `signal` fires, RangeError over {@link MAX_BODY_BYTES}.
   */
  post(body: string, signal: AbortSignal): Promise<HttpAnswer> {
    const send = this.secure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const request = send(this.url, { method: 'POST', agent: this.agent, headers, signal });
      request.once('error', reject);
      request.once('response', (response) => readAnswer(response).then(resolve, reject));
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > MAX_BODY_BYTES)
        response.destroy(new RangeError(`answer of more than ${MAX_BODY_BYTES} bytes`));
    });
    response.once('error', reject);
    response.once('end', () => {
      const retryAfter = response.headers['retry-after'];
      resolve({ status: response.statusCode ?? 0, retryAfter, body: Buffer.concat(chunks, bytes) });
    });
  });
}
