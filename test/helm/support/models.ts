import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesObject } from './chart';
import { runToEnd } from './helm';

const ROOT = join(__dirname, '../../..');
/** Models beside those of Kubernetes itself, by API group. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};
const TSC = join(ROOT, 'node_modules/.bin/tsc');

/** What the models' validators find wrong: types, formats, bounds, enumerations, required fields. */
export async function findInvalid(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(__dirname, 'check-models.mjs')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(JSON.stringify(objects));
  const { exitCode, stdout, stderr } = await runToEnd(child);
  if (exitCode !== 0) throw new Error(stderr);
  const problems: string[] = JSON.parse(stdout);
  return problems.filter((problem) => problem !== '');
}

/**
 * What the validators let pass: fields that Kubernetes does not have. The models' types know every field, and the
 * compiler checks literals for others at every depth.
 *
 * @returns The compiler's errors, each with the name of its object.
 */
export async function findUnknownFields(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-helm-models-'));
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'objects.ts'), objects.map(typedLiteral).join('\n'));
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'node20',
      '--types',
      '',
      '--pretty',
      'false',
    ];
    const { stdout } = await runToEnd(
      spawn(TSC, [...options, 'objects.ts'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    return stdout
      .split('\n')
      .filter((line) => line.includes('error TS'))
      .map((line) => `${nameAt(objects, line)}: ${line}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One line of TypeScript, so that an error's line tells the object. */
function typedLiteral(object: KubernetesObject, index: number): string {
  const { apiVersion, kind } = object;
  const library = LIBRARIES[apiVersion.split('/')[0] ?? ''] ?? 'kubernetes-models';
  return `export const o${index}: import('${library}/${apiVersion}/${kind}').I${kind} = ${JSON.stringify(object)};`;
}

function nameAt(objects: readonly KubernetesObject[], error: string): string {
  const [, line = '0'] = /^objects\.ts\((\d+),/.exec(error) ?? [];
  const object = objects[Number(line) - 1];
  return object === undefined ? 'no object' : `${object.kind} ${object.metadata.name}`;
}
