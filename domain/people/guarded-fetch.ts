import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { CustomFetchOptions } from 'openid-client';
import { pinnedLookup, resolveAll } from '../webhooks/pinned-lookup';
import type { ReceiverPolicy } from '../webhooks/receiver-policy';

/** From the first packet to the last byte. */
const TIMEOUT_MS = 10_000;
/** The most of a body that is read; documents and keys of providers have some ten KB. */
const MAX_BODY_BYTES = 262_144;

/**
 * A `fetch` for servers that tenants name: only public addresses, which are checked and pinned, no redirects,
 * bounded time and size.
 */
export function guardedFetch(policy: ReceiverPolicy) {
  return async (target: string, { method, headers, body }: CustomFetchOptions): Promise<Response> => {
    // The library posts forms, and nothing else.
    if (body != null && !(body instanceof URLSearchParams)) throw new Error('the body is not a form');
    const { url } = policy.parse(target);
    const request = (url.protocol === 'http:' ? http : https).request(url, {
      method,
      headers,
      lookup: pinnedLookup(policy, resolveAll, url.protocol),
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.on('error', reject);
      request.once('close', () => reject(new Error('closed without an answer')));
    });
    request.end(body?.toString());
    const response = await answered;
    const { statusCode = 0 } = response;
    // A body is null for these, as Response demands.
    const text = [204, 205, 304].includes(statusCode) ? null : await readBounded(response);
    return new Response(text, { status: statusCode, headers: headersOf(response) });
  };
}

async function readBounded(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`answers with more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage): Headers {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return new Headers(Object.fromEntries(entries));
}
