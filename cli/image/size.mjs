// What `npm ci --omit=dev` installs and what the build adds, by what they take on disk (as `du` counts), without
// installing anything: the lock file says which of the packages that lie here are production dependencies.
//
// Usage: node cli/image/size.mjs   prints it, and fails above the limit
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemble } from './assemble.mjs';
import { isNeverLoaded } from './prune.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MIB = 1024 * 1024;
/** The most that dependencies and our own code may take in the image. */
export const LIMIT_MIB = 150;

/** @returns {{ installedMib: number, keptMib: number, ownMib: number }} */
export function measure() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const sizes = { installed: 0, kept: 0 };
  for (const [path, { dev, link }] of Object.entries(packages)) {
    if (path.startsWith('node_modules/') && !dev && !link) addFolder(join(root, path), sizes);
  }
  return { installedMib: sizes.installed / MIB, keptMib: sizes.kept / MIB, ownMib: measureOwn() / MIB };
}

/** Of one package, without those inside of it: the lock file lists them by themselves. */
function addFolder(folder, sizes) {
  const own = lstatSync(folder, { throwIfNoEntry: false });
  // Optional and for another platform.
  if (own === undefined) return;
  sizes.installed += own.blocks * 512;
  sizes.kept += own.blocks * 512;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      addFolder(path, sizes);
      continue;
    }
    const size = lstatSync(path).blocks * 512;
    sizes.installed += size;
    if (!isNeverLoaded(entry.name)) sizes.kept += size;
  }
}

function measureOwn() {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-image-'));
  try {
    assemble(folder);
    const sizes = { installed: 0, kept: 0 };
    addFolder(folder, sizes);
    return sizes.installed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { installedMib, keptMib, ownMib } = measure();
  const total = keptMib + ownMib;
  console.log(
    `dependencies ${installedMib.toFixed(0)} MiB, ${keptMib.toFixed(0)} MiB without what is never loaded`,
  );
  console.log(
    `our own code ${ownMib.toFixed(0)} MiB; in the image together ${total.toFixed(0)} of ${LIMIT_MIB} MiB`,
  );
  if (total > LIMIT_MIB) process.exitCode = 1;
}
