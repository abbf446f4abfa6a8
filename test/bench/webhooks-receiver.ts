import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Takes every POST, counts it and answers 204; GET /count and GET /reset are for the benchmark. */
const PROGRAM = `
let count = 0;
require('node:http').createServer((request, response) => {
  if (request.url === '/count') return response.end(String(count));
  if (request.url === '/reset') { count = 0; return response.end(); }
  request.resume();
  request.once('end', () => { count += 1; response.writeHead(204).end(); });
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

/** A receiver in a process of its own, so that it takes nothing from either contestant's event loop. */
export class CountingReceiver {
  private constructor(
    private readonly process: ChildProcess,
    private readonly origin: string,
  ) {}

  static async start(): Promise<CountingReceiver> {
    const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = await once(child.stdout, 'data');
    return new CountingReceiver(child, `http://127.0.0.1:${String(port).trim()}`);
  }

  get url(): string {
    return `${this.origin}/hook`;
  }

  async count(): Promise<number> {
    return Number(await (await fetch(`${this.origin}/count`)).text());
  }

  async reset(): Promise<void> {
    await fetch(`${this.origin}/reset`);
  }

  async stop(): Promise<void> {
    this.process.kill();
    await once(this.process, 'exit');
  }
}
