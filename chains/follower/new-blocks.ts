import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import type { LogQuery } from './block-reader';
import type { BlockRef, Breach, ChainPosition, ChainStore, FollowerStep } from './chain-store';
import type { EndpointView, Fork } from './endpoint-survey';
import type { FinalityGate, Seal, SealRequest } from './finality-gate';
import { checkLink, type FetchedRange, type RangeSource } from './range-source';

/** What the endpoints showed when the tick began. */
export interface Outlook {
  /** Where new blocks are read from. */
  readonly source: EndpointView;
  /** The other endpoints that answer. */
  readonly voters: readonly RpcEndpoint[];
  /** The block that a quorum calls final; undefined if no quorum answers. */
  readonly final: number | undefined;
}

/** Where the next step goes on from. */
interface Progress {
  /** What is recorded once the steps so far are committed. */
  readonly position: ChainPosition;
  /** The highest block that stays: the head, or the fork. */
  readonly base: BlockRef;
  /** False once finality is held: the rest of the tick only records provisional blocks. */
  readonly mayFinalise: boolean;
}

/** A range that its source is asked for, and what voters are asked about it meanwhile. */
type Fetching = Promise<{ readonly fetched: FetchedRange; readonly asked: SealRequest['asked'] }>;

interface Prepared {
  /** Undefined if there is nothing left to record. */
  readonly step: FollowerStep | undefined;
  /** Why finality does not move. */
  readonly held: string | undefined;
  /** The range behind the step's; undefined if there is none. */
  readonly following: Fetching | undefined;
}

export interface Recorded {
  readonly position: ChainPosition;
  readonly held: string | undefined;
}

/** Records new blocks, removes what a reorg took back, and moves finality along. */
export class NewBlocks {
  constructor(
    private readonly chainId: ChainId,
    private readonly store: ChainStore,
    private readonly ranges: RangeSource,
    private readonly gate: FinalityGate,
  ) {}

  /**
   * Goes on from `start` to the source's head, one transaction per range. While one range is written the next is read
   * and compared, and the one behind that is on its way.
   *
   * @returns What is recorded now, and why finality does not move, if it does not.
   * @throws EndpointFailure if the source contradicts itself; RpcDisagreementError if a quorum has other blocks.
   */
  async record(start: ChainPosition, outlook: Outlook): Promise<Recorded> {
    const { current: addresses } = await this.store.watchList(this.chainId);
    const base = outlook.source.fork?.ancestor ?? start.head;
    let position = start;
    let held: string | undefined;
    const first = this.begin(base.number + 1, outlook, outlook.final ?? 0, addresses);
    let next = this.prepare({ position, base, mayFinalise: true }, first, outlook, addresses);
    for (;;) {
      const { step, following, ...prepared } = await next;
      held ??= prepared.held;
      if (step === undefined) return { position, held };
      const { after } = step;
      next = this.prepare(
        { position: after, base: after.head, mayFinalise: held === undefined },
        following,
        outlook,
        addresses,
      );
      // If the commit fails, nobody awaits this, whose own failure must not end the process.
      next.catch(() => undefined);
      await this.store.commit(step);
      position = after;
    }
  }

  private async prepare(
    { position, base, mayFinalise }: Progress,
    fetching: Fetching | undefined,
    outlook: Outlook,
    addresses: readonly Hex[],
  ): Promise<Prepared> {
    const { source, voters, final = 0 } = outlook;
    const agreed = mayFinalise ? final : 0;
    const { fetched, asked = new Map() } = (await fetching) ?? {};
    // Before this one is read: endpoints then work beside us.
    const following = fetched && this.begin(fetched.to + 1, outlook, agreed, addresses);
    const range = fetched && this.ranges.open(fetched);
    if (range !== undefined) checkLink(source.endpoint, base, range.headers[0]);
    const floor = position.final.number < base.number ? position.final : base;
    const target = Math.min(agreed, range?.to ?? base.number);
    const seal: Seal =
      target > floor.number
        ? await this.gate.seal({ floor, base, target, range, addresses, asked }, [source.endpoint, ...voters])
        : { final: floor, logs: range?.logs ?? [], repairs: new Map(), held: undefined };
    const held = seal.held && `finality is held: ${seal.held}`;
    if (range === undefined && seal.final.number === position.final.number)
      return { step: undefined, held, following };

    const head = range?.headers.at(-1) ?? base;
    const isRewind = base.number < position.head.number;
    const isBreach = base.number < position.final.number;
    return {
      held,
      following,
      step: {
        chainId: this.chainId,
        before: position,
        after: { head: { number: head.number, hash: head.hash }, final: seal.final },
        ...(isRewind ? { rewindTo: base.number } : {}),
        ...(isBreach && source.fork !== undefined ? { breach: breachOf(source.fork) } : {}),
        blocks: range?.headers ?? [],
        logs: seal.logs,
        repairs: seal.repairs,
      },
    };
  }

  /**
   * Asks for the blocks from `from`; undefined if there are none.
   *
   * @param agreed - Up to where they may become final: about others nobody else is asked.
   */
  private begin(
    from: number,
    outlook: Outlook,
    agreed: number,
    addresses: readonly Hex[],
  ): Fetching | undefined {
    if (outlook.source.latest.number < from) return undefined;
    const fetching = this.fetch(from, outlook, agreed, addresses);
    // If something before it fails, nobody awaits it.
    fetching.catch(() => undefined);
    return fetching;
  }

  private async fetch(
    from: number,
    { source: { endpoint, latest }, voters }: Outlook,
    agreed: number,
    addresses: readonly Hex[],
  ): Fetching {
    let asked: SealRequest['asked'] = new Map();
    const onAsk = (query: LogQuery) => {
      asked = this.gate.askAhead(query, agreed, voters);
    };
    const fetched = await this.ranges.fetch({ endpoint, from, upTo: latest.number, addresses, onAsk });
    return { fetched, asked };
  }
}

/** What falls when the record gives way to `fork`. */
export function breachOf({ ancestor, ours, theirHash }: Fork): Breach {
  return { forkBlock: ancestor?.number ?? -1, oldHash: ours.hash, newHash: theirHash };
}
