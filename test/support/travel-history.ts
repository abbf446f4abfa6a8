import type { Hex } from 'viem';
import { FIRST_PREVIOUS_HASH, hashEntry } from '../../domain/provenance/provenance-entry';
import type { ProvenanceEvent } from '../../schema/types/provenance';
import type { TravelHarness } from './travel';
import { chainClient } from './travel-steps';

/** Recomputes every link of a history from its entries alone. */
export function expectLinked(history: readonly ProvenanceEvent[]): void {
  let previousHash = FIRST_PREVIOUS_HASH;
  const recomputed = history.map(({ kind, facts, evidence }, index) => {
    const entry = {
      sequence: index + 1,
      kind,
      // CAST: facts are a JSON object wherever they are written.
      facts: facts as Record<string, unknown>,
      evidence,
      previousHash,
    };
    const hashed = hashEntry(entry);
    previousHash = hashed.hash;
    return { ...hashed, provisional: false };
  });
  expect(history).toEqual(recomputed);
}

/** Looks every entry's log up on its chain: same block, same transaction, same place. */
export async function expectProvenOnChain(
  harness: TravelHarness,
  history: readonly ProvenanceEvent[],
): Promise<void> {
  for (const { evidence } of history) {
    if (evidence === null) continue;
    const { chainId, transactionHash, blockHash, logIndex } = evidence;
    // CAST: the follower recorded it from a log.
    const hash = transactionHash as Hex;
    const receipt = await chainClient(harness, chainId).getTransactionReceipt({ hash });
    expect(receipt.blockHash).toBe(blockHash);
    expect(receipt.logs.map((log) => log.logIndex)).toContain(logIndex);
  }
}
