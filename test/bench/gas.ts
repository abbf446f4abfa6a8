import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Benchmark, type Comparison, isMet } from './benchmark';

const ROOT = join(__dirname, '..', '..', '..');
/** As in contracts/test/Gas.t.sol. */
const FIRST_ARRIVAL_BAR = 1.4;
const RETURN_BAR = 1.35;
const BATCH_BAR = 0.3;
const MINT_BAR = 1;
/** What Art Blocks publishes for a mint by its V3 core. */
const ART_BLOCKS_MINT = 111_000;

/**
 * The gas of mint and travel beside LayerZero's ONFT721, as contracts/test/Gas.t.sol measures both in one run. Gas does
 * not depend on the machine.
 */
export const benchGas: Benchmark = async ({ log }) => {
  log('compiling contracts and their tests (minutes, if they have changed)');
  const { status, stdout: printed } = forgeTest();
  const rowOf = (what: string): readonly number[] => {
    const line = printed.split('\n').find((text) => text.trim().startsWith(`${what} `));
    if (line === undefined) throw new Error(`the gas test printed no "${what}"`);
    return line.trim().slice(what.length).trim().split(' ').map(Number);
  };
  const [first = 0, onftFirst = 0] = rowOf('first arrival');
  const [home = 0, onftHome = 0] = rowOf('return home');
  const [again = 0, onftAgain = 0] = rowOf('re-arrival');
  const [count = 0, batch = 0, singles = 0] = rowOf('batch of');
  const [mint = 0] = rowOf('mint to a fresh holder');
  const rows = [
    row('first arrival on a chain vs ONFT721', first, onftFirst, FIRST_ARRIVAL_BAR),
    row('return home vs ONFT721', home, onftHome, RETURN_BAR),
    row('arrival again vs ONFT721', again, onftAgain, RETURN_BAR),
    row(`${count} works in one message vs in ${count}`, batch, singles, BATCH_BAR),
    row('mint vs what Art Blocks publishes', mint, ART_BLOCKS_MINT, MINT_BAR),
  ];
  // It also fails beyond a bar, which the rows tell.
  if (status !== 0 && rows.every(isMet)) throw new Error(`the gas test failed:\n${printed}`);
  return rows;
};

function row(name: string, figure: number, peer: number, bar: number): Comparison {
  if (!(figure > 0 && peer > 0)) throw new Error(`${name}: the gas test printed no numbers`);
  return { name, unit: 'gas', figure, peer, bar, lessIsBetter: true };
}

function forgeTest() {
  const forge = join(ROOT, 'node_modules', '@foundry-rs', 'forge-linux-amd64', 'bin', 'forge');
  const args = ['test', '--match-path', 'contracts/test/Gas.t.sol', '-vv'];
  return spawnSync(forge, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
