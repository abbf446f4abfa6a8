import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the sources: compilers of TypeScript leave C where it is. */
const SOURCE = ['../..', '../../..']
  .map((up) => join(__dirname, up, 'test/sim/slow-disk.c'))
  .find(existsSync);

/** Has the disk under a server confirm late, by a library that is preloaded into it. */
export class SlowDisk {
  private constructor(
    private readonly library: string,
    private readonly file: string,
  ) {}

  /** @returns Undefined on a machine without a C compiler. @throws Error with what the compiler says against it. */
  static build(folder: string): SlowDisk | undefined {
    if (SOURCE === undefined) throw new Error('test/sim/slow-disk.c is missing');
    const library = join(folder, 'slow-disk.so');
    const { error, status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-o', library, SOURCE, '-ldl'], {
      encoding: 'utf8',
    });
    if (error !== undefined) return undefined;
    if (status !== 0) throw new Error(`cc: ${stderr}`);
    chmodSync(library, 0o755);
    const disk = new SlowDisk(library, join(folder, 'slow-disk-ms'));
    disk.delay(0);
    return disk;
  }

  /** What servers need in their environment for it. */
  get environment(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.library, SLOW_DISK_FILE: this.file };
  }

  /** Every write that is to be durable waits so long from now on. */
  delay(milliseconds: number): void {
    writeFileSync(this.file, String(milliseconds), { mode: 0o644 });
  }
}
