// Takes from installed packages what Node never loads: types, sources of compiled code, source maps, manuals.
//
// Usage: node prune.mjs NODE_MODULES
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Licences stay. */
const NEVER_LOADED = /\.(?:[cm]?ts|tsx|map|md|markdown)$/i;

/** @param {string} path of a file of an installed package. */
export function isNeverLoaded(path) {
  return NEVER_LOADED.test(path) && !/licen[cs]e|notice|copying/i.test(path);
}

export function prune(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && isNeverLoaded(entry.name)) rmSync(path);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('usage: node prune.mjs NODE_MODULES');
  prune(folder);
}
