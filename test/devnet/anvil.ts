import { existsSync } from 'node:fs';
import path from 'node:path';
import { MNEMONIC } from './accounts';
import { type Child, type ChildContext, lastWords, startChild } from './child-process';
import { rpc } from './json-rpc';
import { FINALITY_BLOCKS } from './networks';
import { until } from './polling';
import { isNotListening } from './system-errors';

/**
 * Runs anvil until this shell's standard input closes.
 *
 * anvil itself does not notice the death of its parent; `cat` does.
 */
const UNTIL_STDIN_CLOSES = `
exec 3<&0
"$@" </dev/null 3<&- &
anvil=$!
{ cat <&3 >/dev/null; kill "$anvil" 2>/dev/null; } &
exec 3<&-
wait "$anvil"
`;

/** States of past blocks that anvil keeps in memory; also the deepest reorg that it can make. */
const STATES_KEPT = 256;
const BLOCK_GAS_LIMIT = 60_000_000;
const BALANCE_ETH = 1_000_000;

export interface AnvilOptions {
  readonly eip155: number;
  readonly port: number;
  /** A dump to begin from; a fresh chain if absent. */
  readonly stateFile?: string;
  readonly cacheDir: string;
  /** How far its `finalized` tag stays below the head: even; {@link FINALITY_BLOCKS} if absent. */
  readonly finalityBlocks?: number;
}

/**
 * Starts one chain that mines only when told, and waits until it answers.
 *
 * Blocks carry the wall clock's seconds, several blocks the same one: unlike a whole-second interval
 * this keeps chain time at wall time however short the block time is.
 */
export async function startAnvil(context: ChildContext, options: AnvilOptions): Promise<Child> {
  const { eip155, port, stateFile, cacheDir, finalityBlocks = FINALITY_BLOCKS } = options;
  const name = `anvil-${eip155}`;
  const binary = path.join(anvilFolder(), 'bin', 'anvil');
  const state = stateFile !== undefined && existsSync(stateFile) ? ['--load-state', stateFile] : [];
  const child = startChild(context, name, '/bin/sh', [
    '-c',
    UNTIL_STDIN_CLOSES,
    'sh',
    binary,
    ...[
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--chain-id',
      String(eip155),
      '--silent',
      '--no-mining',
    ],
    ...['--mnemonic', MNEMONIC, '--balance', String(BALANCE_ETH), '--gas-limit', String(BLOCK_GAS_LIMIT)],
    ...['--slots-in-an-epoch', String(finalityBlocks / 2), '--prune-history', String(STATES_KEPT)],
    ...['--cache-path', cacheDir, ...state],
  ]);
  const url = anvilUrl(port);
  await until(`anvil on port ${port}`, async () => {
    if (!child.isAlive) {
      throw new Error(`anvil for chain ${eip155} ended before it answered: ${lastWords(context, name)}`);
    }
    return answers(url);
  });
  return child;
}

export function anvilUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function answers(url: string): Promise<boolean> {
  try {
    await rpc(url, 'eth_chainId');
    return true;
  } catch (error) {
    if (isNotListening(error)) return false;
    throw error;
  }
}

function anvilFolder(): string {
  return path.dirname(require.resolve('@foundry-rs/anvil-linux-amd64/package.json'));
}
