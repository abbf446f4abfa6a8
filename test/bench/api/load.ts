import { Agent, request } from 'node:http';

export interface Target {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body of a request. */
export interface Asking {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** How many requests are under way at a time. */
const CONCURRENCY = 8;
/** As {@link CONCURRENCY}, where it is not the machine's limit that is looked for. */
const LATENCY_CONCURRENCY = 2;

/** Sends one document over and over for a while. @returns requests per second. @throws when one does not answer 200. */
export async function throughput(target: Target, query: string, durationMs: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const body = JSON.stringify({ query });
  const begun = performance.now();
  let done = 0;
  const lane = async () => {
    while (performance.now() - begun < durationMs) {
      await post(agent, target, body);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  const seconds = (performance.now() - begun) / 1_000;
  agent.destroy();
  return done / seconds;
}

/** Sends each request once, some at a time. @returns How long each answer took, in milliseconds. @throws As {@link throughput}, and for errors in an answer. */
export async function latencies(target: Target, askings: readonly Asking[]): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: LATENCY_CONCURRENCY });
  const waiting = [...askings];
  const took: number[] = [];
  const lane = async () => {
    for (let asking = waiting.pop(); asking !== undefined; asking = waiting.pop()) {
      const begun = performance.now();
      const answer = await post(agent, target, JSON.stringify(asking));
      took.push(performance.now() - begun);
      if (answer.includes('"errors":')) throw new Error(`answered ${answer.slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: LATENCY_CONCURRENCY }, lane));
  agent.destroy();
  return took;
}

/** One answer, parsed. */
export async function ask(target: Target, query: string): Promise<unknown> {
  const agent = new Agent();
  const text = await post(agent, target, JSON.stringify({ query }));
  return JSON.parse(text);
}

function post(agent: Agent, { url, headers = {} }: Target, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`answered ${response.statusCode}: ${text.slice(0, 500)}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
