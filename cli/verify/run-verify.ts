import { createReadStream } from 'node:fs';
import { type Verdict, verifyArchive } from '../../domain/export/verify/verify-archive';
import { CommandError } from '../cli-errors';
import type { VerifyCommand } from './verify-arguments';

/**
 * `verify`: checks an exported archive by itself, and prints each check.
 *
 * @throws {@link CommandError} that names the codes of what is wrong.
 */
export async function runVerify(
  { file, key, json }: VerifyCommand,
  print: (line: string) => void,
): Promise<void> {
  const verdict = await verifyArchive(() => createReadStream(file), key);
  print(json ? JSON.stringify(toJson(verdict, key), undefined, 2) : toText(verdict, key));
  if (verdict.holds) return;
  throw new CommandError(`${file} is refused: ${codesOf(verdict).join(', ')}.`);
}

function toText({ manifest, manifestHash, checks, holds }: Verdict, key: string | undefined): string {
  const lines = checks.flatMap(({ name, count, faults, faultCount }) => [
    `  ${signOf(count, faultCount)}  ${name.padEnd(20)} ${count.toLocaleString('en')}`,
    ...faults.map(({ code, where, what }) => `        ${code} ${where}: ${what}`),
    ...(faultCount > faults.length ? [`        and ${faultCount - faults.length} more`] : []),
  ]);
  if (manifest === undefined) return lines.join('\n');
  const { tenant, snapshotAt, chains, key: signer } = manifest;
  const heights = chains.map(({ chainId, finalBlock }) => `${chainId} final to ${finalBlock}`);
  return `${[
    `${tenant.name} (${tenant.id}) as of ${snapshotAt}`,
    ...heights.map((height) => `  ${height}`),
    `  manifest ${manifestHash}`,
    `  key      ${signer.publicKey}`,
    '',
    ...lines,
    '',
    holds ? conclusion(key) : 'REFUSED',
  ].join('\n')}`;
}

/** What was not looked at is not said to hold. */
function signOf(count: number, faultCount: number): string {
  if (faultCount > 0) return 'FAIL';
  return count > 0 ? 'ok  ' : '-   ';
}

function conclusion(key: string | undefined): string {
  return key === undefined
    ? 'Nothing was changed since it was signed. By whom is not proven: the key is the archive’s own. Get the platform’s key another way, and give it by --key.'
    : 'Nothing was changed since the given key signed it.';
}

function toJson({ manifest, manifestHash, checks, holds }: Verdict, key: string | undefined) {
  return {
    holds,
    originProven: holds && key !== undefined,
    tenant: manifest?.tenant ?? null,
    snapshotAt: manifest?.snapshotAt ?? null,
    manifestHash: manifestHash ?? null,
    key: manifest?.key.publicKey ?? null,
    checks: checks.map(({ name, count, faultCount, faults }) => ({ name, count, faultCount, faults })),
  };
}

function codesOf({ checks }: Verdict): string[] {
  return [...new Set(checks.flatMap(({ faults }) => faults.map(({ code }) => code)))];
}
