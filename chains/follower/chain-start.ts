import type { ChainId } from '../../schema/caip';
import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import type { BlockReader } from './block-reader';
import type { BlockRef, Breach, ChainPosition, ChainStore, FollowerStep } from './chain-store';
import type { Survey } from './endpoint-survey';
import { agreedFinal } from './follower-choice';

/** Recorded below the first block, so that a chain that comes back older than the record is recognised. */
const HISTORY_BLOCKS = 128;

/** Begins the record of a chain at the block that a quorum calls final; older blocks are searched on demand. */
export class ChainStart {
  constructor(
    private readonly chainId: ChainId,
    private readonly reader: BlockReader,
    private readonly store: ChainStore,
    private readonly quorum: number,
  ) {}

  /** @returns Why the record could not begin, or undefined. */
  begin(survey: Survey): Promise<string | undefined> {
    return this.commit(survey, { before: undefined });
  }

  /** Begins again on a chain that shares no block with the record. @returns As {@link begin}. */
  restart(position: ChainPosition, survey: Survey, breach: Breach): Promise<string | undefined> {
    return this.commit(survey, { before: position, rewindTo: -1, breach });
  }

  private async commit(
    survey: Survey,
    from: Pick<FollowerStep, 'before' | 'rewindTo' | 'breach'>,
  ): Promise<string | undefined> {
    const blocks = await this.agree(survey);
    const head = blocks?.at(-1);
    if (blocks === undefined || head === undefined) {
      return `finality is held: fewer than ${this.quorum} endpoints agree; ${survey.silences.join('; ')}`;
    }
    const after = { head, final: head };
    await this.store.commit({ chainId: this.chainId, ...from, after, blocks, logs: [], repairs: new Map() });
    return undefined;
  }

  /** The start that a quorum agrees on, below it the hash history, lowest first. */
  private async agree({ views }: Survey): Promise<BlockRef[] | undefined> {
    const final = agreedFinal(views, this.quorum);
    if (final === undefined) return undefined;
    const histories = await Promise.all(views.map(({ endpoint }) => this.history(endpoint, final)));
    return histories.find(
      (one) => histories.filter((other) => other.at(-1)?.hash === one.at(-1)?.hash).length >= this.quorum,
    );
  }

  private async history(endpoint: RpcEndpoint, final: number): Promise<BlockRef[]> {
    const from = Math.max(0, final - HISTORY_BLOCKS);
    const genesis = from === 0 ? [] : await this.reader.headers(endpoint, 0, 0);
    const headers = [...genesis, ...(await this.reader.headers(endpoint, from, final))];
    return headers.map(({ number, hash }) => ({ number, hash }));
  }
}
