import http from 'node:http';
import Bull from 'bull';

/** As many at a time as Colophon has on their way to one endpoint. */
const CONCURRENCY = 16;

interface Post {
  readonly body: string;
}

/** What somebody would write without Colophon: a Bull job per body, posted over kept connections. */
export class PlainBull {
  private readonly queue: Bull.Queue<Post>;
  private readonly agent = new http.Agent({ keepAlive: true });
  private left = 0;
  private done: () => void = () => undefined;

  constructor(
    redisUrl: string,
    private readonly url: string,
  ) {
    this.queue = new Bull<Post>('plain-webhooks', redisUrl);
    this.queue.on('completed', () => {
      this.left -= 1;
      if (this.left === 0) this.done();
    });
    void this.queue.process(CONCURRENCY, ({ data }) => this.send(data.body));
  }

  /** Adds a job for each body, `batch` at a time, and resolves when the last has completed. */
  async post(bodies: readonly string[], batch: number): Promise<void> {
    this.left = bodies.length;
    const finished = new Promise<void>((resolve) => {
      this.done = resolve;
    });
    for (let at = 0; at < bodies.length; at += batch) {
      const jobs = bodies.slice(at, at + batch).map((body) => ({
        data: { body },
        opts: { removeOnComplete: true, removeOnFail: true },
      }));
      await this.queue.addBulk(jobs);
    }
    await finished;
  }

  async stop(): Promise<void> {
    await this.queue.close();
    this.agent.destroy();
  }

  private send(body: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const request = http.request(this.url, { method: 'POST', agent: this.agent, headers }, (response) => {
        response.resume();
        response.once('end', resolve);
        response.once('error', reject);
      });
      request.once('error', reject);
      request.end(body);
    });
  }
}
