import type { Address } from 'viem';
import { CCIP_ABI, type Message, toDestinationMessage } from './ccip-messages';
import { type LogReader, readEvents } from './chain-view';

/** The numbers of one accepted root. */
export interface CommittedRoot {
  readonly sourceSelector: bigint;
  readonly first: bigint;
  readonly last: bigint;
}

/** What the ramps of one chain have said. */
export interface CcipFacts {
  /** Messages sent from this chain, by destination selector and sequence number. */
  readonly sent: Map<bigint, Map<bigint, Message>>;
  /** Highest sequence number committed on this chain, by source selector. */
  readonly committed: Map<bigint, bigint>;
  /** Committed messages not executed within the same facts, by {@link messageKey}. */
  readonly open: Map<string, CommittedRoot>;
  /** Messages executed on this chain, successfully or not, that are not open in the same facts. */
  readonly executed: Set<string>;
}

const EVENTS = CCIP_ABI.filter((item) => item.type === 'event');

/** A message to a chain that is known, by where it comes from. */
export function messageKey(sourceSelector: bigint, sequenceNumber: bigint): string {
  return `${sourceSelector}:${sequenceNumber}`;
}

function readCcipLogs(
  rpcUrl: string,
  { onRamp, offRamp }: { readonly onRamp: Address; readonly offRamp: Address },
  fromBlock: bigint,
) {
  return readEvents(rpcUrl, { address: [onRamp, offRamp], abi: EVENTS, fromBlock });
}

type CcipLog = Awaited<ReturnType<typeof readCcipLogs>>[number];

/** Reads one chain's ramps. */
export function ccipLogReader(
  rpcUrl: string,
  ramps: { readonly onRamp: Address; readonly offRamp: Address },
): LogReader<CcipLog, CcipFacts> {
  return {
    read: (fromBlock) => readCcipLogs(rpcUrl, ramps, fromBlock),
    empty: () => ({ sent: new Map(), committed: new Map(), open: new Map(), executed: new Set() }),
    apply: applyLog,
  };
}

function applyLog(facts: CcipFacts, log: CcipLog): void {
  switch (log.eventName) {
    case 'CCIPMessageSent': {
      const { destChainSelector, sequenceNumber, message } = log.args;
      const lane = facts.sent.get(destChainSelector) ?? new Map<bigint, Message>();
      facts.sent.set(destChainSelector, lane.set(sequenceNumber, toDestinationMessage(message)));
      return;
    }
    case 'CommitReportAccepted':
      for (const root of [...log.args.blessedMerkleRoots, ...log.args.unblessedMerkleRoots]) {
        const { sourceChainSelector: sourceSelector, minSeqNr: first, maxSeqNr: last } = root;
        facts.committed.set(sourceSelector, last);
        for (let sequence = first; sequence <= last; sequence += 1n) {
          facts.open.set(messageKey(sourceSelector, sequence), { sourceSelector, first, last });
        }
      }
      return;
    case 'ExecutionStateChanged': {
      const key = messageKey(log.args.sourceChainSelector, log.args.sequenceNumber);
      if (!facts.open.delete(key)) facts.executed.add(key);
      return;
    }
  }
}
