import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import { DomainError } from '../../schema/domain-error';
import type { EvmClient } from '../evm/rpc/evm-client';
import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import { RpcUnavailableError } from '../evm/rpc/rpc-errors';
import { BlockReader } from './block-reader';
import { ChainStart } from './chain-start';
import type { ChainPosition, ChainStore } from './chain-store';
import { EndpointSurvey, type EndpointView, isSilence, type Survey } from './endpoint-survey';
import { FinalityGate } from './finality-gate';
import { agreedFinal, chooseSource, contradictsFinal, quorumOf } from './follower-choice';
import { breachOf, NewBlocks } from './new-blocks';
import { PastSearch } from './past-search';
import { RangeSize } from './range-size';
import { RangeSource } from './range-source';
import { RangeVerifier } from './range-verifier';

export interface FollowerSettings {
  /** First topics of all events that are ever watched; see {@link BlockReader}. */
  readonly eventTopics: readonly Hex[];
  /** How long a slow endpoint is waited for when the heads are compared. */
  readonly patienceMs: number;
}

/** What a follower shows of itself. */
export interface FollowerState {
  readonly chainId: ChainId;
  /** Undefined before the first block is recorded. */
  readonly position: ChainPosition | undefined;
  /** The highest head that any endpoint showed at the last tick. */
  readonly chainHead: number | undefined;
  /** Why finality is held or the chain cannot be read; undefined when all is well. Names no URL. */
  readonly alert: string | undefined;
}

/** An endpoint whose blocks were refused is avoided for this long, if another one answers. */
const AVOID_MS = 10_000;

/**
 * Records one chain for all tenants: new blocks provisionally, then finally once a quorum of endpoints
 * agrees; rolls back what a reorg removed. Not safe to run twice at once; see {@link runFollower}.
 */
export class BlockFollower {
  private readonly reader: BlockReader;
  private readonly survey: EndpointSurvey;
  private readonly quorum: number;
  private readonly start: ChainStart;
  private readonly past: PastSearch;
  private readonly blocks: NewBlocks;
  private source: RpcEndpoint | undefined;
  private avoided: { readonly endpoint: RpcEndpoint; readonly until: number } | undefined;
  private position: ChainPosition | undefined;
  private chainHead: number | undefined;
  private alert: string | undefined;
  private isAlertStored = false;

  constructor(
    private readonly client: EvmClient,
    private readonly store: ChainStore,
    { eventTopics, patienceMs }: FollowerSettings,
  ) {
    const { chainId, chain, endpoints } = client;
    this.quorum = quorumOf(endpoints.length);
    this.reader = new BlockReader(eventTopics);
    this.survey = new EndpointSurvey(chain, endpoints, this.reader, store, patienceMs);
    const ranges = new RangeSource(this.reader, new RangeSize());
    const verifier = new RangeVerifier(chainId, this.reader, this.quorum);
    this.start = new ChainStart(chainId, this.reader, store, this.quorum);
    this.past = new PastSearch(chainId, store, ranges, verifier);
    this.blocks = new NewBlocks(chainId, store, ranges, new FinalityGate(chainId, store, verifier));
  }

  get state(): FollowerState {
    const { position, chainHead, alert } = this;
    return { chainId: this.client.chainId, position, chainHead, alert };
  }

  /**
   * Brings the record up to the head that the endpoints show now. What the endpoints do wrong becomes
   * an alert, which the next good tick clears.
   *
   * @throws CursorMovedError if another process follows the same chain; errors of the database.
   */
  async tick(): Promise<void> {
    await this.showAlert(await this.advance());
  }

  private async advance(): Promise<string | undefined> {
    try {
      this.position = await this.store.position(this.client.chainId);
      const survey = await this.survey.take(this.position);
      const heads = survey.views.map(({ latest }) => latest.number);
      this.chainHead = heads.length === 0 ? this.chainHead : Math.max(...heads);
      if (heads.length === 0)
        return `${new RpcUnavailableError(this.client.chainId).message} ${survey.silences.join('; ')}`;

      if (this.position !== undefined) return await this.follow(survey, this.position);
      const held = await this.start.begin(survey);
      return held ?? (await this.advance());
    } catch (error) {
      if (!isSilence(error) && !isRetryableRpc(error)) throw error;
      if (this.source !== undefined) {
        this.avoided = { endpoint: this.source, until: performance.now() + AVOID_MS };
      }
      return error.message;
    }
  }

  /** @returns What is wrong, if anything. */
  private async follow(survey: Survey, position: ChainPosition): Promise<string | undefined> {
    const avoided =
      this.avoided !== undefined && performance.now() < this.avoided.until ? this.avoided : undefined;
    const chosen = chooseSource(survey.views, position, {
      quorum: this.quorum,
      ...(this.source === undefined ? {} : { previous: this.source }),
      ...(avoided === undefined ? {} : { avoided: avoided.endpoint }),
    });
    const contradiction = this.contradiction(survey.views, chosen, position);
    if (chosen === undefined) return contradiction;
    this.source = chosen.endpoint;

    if (chosen.fork !== undefined && chosen.fork.ancestor === undefined) {
      return await this.start.restart(position, survey, breachOf(chosen.fork));
    }

    const final = agreedFinal(survey.views, this.quorum);
    const voters = survey.views
      .map(({ endpoint }) => endpoint)
      .filter((endpoint) => endpoint !== chosen.endpoint);
    const past =
      chosen.fork === undefined ? await this.past.search(position, chosen.endpoint, voters) : undefined;
    const recorded = await this.blocks.record(position, { source: chosen, voters, final });
    this.position = recorded.position;
    return contradiction ?? recorded.held ?? past ?? this.complaint(survey, final);
  }

  /** A minority that contradicts a final block is not believed, but said. */
  private contradiction(
    views: readonly EndpointView[],
    chosen: EndpointView | undefined,
    position: ChainPosition,
  ): string | undefined {
    const liars = views.filter((view) => contradictsFinal(view, position));
    if (liars.length === 0 || (chosen !== undefined && liars.includes(chosen))) return undefined;
    const labels = liars.map(({ endpoint }) => endpoint.label).join(', ');
    return `endpoint ${labels} contradicts a block at or below the final block ${position.final.number}`;
  }

  private complaint(
    { silences, isWrongChainSeen, views }: Survey,
    final: number | undefined,
  ): string | undefined {
    if (final === undefined) {
      return `finality is held: ${views.length} of the ${this.quorum} endpoints needed answer; ${silences.join('; ')}`;
    }
    return isWrongChainSeen ? silences.join('; ') : undefined;
  }

  private async showAlert(alert: string | undefined): Promise<void> {
    if (this.isAlertStored && alert === this.alert) return;
    this.alert = alert;
    await this.store.setAlert(this.client.chainId, alert);
    this.isAlertStored = true;
  }
}

function isRetryableRpc(error: unknown): error is DomainError {
  return error instanceof DomainError && error.code.startsWith('RPC_');
}
