import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import type { LogQuery } from './block-reader';
import type { BlockRef, ChainLog, ChainStore } from './chain-store';
import type { Range } from './range-source';
import { type RangeVerifier, type Repairs, repaired, type Vote } from './range-verifier';

/** Blocks that could become final. */
export interface SealRequest {
  /** The last block that is final already. */
  readonly floor: BlockRef;
  /** The last recorded block that stays. */
  readonly base: BlockRef;
  /** The highest block to make final; above {@link floor}. */
  readonly target: number;
  /** New blocks above {@link base}, not yet recorded. */
  readonly range: Range | undefined;
  /** Lower case. */
  readonly addresses: readonly Hex[];
  /** Endpoints that have been asked about exactly {@link range} already. */
  readonly asked: ReadonlyMap<RpcEndpoint, Promise<Vote | undefined>>;
}

export interface Seal {
  /** The new final block; the floor if finality is held. */
  readonly final: BlockRef;
  /** The new blocks' logs, corrected where the source was wrong. */
  readonly logs: readonly ChainLog[];
  /** Corrected logs of recorded blocks. */
  readonly repairs: Repairs;
  /** Why finality is held; undefined if it is not. */
  readonly held: string | undefined;
}

type Outcome = Omit<Seal, 'logs'>;

/** Lets blocks become final only after a quorum of endpoints confirmed them and their logs. */
export class FinalityGate {
  constructor(
    private readonly chainId: ChainId,
    private readonly store: Pick<ChainStore, 'blocksDown' | 'logs'>,
    private readonly verifier: RangeVerifier,
  ) {}

  /**
   * Asks ahead about a range that is being read, if all of it may become final.
   *
   * @param target - As in {@link SealRequest}.
   */
  askAhead(query: LogQuery, target: number, voters: readonly RpcEndpoint[]): SealRequest['asked'] {
    return query.to <= target ? this.verifier.askAhead(voters, query) : new Map();
  }

  /**
   * @param endpoints - Those that answer, the range's source first.
   * @throws RpcDisagreementError if a quorum agrees on other blocks.
   */
  async seal(request: SealRequest, endpoints: readonly RpcEndpoint[]): Promise<Seal> {
    const { floor, base, target, range } = request;
    const logs = range?.logs ?? [];
    const recorded: Outcome =
      floor.number < base.number
        ? await this.sealRecorded(request, endpoints)
        : { final: floor, repairs: new Map(), held: undefined };
    if (range === undefined || target <= base.number || recorded.held !== undefined)
      return { logs, ...recorded };

    const { final, repairs, held } = await this.sealNew(
      range,
      { ...request, floor: recorded.final },
      endpoints.slice(1),
    );
    return {
      final,
      logs: repaired(logs, repairs),
      repairs: recorded.repairs,
      held,
    };
  }

  /** Blocks that were recorded provisionally: every voter is compared with the record. */
  private async sealRecorded(
    { floor, base, target, addresses }: SealRequest,
    endpoints: readonly RpcEndpoint[],
  ): Promise<Outcome> {
    const from = floor.number + 1;
    const to = Math.min(target, base.number);
    const blocks = (await this.store.blocksDown(this.chainId, to, to - floor.number)).reverse();
    const watched = new Set(addresses);
    const logs = (await this.store.logs(this.chainId, from, to)).filter(({ address }) =>
      watched.has(address),
    );
    const hashes = blocks.map(({ hash }) => hash);
    const verdict = await this.verifier.verify({ from, to, hashes, logs, addresses }, endpoints);
    const last = blocks.at(-1);
    return { final: verdict.held === undefined && last !== undefined ? last : floor, ...verdict };
  }

  /** Blocks that were read just now: their source's answer is one vote. */
  private async sealNew(
    { endpoint, from, headers, answer, logs }: Range,
    { target, addresses, base, floor, asked }: SealRequest,
    voters: readonly RpcEndpoint[],
  ): Promise<Outcome> {
    const sealed = headers.slice(0, target - base.number);
    const claim = {
      from,
      to: target,
      hashes: sealed.map(({ hash }) => hash),
      logs: logs.filter(({ blockNumber }) => blockNumber <= target),
      addresses,
      source: { endpoint, headers: sealed, answer },
      asked,
    };
    const verdict = await this.verifier.verify(claim, voters);
    const last = sealed.at(-1);
    if (verdict.held !== undefined || last === undefined) return { final: floor, ...verdict };
    return { final: { number: last.number, hash: last.hash }, ...verdict };
  }
}
