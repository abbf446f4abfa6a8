import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The sources, seen from the compiled program: peers are not compiled with it. */
const FOLDER = join(__dirname, '..', '..', '..', 'test', 'bench', 'peers');
const INSTALLED = join(FOLDER, 'node_modules', '.package-lock.json');
const LOCK = join(FOLDER, 'package-lock.json');

/**
 * The folder of the peers that our own dependencies do not bring, installed on first use.
 *
 * Its own package with its own lock file: nobody who only installs or builds us fetches them.
 *
 * @throws If they cannot be installed.
 */
export function peersFolder(log: (line: string) => void): string {
  if (isInstalled()) return FOLDER;
  log(`installing the peers in test/bench/peers (npm ci, some 280 MB, needs the npm registry)`);
  // No scripts: none is needed, and none of other people's should run here.
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) {
    throw new Error(
      'the peers could not be installed: npm ci in test/bench/peers failed; is the npm registry within reach?',
    );
  }
  return FOLDER;
}

function isInstalled(): boolean {
  return existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(LOCK).mtimeMs;
}

/** The version of a peer that the lock file pins. */
export function peerVersion(name: string): string {
  // CAST: npm's lock file, version 3.
  const lock = JSON.parse(readFileSync(LOCK, 'utf8')) as {
    packages: Record<string, { version: string } | undefined>;
  };
  const found = lock.packages[`node_modules/${name}`];
  if (found === undefined) throw new Error(`the peers' lock file has no ${name}`);
  return found.version;
}
