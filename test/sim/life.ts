import { setTimeout as delay } from 'node:timers/promises';
import { type Hex, toHex } from 'viem';
import { operations } from '../../cli/demo/operations';
import { contractsOn } from '../../domain/registry/registry-contracts';
import { type ChainId, evmAccountId } from '../../schema/caip';
import { ErrorCode } from '../../schema/error-codes';
import { decodeGlobalId, encodeGlobalId } from '../../schema/global-id';
import { type WorkId, workIdSchema } from '../../schema/ids';
import { type Dispatch, DispatchOrigin, DispatchState } from '../../schema/types/dispatch';
import { WorkState } from '../../schema/types/work';
import { AccountIndex, accountAt } from '../devnet/accounts';
import type { CollectorWallet } from '../e2e/support/collector-wallet';
import type { PlannedMove } from '../e2e/support/travel-plan';
import { HOME } from '../faults/support/fault-world';
import type { Stage } from '../support/stage';
import type { PlannedLife, Step } from './load-plan';
import { patiently } from './patience';
import type { SimTenant } from './world';

const LOOK_MS = 500;
/** Of the devnet's unlocked accounts: no other program of a run sends with it. */
const PAYER = accountAt(AccountIndex.Test + 2).address;
const SEND_TRIES = 20;
const OVER: readonly DispatchState[] = [DispatchState.CONFIRMED, DispatchState.FAILED, DispatchState.VOIDED];

/** What a life needs of the world around it. */
export interface Surroundings {
  readonly stage: Stage;
  readonly tenant: SimTenant;
  walletOf(collector: number, chainId: ChainId): CollectorWallet;
  /** True once nothing more is to be begun. */
  isOver(): boolean;
}

/** One work from its mint on: asks for each planned step once the one before is over, and counts what it asked for. */
export class Life {
  /** True once its mint is final. */
  isBorn = false;
  /** Undefined until the mint is accepted. */
  workId: WorkId | undefined;
  documentHash: Hex | undefined;
  /** Sends and revisions that were accepted, or begun by the holder. */
  sends = 0;
  revisions = 0;
  payments = 0;
  /** Sends that have ended otherwise than planned. */
  readonly failures: Dispatch[] = [];
  /** What is waited for at present; undefined once nothing is. */
  waitsFor: string | undefined;

  constructor(
    readonly plan: PlannedLife,
    /** Of its own in all runs: the first part of every Idempotency-Key. */
    readonly key: string,
    private readonly around: Surroundings,
  ) {}

  get tenant(): SimTenant {
    return this.around.tenant;
  }

  /** Lives until its steps are done or nothing more is to be begun. @throws What was refused. */
  async live(): Promise<void> {
    const workId = await this.mint();
    await this.rests(workId);
    this.isBorn = true;
    for (const [index, step] of this.plan.steps.entries()) {
      if (this.around.isOver() || this.failures.length > 0) break;
      await this.take(workId, step, `${this.key}-${index}`);
    }
    this.waitsFor = undefined;
  }

  private async mint(): Promise<WorkId> {
    const { stage, tenant } = this.around;
    const { collector } = this.plan;
    this.waitsFor = 'a mint to be accepted';
    const holder =
      collector === undefined
        ? await patiently(() => stage.domain.signers.accountFor(tenant.tenantId, HOME))
        : accountAt(collector);
    const works = [{ to: evmAccountId(HOME, holder.address), metadata: { title: this.key } }];
    const input = { registryId: tenant.registryGlobalId, works };
    const { mintWorks } = await tenant.client.request(operations.mintWorks, { input }, this.key);
    const [minted] = mintWorks.works;
    if (minted === undefined) throw new Error('one work was asked for');
    this.documentHash = minted.documentHash;
    this.workId = workIdSchema.parse(decodeGlobalId(minted.id)?.id);
    return this.workId;
  }

  private async take(workId: WorkId, step: Step, key: string): Promise<void> {
    if (step.kind === 'REVISE') {
      this.waitsFor = `revision ${this.revisions + 1} of ${workId} to be accepted`;
      const input = { workId: encodeGlobalId('Work', workId), metadata: { title: step.title } };
      await this.tenant.client.request(operations.updateMetadata, { input }, key);
      this.revisions += 1;
      return;
    }
    if (step.kind === 'PAY') return this.pay(workId, step.wei);
    const hop = this.sends + 1;
    this.waitsFor = `move ${hop} of ${workId} to ${step.move.destination} to be accepted`;
    await this.send(workId, step.move, key);
    this.sends = hop;
    await this.arrives(workId, hop);
    await this.rests(workId);
  }

