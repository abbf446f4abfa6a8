import type { Hex } from 'viem';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import { type ChainId, chainIdSchema } from '../../schema/caip';
import { missingEntries } from '../provenance/history';
import { FIRST_PREVIOUS_HASH, type HashedEntry, hashEntry } from '../provenance/provenance-entry';
import type { EventArgs, RegistryEvent, RegistryEventName } from '../provenance/registry-event';
import { replayHistory } from './history-replay';

const HOME = chainIdSchema.parse('eip155:11155111');
const MIRROR = chainIdSchema.parse('eip155:84532');

function event(
  name: RegistryEventName,
  chainId: ChainId,
  blockNumber: number,
  args: EventArgs,
): RegistryEvent {
  const blockHash: Hex = `0x${chainId.slice(-4)}${blockNumber}`;
  return {
    chainId,
    blockNumber,
    logIndex: 0,
    blockHash,
    transactionHash: `0x${blockNumber}`,
    name,
    tokenId: '7',
    digest: null,
    args,
    final: true,
  };
}

const minted = event('WorkMinted', HOME, 1, { to: '0xa' });
const departed = event('WorkDeparted', HOME, 2, { hop: '1', dstChainHash: chainHashOf(MIRROR) });
const arrived = event('WorkArrived', MIRROR, 5, { hop: '1', holder: '0xb' });
const transferred = event('Transfer', MIRROR, 6, { to: '0xc' });
const stated = event('RevisionStated', HOME, 9, { revision: '1' });
const ALL = [minted, departed, arrived, transferred, stated];

/** As the projection writes it, when it sees the events become final in these portions. */
function written(...portions: readonly (readonly RegistryEvent[])[]): HashedEntry[] {
  const history: HashedEntry[] = [];
  for (const portion of portions)
    for (const entry of missingEntries(history, portion)) {
      const previousHash = history.at(-1)?.hash ?? FIRST_PREVIOUS_HASH;
      history.push(hashEntry({ ...entry, sequence: history.length + 1, previousHash }));
    }
  return history;
}

test('a history is the same byte for byte, in whichever order its chains became final', () => {
  const homeFirst = written([minted, departed, stated], ALL);
  const mirrorFirst = written([minted, departed, arrived, transferred], ALL);
  expect(homeFirst.map(({ kind }) => kind)).not.toEqual(mirrorFirst.map(({ kind }) => kind));
  expect(replayHistory(homeFirst, ALL)).toEqual(homeFirst);
  expect(replayHistory(mirrorFirst, ALL)).toEqual(mirrorFirst);
});

test('of a history that is lost the entries are found again, in causal order', () => {
  expect(replayHistory([], ALL)).toEqual(written(ALL));
});

test('entries that a breach of finality took back are kept, with what took them back', () => {
  const fallen = event('Transfer', HOME, 3, { to: '0xd' });
  const history = written([minted, fallen], [minted], ALL);
  expect(history.map(({ kind }) => kind)).toContain('Breached');
  expect(replayHistory(history, ALL)).toEqual(history);
});

test('an entry that comes back to the chain after a breach has its second place', () => {
  const fallen = event('Transfer', HOME, 3, { to: '0xd' });
  const history = written([minted, fallen], [minted], [minted, fallen]);
  expect(replayHistory(history, [minted, fallen])).toEqual(history);
});

describe('what no chain says does not come out of a replay', () => {
  const history = written(ALL);
  const relinked = (entries: readonly HashedEntry[]) => {
    const linked: HashedEntry[] = [];
    for (const { kind, facts, evidence } of entries) {
      const previousHash = linked.at(-1)?.hash ?? FIRST_PREVIOUS_HASH;
      linked.push(hashEntry({ kind, facts, evidence, sequence: linked.length + 1, previousHash }));
    }
    return linked;
  };
  const forgeries: readonly [string, readonly HashedEntry[]][] = [
    [
      'other facts',
      history.map((entry) => (entry.kind === 'Transferred' ? { ...entry, facts: { to: '0xe' } } : entry)),
    ],
    ['an entry without a log', [...history, { ...history[3], evidence: null } as HashedEntry]],
    [
      'a log of another block',
      history.map((entry) => ({
        ...entry,
        evidence: entry.evidence && { ...entry.evidence, blockHash: '0xf' },
      })),
    ],
    ['an entry twice', [...history, history[4] as HashedEntry]],
    [
      'a chain’s own order turned round',
      [history[0], history[2], history[1], history[3], history[4]] as HashedEntry[],
    ],
    [
      'an effect before its cause',
      ['WorkMinted', 'WorkArrived', 'WorkDeparted', 'RevisionStated', 'Transferred'].map((kind) =>
        history.find((entry) => entry.kind === kind),
      ) as HashedEntry[],
    ],
    ['one entry less', history.slice(1)],
    [
      'an entry taken back that stands',
      [
        ...history,
        { ...history[3], kind: 'Breached', facts: { sequence: 4 }, evidence: null } as HashedEntry,
      ],
    ],
  ];
  test.each(forgeries)('%s', (_what, forged) => {
    const recorded = relinked(forged);
    const replayed = replayHistory(recorded, ALL);
    expect(replayed).not.toEqual(recorded);
    const isProven = (hash: string | undefined) => ALL.some(({ blockHash }) => blockHash === hash);
    const unproven = replayed.filter(
      ({ kind, evidence }) => kind !== 'Breached' && !isProven(evidence?.blockHash),
    );
    expect(unproven).toEqual([]);
  });
});
