import { inspect } from 'node:util';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { ApiError, DemoError } from './demo-errors';

const errorsSchema = z.array(
  z.object({ message: z.string(), extensions: z.object({ code: z.string() }).optional() }),
);
const responseSchema = z.object({ data: z.unknown(), errors: errorsSchema.optional() });
/** graphql-ws throws the socket's CloseEvent, or the errors of an operation that was refused. */
const cutSchema = z.union([
  z.object({ code: z.number(), reason: z.string() }).transform(({ code, reason }) => `${code} ${reason}`),
  errorsSchema.transform(messagesOf),
]);

/** A GraphQL operation with the shape of what it answers. */
export interface Operation<Schema extends z.ZodType> {
  readonly document: string;
  readonly answer: Schema;
}

type Variables = Readonly<Record<string, unknown>>;

/** Speaks GraphQL as any client would: over HTTP, and over graphql-transport-ws for subscriptions. */
export class ApiClient {
  private readonly authorization: string;
  private readonly socket: Client;

  constructor(
    private readonly endpoint: { readonly url: string; readonly wsUrl: string; readonly apiKey: string },
  ) {
    this.authorization = `Bearer ${endpoint.apiKey}`;
    this.socket = createClient({
      url: endpoint.wsUrl,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: this.authorization },
    });
  }

  /** @throws {@link ApiError} with what the API answered if it is an error. */
  async request<Schema extends z.ZodType>(
    { document, answer }: Operation<Schema>,
    variables: Variables,
  ): Promise<z.output<Schema>> {
    const response = await fetch(this.endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: this.authorization },
      body: JSON.stringify({ query: document, variables }),
    });
    return dataOf(await response.json(), answer);
  }

  /** Follows a subscription until one of its answers satisfies `isEnd`, and answers that one. */
  async follow<Schema extends z.ZodType>(
    { document, answer }: Operation<Schema>,
    variables: Variables,
    isEnd: (data: z.output<Schema>) => boolean,
  ): Promise<z.output<Schema>> {
    const results = this.socket.iterate({ query: document, variables });
    try {
      for await (const result of results) {
        const data = dataOf(result, answer);
        if (isEnd(data)) return data;
      }
    } catch (error) {
      throw error instanceof Error ? error : new DemoError(`The API cut a subscription: ${reasonIn(error)}.`);
    }
    throw new DemoError('The API ended a subscription.');
  }

  async close(): Promise<void> {
    await this.socket.dispose();
  }
}

function dataOf<Schema extends z.ZodType>(response: unknown, answer: Schema): z.output<Schema> {
  const { data, errors } = responseSchema.parse(response);
  if (errors !== undefined)
    throw new ApiError(
      messagesOf(errors),
      errors.flatMap(({ extensions }) => extensions?.code ?? []),
    );
  return answer.parse(data);
}

function messagesOf(errors: z.output<typeof errorsSchema>): string {
  return errors.map(({ message }) => message).join('; ');
}

function reasonIn(cut: unknown): string {
  const { success, data } = cutSchema.safeParse(cut);
  return success ? data : inspect(cut);
}
