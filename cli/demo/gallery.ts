import { setTimeout as delay } from 'node:timers/promises';
import type { ChainId } from '../../schema/caip';
import { ErrorCode } from '../../schema/error-codes';
import { DispatchKind, DispatchOrigin, DispatchState, type LaneChoice } from '../../schema/types/dispatch';
import { SaleState } from '../../schema/types/sale';
import { SettlementState } from '../../schema/types/settlement';
import { WorkState } from '../../schema/types/work';
import type { ApiClient } from './api-client';
import { ApiError, DemoError } from './demo-errors';
import {
  type Dispatch,
  operations,
  type ProvenanceEvent,
  type Registry,
  type Sale,
  type Settlement,
  type Work,
} from './operations';
import type { Timeline } from './timeline';

const POLL_MS = 500;
/** States that a dispatch does not leave by itself. */
const DEAD_ENDS: readonly DispatchState[] = [DispatchState.FAILED, DispatchState.VOIDED];

/** A move that is asked for. */
export interface Move {
  readonly to: ChainId;
  readonly lane: LaneChoice;
}

/** What a wallet may send itself, or sign for the platform to send. */
export type PreparedSend = Awaited<ReturnType<Gallery['prepareSend']>>;

/** A platform that keeps its works with Colophon: every call goes through the public API. */
export class Gallery {
  constructor(
    private readonly api: ApiClient,
    private readonly timeline: Timeline,
    /** Names of the chains, by id. */
    private readonly chainNames: ReadonlyMap<ChainId, string>,
  ) {}

  async createProject(input: Readonly<Record<string, unknown>>): Promise<string> {
    const { createProject } = await this.api.request(operations.createProject, { input });
    return createProject.project.id;
  }

  /** Creates a registry and waits until its contracts stand and its lanes are open. */
  async createRegistry(input: Readonly<Record<string, unknown>>): Promise<Registry> {
    let { registry } = (await this.api.request(operations.createRegistry, { input })).createRegistry;
    for (let told = ''; registry.state !== 'ACTIVE'; ) {
      if (registry.state === 'FAILED') throw new DemoError(`The registry failed: ${registry.waitingFor}`);
      if (registry.progress !== told) this.timeline.note('registry', `${registry.progress} steps`);
      told = registry.progress;
      await delay(POLL_MS);
      ({ registry } = await this.api.request(operations.registry, { id: registry.id }));
    }
    return registry;
  }

  /** Mints and waits until every work is on chain. */
  async mint(registryId: string, works: readonly { to: string; metadata: unknown }[]): Promise<Work[]> {
    const { mintWorks } = await this.api.request(operations.mintWorks, { input: { registryId, works } });
    return Promise.all(mintWorks.works.map(({ id }) => this.minted(id)));
  }

  private async minted(id: string): Promise<Work> {
    const { workUpdated } = await this.api.follow(operations.workUpdated, { id }, ({ workUpdated: work }) => {
      if (work.state === WorkState.MINT_FAILED) throw new DemoError(`The mint failed: ${work.failure}`);
      return work.state === WorkState.LIVE;
    });
    return workUpdated;
  }

  /** Sends a work that the platform holds, or whose holder permits it, and waits for the confirmed effect. */
  async send(work: Work, { to, lane }: Move, permit?: Readonly<Record<string, unknown>>): Promise<Dispatch> {
    const input = { workId: work.id, destinationChainId: to, lane, ...(permit && { permit }) };
    const { dispatch } = (await this.api.request(operations.sendWork, { input })).sendWork;
    return this.confirmed(work, { dispatchId: dispatch.id }, ({ id }) => id === dispatch.id);
  }

  async prepareSend(work: Work, { to, lane }: Move) {
    const input = { workId: work.id, destinationChainId: to, lane };
    return (await this.api.request(operations.prepareSendWork, { input })).prepareSendWork.preparedSend;
  }

  /** Waits for the effect of a send that the holder's own wallet began on chain. */
  async confirmedHolderSend(work: Work, transactionHash: string): Promise<Dispatch> {
    return this.confirmed(
      work,
      { workId: work.id },
      (dispatch) =>
        dispatch.origin === DispatchOrigin.HOLDER && dispatch.sourceTransactionHash === transactionHash,
    );
  }

