import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as openSocket, type Socket } from 'node:net';
import { findOnPath } from '../../../../cli/embedded/find-on-path';

const PROGRAM = 'pg_basebackup';

/** Tests that need PostgreSQL's own program, which comes with no package of npm. Skipped, by name, where it is not. */
export function describeWithBaseBackup(title: string, body: (majorVersion: number) => void): void {
  const path = findOnPath([PROGRAM], process.env['PATH'] ?? '');
  if (path !== undefined) {
    const [, major] = / (\d+)/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' })) ?? [];
    describe(title, () => body(Number(major)));
    return;
  }
  // biome-ignore lint/suspicious/noSkippedTests: a program that is missing may skip tests, as for Redis
  describe.skip(`${title} (needs ${PROGRAM} on PATH)`, () => body(0));
}

const PARAMETER_STATUS = 'S'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);

/**
 * Passes connections on to a server and tells the client that it is of another major version, as an older program refuses
 * a newer server by that number alone. All else is the server's and the program's own.
 */
export class VersionFront {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.serve(client));

  private constructor(
    private readonly target: URL,
    private readonly majorVersion: number,
  ) {}

  static async start(url: string, majorVersion: number): Promise<VersionFront> {
    const front = new VersionFront(new URL(url), majorVersion);
    front.server.listen(0, '127.0.0.1');
    await once(front.server, 'listening');
    return front;
  }

  get url(): string {
    const url = new URL(this.target);
    // CAST: it listens on a TCP port.
    url.port = String((this.server.address() as AddressInfo).port);
    url.search = 'sslmode=disable&gssencmode=disable';
    return url.href;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(client: Socket): void {
    const server = openSocket(Number(this.target.port), this.target.hostname);
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
    }
    client.pipe(server);
    let held = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (let message = firstMessage(held); message !== undefined; message = firstMessage(held)) {
        held = held.subarray(message.length);
        client.write(this.changed(message));
        if (message[0] !== READY_FOR_QUERY) continue;
        server.off('data', onData);
        client.write(held);
        server.pipe(client);
        return;
      }
    };
    server.on('data', onData).on('end', () => client.end());
  }

  private changed(message: Buffer): Buffer {
    if (message[0] !== PARAMETER_STATUS || !message.subarray(5).toString().startsWith('server_version\0'))
      return message;
    const body = Buffer.from(`server_version\0${this.majorVersion}.0\0`);
    const head = Buffer.from([PARAMETER_STATUS, 0, 0, 0, 0]);
    head.writeUInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  }
}

/** Of PostgreSQL's protocol, version 3: a byte of type, four of length without it. */
function firstMessage(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 5) return undefined;
  const length = bytes.readUInt32BE(1) + 1;
  return bytes.length < length ? undefined : bytes.subarray(0, length);
}
