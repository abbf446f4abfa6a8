import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedPostgres } from '../../cli/embedded/postgres';

/** Beside the sources: compilers of TypeScript leave C where it is. */
const SOURCE = ['../..', '../../..'].map((up) => join(__dirname, up, 'test/sim/bad-disk.c')).find(existsSync);

type Server = Pick<EmbeddedPostgres, 'dataDir'>;

/** Has the disk under a server confirm late, or be full, by a library that is preloaded into it. */
export class BadDisk {
  private constructor(private readonly library: string) {}

  /** @returns Undefined on a machine without a C compiler. @throws Error with what the compiler says against it. */
  static build(folder: string): BadDisk | undefined {
    if (SOURCE === undefined) throw new Error('test/sim/bad-disk.c is missing');
    const library = join(folder, 'bad-disk.so');
    const { error, status, stderr } = spawnSync(
      'cc',
      ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl'],
      {
        encoding: 'utf8',
      },
    );
    if (error !== undefined) return undefined;
    if (status !== 0) throw new Error(`cc: ${stderr}`);
    chmodSync(library, 0o755);
    return new BadDisk(library);
  }

  /** What servers need in their environment for it. */
  get environment(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.library };
  }

  /** Every write of the server that is to be durable waits so long from now on. */
  delay(server: Server, milliseconds: number): void {
    this.say(server, `${milliseconds} 0`);
  }

  /** No file of the server can be made longer from now on. */
  fill(server: Server): void {
    this.say(server, '0 1');
  }

  mend(server: Server): void {
    rmSync(fileOf(server), { force: true });
  }

  private say(server: Server, fault: string): void {
    writeFileSync(fileOf(server), fault, { mode: 0o644 });
  }
}

function fileOf({ dataDir }: Server): string {
  return join(dataDir, 'disk_fault');
}
