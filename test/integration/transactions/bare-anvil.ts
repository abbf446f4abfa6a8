import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { freePorts } from '../../../cli/embedded/ports';
import { rpc } from '../../devnet/json-rpc';
import { until } from '../../devnet/polling';

/** A chain of its own for one test file. */
export interface BareAnvil {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface BareAnvilOptions {
  /** Further arguments of its command line. */
  readonly args?: readonly string[];
  /** A file that is open for appending, into which it writes the method of each call that it gets, a line each. */
  readonly calls?: number;
}

/** Starts an anvil that mines only when told, and waits until it listens. */
export async function startBareAnvil(
  eip155: number,
  { args = [], calls }: BareAnvilOptions = {},
): Promise<BareAnvil> {
  const [port = 0] = await freePorts([undefined]);
  const folder = path.dirname(require.resolve('@foundry-rs/anvil-linux-amd64/package.json'));
  const anvil = spawn(
    path.join(folder, 'bin', 'anvil'),
    ['--port', String(port), '--chain-id', String(eip155), '--no-mining', ...args].concat(
      calls === undefined ? '--silent' : [],
    ),
    { stdio: ['ignore', calls ?? 'ignore', 'ignore'] },
  );
  const exited = once(anvil, 'exit');
  const { pid } = anvil;
  if (pid === undefined) throw new Error('anvil could not be started');
  const url = `http://127.0.0.1:${port}`;
  await until('anvil to answer', async () => {
    if (anvil.exitCode !== null) throw new Error(`anvil ended with ${anvil.exitCode}`);
    const call = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] };
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(call),
    };
    return fetch(url, request).then(
      (response) => response.ok,
      () => false, // nobody listens yet
    );
  });
  return {
    url,
    pid,
    async stop() {
      anvil.kill();
      await exited;
    },
  };
}

/** Puts empty blocks in the place of the newest ones. */
export async function reorgAnvil(url: string, depth: number): Promise<void> {
  await rpc(url, 'anvil_reorg', [depth, []]);
}
