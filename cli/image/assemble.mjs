// Gathers what the container image runs, from a finished build: the compiled files that its entry point reaches, the
// bundle of ccip-js, and the creation code of the contracts that are deployed. What is not reached is not shipped.
//
// Usage: node cli/image/assemble.mjs FOLDER
// Fails if the entry point reaches a package that `npm ci --omit=dev` does not install.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(import.meta.url);
const ENTRY = join(root, 'dist/cli/image/main.js');
/** Loaded by a path that only the running program knows, in place of the package of the same name. */
const LOADED_BY_PATH = ['dist/chains/ccip/ccip-js.bundle.cjs'];
const BUNDLED = ['@chainlink/ccip-js'];
/** `foundry.toml` marks the root for the program as it does for forge. */
const FROM_SOURCES = ['package.json', 'foundry.toml', 'LICENSE'];

/** @returns {{ files: string[], packages: string[] }} absolute paths of our compiled files, and the packages they load. */
export function reach(entry = ENTRY) {
  const files = new Set();
  const packages = new Set();
  const left = [entry];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(/\b(?:require|import)\(["']([^"']+)["']\)/g)) {
      if (isBuiltin(name)) continue;
      if (name.startsWith('.')) left.push(createRequire(file).resolve(name));
      else packages.add(packageOf(name));
    }
  }
  return { files: [...files], packages: [...packages].sort() };
}

/** `@scope/name/path` and `name/path` without the path. */
function packageOf(name) {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

export function assemble(folder) {
  const { files, packages } = reach();
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const missing = packages.filter((name) => !(name in dependencies) && !BUNDLED.includes(name));
  if (missing.length > 0)
    throw new Error(`the image would lack ${missing.join(', ')}: they are no dependencies`);
  const shipped = [...files.map((file) => relative(root, file)), ...LOADED_BY_PATH];
  const maps = shipped.map((path) => `${path}.map`).filter((path) => existsSync(join(root, path)));
  for (const path of [...shipped, ...maps, ...FROM_SOURCES]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
  const { contractNames } = require(join(root, 'dist/chains/artifacts.js'));
  for (const name of contractNames) copyCreationCode(folder, `contracts/out/${name}.sol/${name}.json`);
}

/** An artifact without all that no process reads: sources' trees, ABIs, debugging data. */
function copyCreationCode(folder, path) {
  const { bytecode } = JSON.parse(readFileSync(join(root, path), 'utf8'));
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify({ bytecode: { object: bytecode.object } }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('usage: node cli/image/assemble.mjs FOLDER');
  assemble(folder);
}
