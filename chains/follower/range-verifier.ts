import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import { RpcDisagreementError } from '../evm/rpc/rpc-errors';
import {
  areSameLogs,
  type BlockReader,
  type Header,
  type LogAnswer,
  type LogQuery,
  logsOfReceipts,
  parseLogs,
} from './block-reader';
import type { ChainLog } from './chain-store';
import { isSilence } from './endpoint-survey';
import { BloomFilter } from './logs-bloom';
import { receiptsRoot } from './receipts-root';

/** Blocks whose receipts are read at the same time. */
const PROOFS_AT_ONCE = 8;

/** What one endpoint says about a range. */
export interface Vote {
  readonly endpoint: RpcEndpoint;
  readonly headers: readonly Header[];
  readonly answer: LogAnswer;
}

/** Blocks that are about to be called final. */
export interface Claim {
  readonly from: number;
  readonly to: number;
  /** The blocks' hashes, lowest first. */
  readonly hashes: readonly Hex[];
  readonly logs: readonly ChainLog[];
  /** Lower case; the only ones whose logs matter. */
  readonly addresses: readonly Hex[];
  /** The answer that the claim was read from, if it was read just now: it counts as a vote. */
  readonly source?: Vote;
  /** Voters that have been asked about exactly this range already. */
  readonly asked?: ReadonlyMap<RpcEndpoint, Promise<Vote | undefined>>;
}

/** By block number: the logs that a block has in truth, in place of those that were claimed. */
export type Repairs = ReadonlyMap<number, readonly ChainLog[]>;

export interface Verdict {
  /** Undefined if the blocks may be called final; else what is missing, completing "finality is held: …". */
  readonly held: string | undefined;
  /** Empty while held. */
  readonly repairs: Repairs;
}

/**
 * Decides whether a range is what the network has, by comparing endpoints.
 *
 * Hashes: a quorum must agree. Logs: a block passes as claimed if a second endpoint gives the same logs
 * and the header's bloom filter fits them. Any other block that may hold logs is proven by its receipts,
 * whose root must be the one in the agreed header; so an endpoint that omits, adds or alters logs is
 * found out even if it is the only one.
 */
export class RangeVerifier {
  constructor(
    private readonly chainId: ChainId,
    private readonly reader: BlockReader,
    private readonly quorum: number,
  ) {}

  /**
   * @param voters - Endpoints to ask beside the claim's source, best first.
   * @throws RpcDisagreementError if a quorum agrees on other blocks than the claimed.
   */
  async verify(claim: Claim, voters: readonly RpcEndpoint[]): Promise<Verdict> {
    const { supporters, dissenters } = await this.poll(claim, voters);
    if (supporters.length < this.quorum) return this.undecided(claim, supporters.length, dissenters);

    const [first] = supporters;
    if (first === undefined) throw new Error('a quorum is at least one');
    if (supporters.some((vote) => !haveSameContents(vote, first))) {
      return held(`endpoints disagree about the contents of blocks ${claim.from} to ${claim.to}`);
    }
    return this.checkLogs(claim, supporters, first.headers);
  }

  private async poll(claim: Claim, voters: readonly RpcEndpoint[]) {
    const supporters: Vote[] = [];
    const dissenters: Vote[] = [];
    const count = (vote: Vote): void => {
      const agrees = vote.headers.every(({ hash }, index) => hash === claim.hashes[index]);
      (agrees ? supporters : dissenters).push(vote);
    };
    if (claim.source !== undefined) count(claim.source);
    const remaining = [...voters];
    while (supporters.length < this.quorum && remaining.length > 0) {
      const asked = remaining.splice(0, this.quorum - supporters.length);
      const votes = await Promise.all(
        asked.map((endpoint) => claim.asked?.get(endpoint) ?? this.ask(endpoint, claim)),
      );
      for (const vote of votes) if (vote !== undefined) count(vote);
    }
    return { supporters, dissenters };
  }

  /** Asks the voters whose votes would be needed first, before the claim itself is known. */
  askAhead(voters: readonly RpcEndpoint[], query: LogQuery): Map<RpcEndpoint, Promise<Vote | undefined>> {
    const asked = voters
      .slice(0, this.quorum - 1)
      .map((endpoint) => [endpoint, this.ask(endpoint, query)] as const);
    // The claim may never come: then nobody awaits these.
    for (const [, vote] of asked) vote.catch(() => undefined);
    return new Map(asked);
  }

  private async ask(endpoint: RpcEndpoint, query: LogQuery): Promise<Vote | undefined> {
    try {
      const [headers, answer] = await Promise.all([
        this.reader.headers(endpoint, query.from, query.to),
        this.reader.logs(endpoint, query),
      ]);
      return { endpoint, headers, answer };
    } catch (error) {
      if (!isSilence(error)) throw error;
      return undefined;
    }
  }