  /** A payment that a reorg takes back stays away: the books have to follow the chain. */
  private async pay(workId: WorkId, wei: number): Promise<void> {
    const { stage, tenant } = this.around;
    const { chainId } = await patiently(() => stage.domain.works.get(tenant.tenantId, workId));
    const registry = await patiently(() => stage.domain.registries.get(tenant.tenantId, tenant.registryId));
    if (chainId === null) throw new Error(`${workId} is nowhere`);
    const to = contractsOn(registry, chainId).royaltyReceiver;
    // Others pay from this account at the same time: the node may give two the same nonce, and refuses one.
    await untilTaken(() =>
      stage.devnet.rpc(chainId, 'eth_sendTransaction', [{ from: PAYER, to, value: toHex(wei) }]),
    );
    this.payments += 1;
  }

  private async send(workId: WorkId, { destination, transport }: PlannedMove, key: string): Promise<void> {
    const { client } = this.tenant;
    const { begunBy, collector } = this.plan;
    const wish = { workId: encodeGlobalId('Work', workId), destinationChainId: destination, lane: transport };
    if (begunBy === 'OWN' || collector === undefined) {
      await client.request(operations.sendWork, { input: wish }, key);
      return;
    }
    if (begunBy === 'HOLDER') return this.sendFromWallet(workId, wish, collector, key);
    const prepared = await this.prepare(wish, `${key}-prepare`);
    const signature = await accountAt(collector).signTypedData(JSON.parse(prepared.permitTypedData));
    const permit = { transport: prepared.transport, deadline: prepared.permitDeadline, signature };
    await client.request(operations.sendWork, { input: { ...wish, permit } }, key);
  }

  /** A wallet that the chain refuses at present asks for a new quote, as a person does. */
  private async sendFromWallet(
    workId: WorkId,
    wish: Readonly<Record<string, unknown>>,
    collector: number,
    key: string,
  ): Promise<void> {
    const { stage, tenant } = this.around;
    const { chainId } = await patiently(() => stage.domain.works.get(tenant.tenantId, workId));
    if (chainId === null) throw new Error(`${workId} is nowhere`);
    await untilTaken(async (tries) => {
      const prepared = await this.prepare(wish, `${key}-prepare-${tries}`);
      await this.around.walletOf(collector, chainId).send(prepared);
    });
  }

  private async prepare(input: Readonly<Record<string, unknown>>, key: string) {
    const { prepareSendWork } = await this.tenant.client.request(operations.prepareSendWork, { input }, key);
    return prepareSendWork.preparedSend;
  }

  private async arrives(workId: WorkId, hop: number): Promise<void> {
    const { stage, tenant } = this.around;
    const page = { first: 100, after: undefined };
    for (;;) {
      const { edges } = await patiently(() =>
        stage.domain.dispatches.page(tenant.tenantId, page, { workId }),
      );
      const dispatch = edges.map(({ node }) => node).find((one) => one.kind === 'WORK' && one.hop === hop);
      this.waitsFor = `move ${hop} of ${workId}: ${JSON.stringify(dispatch)}`;
      if (dispatch !== undefined && OVER.includes(dispatch.state) && !comesBack(dispatch)) {
        if (dispatch.state !== DispatchState.CONFIRMED) this.failures.push(dispatch);
        return;
      }
      await delay(LOOK_MS);
    }
  }

  private async rests(workId: WorkId): Promise<void> {
    const { stage, tenant } = this.around;
    for (;;) {
      const work = await patiently(() => stage.domain.works.get(tenant.tenantId, workId));
      const { state, provisional, failure } = work;
      if (state === WorkState.MINT_FAILED) throw new Error(`the mint of ${workId} failed: ${failure}`);
      if (state === WorkState.LIVE && !provisional) return;
      this.waitsFor = `${workId} to rest; it is ${state}${provisional ? ', provisionally' : ''}`;
      await delay(LOOK_MS);
    }
  }
}

/** A holder's send that a reorg has taken away: his wallet sends it again, and the dispatch then goes on by itself. */
function comesBack({ origin, failure }: Dispatch): boolean {
  return origin === DispatchOrigin.HOLDER && failure?.code === ErrorCode.Conflict;
}

/** Sends again what a chain refuses at present. @throws What it refused at last. */
async function untilTaken(send: (tries: number) => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await send(tries);
      return;
    } catch (error) {
      if (tries === SEND_TRIES) throw error;
    }
    await delay(LOOK_MS);
  }
}
