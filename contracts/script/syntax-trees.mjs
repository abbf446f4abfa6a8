/** The compiler's syntax trees and warnings, without the code that it would generate from them: a matter of seconds. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** The root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const forge = join(root, 'node_modules/@foundry-rs/forge-linux-amd64/bin/forge');

/** @returns {Map<string, Buffer>} The Solidity files of a folder by their path from the root, in order. */
export function readSources(folder) {
  const files = readdirSync(join(root, folder), { recursive: true })
    .filter((path) => path.endsWith('.sol'))
    .map((path) => `${folder}/${path}`)
    .sort();
  return new Map(files.map((file) => [file, readFileSync(join(root, file))]));
}

/**
 * @param {Map<string, Buffer>} sources
 * @returns {{ trees: Record<string, { ast: object }>, warnings: string[] }} Trees of imported files too; of the warnings
 * only those about our own.
 * @throws If the sources do not compile.
 */
export function parse(sources) {
  const { status, stdout, stderr } = spawnSync(forge, ['config', '--json'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`forge config failed: ${stderr}`);
  const { evm_version: evmVersion, remappings } = JSON.parse(stdout);
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([file, source]) => [file, { content: source.toString() }])),
    settings: { evmVersion, remappings, outputSelection: { '*': { '': ['ast'] } } },
  };
  const output = JSON.parse(require('solc').compile(JSON.stringify(input), { import: readImport }));
  const findings = output.errors ?? [];
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  const own = findings.filter(({ sourceLocation }) => !sourceLocation?.file.startsWith('node_modules/'));
  return { trees: output.sources, warnings: own.map(({ formattedMessage }) => formattedMessage) };
}

function readImport(path) {
  const absolute = join(root, path);
  return existsSync(absolute) ? { contents: readFileSync(absolute, 'utf8') } : { error: `${path} not found` };
}