  private undecided({ from, to }: Claim, agreeing: number, dissenters: readonly Vote[]): Verdict {
    const byHash = new Map<string, number>();
    for (const { headers } of dissenters) {
      const hash = headers.at(-1)?.hash ?? '';
      byHash.set(hash, (byHash.get(hash) ?? 0) + 1);
    }
    if (Math.max(0, ...byHash.values()) >= this.quorum) {
      throw new RpcDisagreementError(this.chainId, { context: { from, to } });
    }
    if (dissenters.length > 0) return held(`endpoints disagree about blocks ${from} to ${to}`);
    return held(`only ${agreeing} of the ${this.quorum} endpoints needed answer`);
  }

  private async checkLogs(
    claim: Claim,
    supporters: readonly Vote[],
    headers: readonly Header[],
  ): Promise<Verdict> {
    const claimed = byBlock(claim.logs);
    const disputed = disputedBlocks(claim, claimed, supporters, headers);
    const bloom = new BloomFilter(claim.addresses);
    const doubtful = headers.filter(({ number, logsBloom }) => {
      const hasLogs = claimed.has(number);
      return (
        disputed.has(number) || bloom.admitsAny(logsBloom) !== hasLogs || (hasLogs && supporters.length < 2)
      );
    });

    const repairs = new Map<number, readonly ChainLog[]>();
    const addresses = new Set(claim.addresses);
    for (let at = 0; at < doubtful.length; at += PROOFS_AT_ONCE) {
      const part = doubtful.slice(at, at + PROOFS_AT_ONCE);
      const proven = await Promise.all(part.map((header) => this.prove(header, supporters, addresses)));
      for (const [index, { number }] of part.entries()) {
        const logs = proven[index];
        if (logs === undefined) return held(`no endpoint proves the logs of block ${number}`);
        if (!areSameLogs(logs, claimed.get(number) ?? [])) repairs.set(number, logs);
      }
    }
    return { held: undefined, repairs };
  }

  /** The block's logs by its receipts; undefined if no endpoint has receipts that fit the header. */
  private async prove(
    header: Header,
    supporters: readonly Vote[],
    addresses: ReadonlySet<Hex>,
  ): Promise<ChainLog[] | undefined> {
    for (const { endpoint } of supporters) {
      try {
        const receipts = await this.reader.receipts(endpoint, header);
        if (receipts !== null && receiptsRoot(receipts) === header.receiptsRoot) {
          return logsOfReceipts(receipts, header, addresses);
        }
      } catch (error) {
        if (!isSilence(error)) throw error;
      }
    }
    return undefined;
  }
}

function held(reason: string): Verdict {
  return { held: reason, repairs: new Map() };
}

/** The claimed logs with those of some blocks replaced, in the order of the chain. */
export function repaired(claimed: readonly ChainLog[], repairs: Repairs): readonly ChainLog[] {
  if (repairs.size === 0) return claimed;
  const kept = claimed.filter(({ blockNumber }) => !repairs.has(blockNumber));
  return [...kept, ...[...repairs.values()].flat()].sort(
    (one, other) => one.blockNumber - other.blockNumber || one.logIndex - other.logIndex,
  );
}

/** The hash covers both fields, but nobody here recomputes the hash: a liar could keep it and change them. */
function haveSameContents(vote: Vote, other: Vote): boolean {
  return vote.headers.every(
    ({ logsBloom, receiptsRoot: root }, index) =>
      logsBloom === other.headers[index]?.logsBloom && root === other.headers[index]?.receiptsRoot,
  );
}

/** Blocks where some supporter's logs are not the claimed ones. */
function disputedBlocks(
  { source, addresses }: Claim,
  claimed: ReadonlyMap<number, readonly ChainLog[]>,
  supporters: readonly Vote[],
  headers: readonly Header[],
): Set<number> {
  const disputed = new Set<number>();
  const byNumber = new Map(headers.map((header) => [header.number, header]));
  for (const { answer } of supporters) {
    if (answer === source?.answer || (source !== undefined && areSameBytes(answer, source.answer))) continue;
    const given = readLogs(answer, byNumber, new Set(addresses));
    for (const { number } of headers) {
      if (given === undefined || !areSameLogs(given.get(number) ?? [], claimed.get(number) ?? [])) {
        disputed.add(number);
      }
    }
  }
  return disputed;
}

/** Undefined if the answer makes no sense, as from an endpoint that was caught in a reorg. */
function readLogs(answer: LogAnswer, headers: ReadonlyMap<number, Header>, addresses: ReadonlySet<Hex>) {
  try {
    return byBlock(parseLogs(answer, headers, addresses));
  } catch (error) {
    if (!isSilence(error)) throw error;
    return undefined;
  }
}

function byBlock(logs: readonly ChainLog[]): Map<number, ChainLog[]> {
  const groups = new Map<number, ChainLog[]>();
  for (const log of logs) {
    const group = groups.get(log.blockNumber);
    if (group === undefined) groups.set(log.blockNumber, [log]);
    else group.push(log);
  }
  return groups;
}

function areSameBytes(some: LogAnswer, others: LogAnswer): boolean {
  return (
    some.bodies.length === others.bodies.length &&
    some.bodies.every((body, index) => others.bodies[index]?.equals(body) === true)
  );
}
