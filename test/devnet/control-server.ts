import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';

/** Answers one request with a JSON value. @throws ZodError for a body of the wrong shape. */
export type ControlHandler = (body: unknown) => unknown;

/** Handlers by method and path, e.g. `GET /status`. */
export type ControlRoutes = Readonly<Record<string, ControlHandler>>;

/** Serves `routes` on 127.0.0.1: 200 with JSON, 400 for a bad body, 404 for an unknown route. */
export function startControlServer(port: number, routes: ControlRoutes): Promise<Server> {
  const server = createServer((request, response) => {
    respond(routes, request, response).catch((error: unknown) => {
      const status = error instanceof z.ZodError || error instanceof SyntaxError ? 400 : 500;
      reply(response, status, { error: String(error) });
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Calls a route of a control server. @throws Error with the server's answer unless it is 200. */
export async function control(url: string, method: 'GET' | 'PUT' | 'POST', body?: unknown): Promise<unknown> {
  const payload = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...payload });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** The whole body of a request as text. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function respond(
  routes: ControlRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const handler = routes[`${request.method} ${request.url}`];
  if (handler === undefined) {
    reply(response, 404, { error: `no route ${request.method} ${request.url}`, routes: Object.keys(routes) });
    return;
  }
  const text = await readBody(request);
  const result = await handler(text === '' ? undefined : JSON.parse(text));
  reply(response, 200, result ?? null);
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