  /** Replaces a work's metadata and waits until every mirror has it. */
  async updateMetadata(work: Work, metadata: unknown): Promise<Dispatch[]> {
    const input = { workId: work.id, metadata };
    const { dispatches } = (await this.api.request(operations.updateMetadata, { input })).updateMetadata;
    return Promise.all(
      dispatches.map(({ id }) => this.confirmed(work, { dispatchId: id }, (dispatch) => dispatch.id === id)),
    );
  }

  /** Waits until the sale of a work is recorded for good. */
  async recordedSale({ id: workId }: Work): Promise<Sale> {
    return until(async () => {
      const { sales } = await this.api.request(operations.sales, { workId });
      return sales.edges.find(({ node }) => node.state === SaleState.FINAL)?.node;
    });
  }

  /** Says what an asset is worth, so that a bridge's price for it can be judged: a dollar with six decimals. */
  async allowSettlements(asset: string): Promise<void> {
    const worth = { valuedAmount: '3000000000', valuedWei: '1000000000000000000' };
    const input = { asset, maxCostBps: 10_000, waitAboveCap: true, ...worth };
    await this.api.request(operations.setSettlementRule, { input });
  }

  /** Settles what is owed of an asset as soon as a final block says so, and waits until it is credited or paid. */
  async settle(
    { id: registryId }: Registry,
    which: { readonly asset: string; readonly lane?: LaneChoice },
  ): Promise<Settlement> {
    const asked = await until(async () => {
      try {
        const input = { registryId, ...which };
        return (await this.api.request(operations.requestSettlement, { input })).requestSettlement
          .settlements[0];
      } catch (error) {
        if (error instanceof ApiError && error.codes.includes(ErrorCode.NothingToSettle)) return undefined;
        throw error;
      }
    });
    return until(async () => {
      const { settlement } = await this.api.request(operations.settlement, { id: asked.id });
      if (settlement.state === SettlementState.FAILED)
        throw new DemoError(`The settlement failed: ${settlement.failure?.reason}`);
      return settlement.state === SettlementState.CREDITED ? settlement : undefined;
    });
  }

  async work(id: string): Promise<Work> {
    return (await this.api.request(operations.work, { id })).work;
  }

  /** The whole history of a work that has fewer than 100 entries. */
  async provenance(workId: string): Promise<ProvenanceEvent[]> {
    const { provenance } = await this.api.request(operations.provenance, { workId });
    return provenance.edges.map(({ node }) => node);
  }

  /** Follows dispatches, telling each state of the one that is meant, until that one is confirmed. */
  private async confirmed(
    work: Work,
    which: { readonly dispatchId: string } | { readonly workId: string },
    isMeant: (dispatch: Dispatch) => boolean,
  ): Promise<Dispatch> {
    let told: string | undefined;
    const { dispatchUpdated } = await this.api.follow(
      operations.dispatchUpdated,
      which,
      ({ dispatchUpdated: dispatch }) => {
        if (!isMeant(dispatch)) return false;
        if (dispatch.state !== told) this.tell(work, dispatch);
        told = dispatch.state;
        if (DEAD_ENDS.includes(dispatch.state)) {
          throw new DemoError(`A dispatch is ${dispatch.state}: ${dispatch.failure?.reason}`);
        }
        return dispatch.state === DispatchState.CONFIRMED;
      },
    );
    return dispatchUpdated;
  }

  private tell({ edition }: Work, dispatch: Dispatch): void {
    const name = (chainId: ChainId) => this.chainNames.get(chainId) ?? chainId;
    const what = dispatch.kind === DispatchKind.STATE ? 'metadata ' : '';
    const way = `${what}${name(dispatch.sourceChainId)} → ${name(dispatch.destinationChainId)}`;
    const by = dispatch.transport === null ? '' : ` over ${dispatch.transport}`;
    const begun =
      dispatch.origin === DispatchOrigin.PLATFORM ? '' : `, begun by ${dispatch.origin.toLowerCase()}`;
    const reason = dispatch.failure === null ? '' : `: ${dispatch.failure.reason}`;
    this.timeline.note(`work ${edition}`, `${dispatch.state.padEnd(12)} ${way}${by}${begun}${reason}`);
  }
}

/** Asks until there is an answer; the demo as a whole is timed. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(POLL_MS);
  }
}
