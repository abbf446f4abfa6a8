import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { rpc } from './json-rpc';

const unzip = promisify(gunzip);
const POINTER = 'current';

/**
 * Dumps of all chains, kept as one: either every chain goes back to the same moment or none does.
 *
 * A bridge message counts as delivered only after its source block was final, so a cut taken within
 * one finality of all chains never shows a delivery whose sending is missing. The chains' own periodic
 * dump would neither be atomic (a kill in mid-write leaves half a file) nor taken together.
 */
export class StateStore {
  private readonly dir: string;
  private last: Promise<void> = Promise.resolve();

  constructor(dataDir: string) {
    this.dir = path.join(dataDir, 'state');
    mkdirSync(this.dir, { recursive: true });
  }

  /** The latest dump of a chain, if there is one. */
  fileOf(eip155: number): string | undefined {
    const current = this.current();
    return current === undefined ? undefined : path.join(this.dir, current, `${eip155}.json`);
  }

  /** True before the first {@link save}. */
  get isEmpty(): boolean {
    return this.current() === undefined;
  }

  /** Dumps all chains as they are now, and makes the dumps current together. */
  save(chains: readonly { readonly eip155: number; readonly rpcUrl: string }[]): Promise<void> {
    const done = this.last.then(() => this.write(chains));
    this.last = done.catch(() => undefined); // the caller has the failure; the next dump is its own
    return done;
  }

  private async write(
    chains: readonly { readonly eip155: number; readonly rpcUrl: string }[],
  ): Promise<void> {
    const next = String(Number(this.current() ?? '0') + 1);
    const folder = path.join(this.dir, next);
    mkdirSync(folder, { recursive: true });
    await Promise.all(
      chains.map(async ({ eip155, rpcUrl }) => {
        const dump = String(await rpc(rpcUrl, 'anvil_dumpState'));
        const json = await unzip(Buffer.from(dump.slice(2), 'hex'));
        await writeFile(path.join(folder, `${eip155}.json`), json);
      }),
    );
    writeFileSync(path.join(this.dir, `${POINTER}.new`), next);
    renameSync(path.join(this.dir, `${POINTER}.new`), path.join(this.dir, POINTER));
    for (const entry of readdirSync(this.dir)) {
      if (/^\d+$/.test(entry) && entry !== next) rmSync(path.join(this.dir, entry), { recursive: true });
    }
  }

  private current(): string | undefined {
    const entries = readdirSync(this.dir);
    return entries.includes(POINTER) ? readFileSync(path.join(this.dir, POINTER), 'utf8') : undefined;
  }
}
