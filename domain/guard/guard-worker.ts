import type { Address, Hex } from 'viem';
import { TRANSPORT_NUMBER, transportOfNumber } from '../../chains/evm/registry/calls';
import { GuardReader } from '../../chains/evm/registry/guard-reads';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import { ownersTree } from '../../chains/evm/registry/owners-tree';
import type { Signers } from '../../chains/signers/signers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainTransaction, TransactionState } from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import { type ChainId, evmAccountId } from '../../schema/caip';
import type { GuardActionId, TenantId } from '../../schema/ids';
import { bridgesOf, StatementTransport, TransportKind } from '../../schema/types/chain';
import { type GuardAction, GuardActionKind, GuardActionState } from '../../schema/types/guard-action';
import { type Registry, type RegistryContracts, ReleasePolicy } from '../../schema/types/registry';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { canonicalJson } from '../canonical-json';
import type { MessageExecutor } from '../dispatch/message-executor';
import { describeRevert } from '../dispatch/revert-reason';
import { sentStatement } from '../dispatch/sent-statement';
import type { StatementCarrier } from '../dispatch/statement-carrier';
import { heldBecause } from '../held-transaction';
import { guardActionChanges } from '../metrics';
import { numberArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import { contractsOn } from '../registry/registry-contracts';
import type { WorkService } from '../registry/work-service';
import { finalRevision, tellingFrom } from '../royalties/stated-terms';
import type { GuardActionChange } from './guard-action-repository';
import type { GuardStores } from './guard-service';
import { answeredOn, nextGuardStep, senderOf } from './guard-step';
import { type GuardStep, type GuardSubject, guardIntentKey } from './guard-subject';

/** How soon to look again for what is on its way, in milliseconds. */
const SOON_MS = 1_000;
/** … for a delay of hours … */
const DELAY_MS = 10_000;
/** … and for what another account has to send. */
const HAND_OUT_MS = 3_000;

/** How long a chain that is to be retired may take to make final what it showed last; then that is taken as it is. */
const FINALITY_PATIENCE_MS = 3_600_000;

/** The steps any of which brings what an action is for. */
const LAST_STEPS: Readonly<Record<GuardActionKind, readonly string[]>> = {
  PAUSE_LANE: ['pauseLane'],
  RESUME_LANE: ['resumeLane'],
  FREEZE_WORK: ['freeze'],
  UNFREEZE_WORK: ['unfreeze'],
  HOLD_STATEMENT: ['holdStatement'],
  RELEASE_STATEMENT: ['releaseStatement'],
  VOID_MESSAGE: ['sendVoid'],
  RETIRE_CHAIN: ['execute'],
  SET_LIMIT: ['execute'],
  SET_ROLE: ['acceptOwnership', 'setGuardian', 'setMinter', 'setPolicy', 'setOperator', 'execute'],
  CHECK_ESCROW: ['checkEscrow'],
  FORWARD_ROYALTIES: ['forward'],
  SET_REMITTANCE_OFT: ['setOft', 'execute'],
  OFFER_LICENCE: ['offer'],
  WITHDRAW_OFFER: ['withdrawOffer'],
  GRANT_LICENCE: ['buy'],
  REVOKE_LICENCE: ['revoke'],
  // Theirs carry numbers: the step names the one that brought it.
  STATE_POLICY: [],
  STATE_SPLIT: [],
  TELL_POLICY: [],
};

/** What is to be asked for anew when its effect is gone again. */
const GONE: Readonly<Record<string, string>> = {
  announce: 'The plan is not announced any more: it was withdrawn, or its time has passed. Ask anew.',
  transferOwnership: 'The ownership is not offered any more: another offer took its place. Ask anew.',
};

/** What is a revision of its work. */
const FREEZES: readonly GuardActionKind[] = [
  GuardActionKind.FREEZE_WORK,
  GuardActionKind.UNFREEZE_WORK,
  GuardActionKind.CHECK_ESCROW,
];

export interface GuardChains {
  readonly transactions: Pick<TransactionManager, 'find' | 'submit'>;
  readonly accesses: ChainAccesses;
  readonly messages: MessageExecutor;
  readonly carrier: Pick<StatementCarrier, 'carry'>;
  readonly signers: Pick<Signers, 'accountFor'>;
}

/** Carries out what guardians asked for. Each step is one transaction with an intent of its own. */
export class GuardWorker {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: GuardStores,
    private readonly chains: GuardChains,
    private readonly works: Pick<WorkService, 'stateToMirrors'>,
  ) {}

  /** @returns undefined when nothing is left to do; else how long to wait before asking again, in milliseconds. */
  async advance(tenantId: TenantId, actionId: GuardActionId): Promise<number | undefined> {
    const subject = await this.load(tenantId, actionId);
    const { action, statement } = subject;
    if (action.state !== GuardActionState.REQUESTED) return undefined;
    if (action.dispatchId !== null && statement === undefined) {
      await this.record(tenantId, subject, { waitingFor: 'its statement to be on the source again' });
      return SOON_MS;
    }
    const reader = await this.look(action.chainId, subject.contracts);
    const step = await nextGuardStep(subject, reader);
    switch (step.kind) {
      case 'done':
        return (
          (await this.unfinished(tenantId, subject, step, reader)) ?? this.complete(tenantId, subject, reader)
        );
      case 'refused':
        return this.fail(tenantId, subject, step.reason);
      case 'wait':
        await this.record(tenantId, subject, { waitingFor: step.waitingFor });
        return DELAY_MS;
      case 'census':
        return this.takeCensus(tenantId, subject);
      case 'telling':
        return this.tell(tenantId, subject, step.revision);
      case 'call':
        return this.take(tenantId, subject, step, reader);
    }
  }

  private look(chainId: ChainId, contracts: RegistryContracts): Promise<GuardReader> {
    return GuardReader.atLatest(this.chains.accesses.get(chainId).public, contracts);
  }

  /** What the latest block shows may still fall: an action is done once what brought it is final. */
  private async unfinished(
    tenantId: TenantId,
    subject: GuardSubject,
    { by }: Extract<GuardStep, { kind: 'done' }>,
    reader: GuardReader,
  ): Promise<number | undefined> {
    const { action } = subject;
    let isOurs = false;
    for (const key of by === undefined ? LAST_STEPS[action.kind] : [by]) {
      const own = await this.chains.transactions.find(tenantId, guardIntentKey(action.id, key));
      if (own === undefined) continue;
      if (isOver(own)) {
        isOurs = true;
        continue;
      }
      await this.record(tenantId, subject, { waitingFor: waitingText(key, own) });
      return SOON_MS;
    }
    const isForeign = action.preparedCalls.length > 0 || action.effectBlock !== null;
    // Of what a step names we know by whom it was brought: if not by us, then by somebody whose block may fall.
    return isForeign || (by !== undefined && !isOurs)
      ? this.foreignUnfinished(tenantId, subject, reader)
      : undefined;
  }

  /** What somebody else has sent is done once the block is final that we saw it in. */
  private async foreignUnfinished(
    tenantId: TenantId,
    subject: GuardSubject,
    { height, blockHash }: GuardReader,
  ): Promise<number | undefined> {
    const { chainId, effectBlock } = subject.action;
    if (effectBlock !== null) {
      if (!(await this.isFinal(tenantId, chainId, effectBlock.number))) return SOON_MS;
      const blockNumber = BigInt(effectBlock.number);
      const { hash } = await this.chains.accesses.get(chainId).public.getBlock({ blockNumber });
      if (hash === effectBlock.hash) return undefined;
    }
    const seen = { number: Number(height), hash: blockHash };
    await this.record(tenantId, subject, { waitingFor: 'what was sent to be final', effectBlock: seen });
    return SOON_MS;
  }

  private isFinal(tenantId: TenantId, chainId: ChainId, height: number): Promise<boolean> {
    return this.database.transaction(tenantId, async (tx) => {
      const cursor = (await this.stores.logs.cursors(tx, [chainId])).get(chainId);
      return cursor !== undefined && cursor.final.number >= height;
    });
  }

  private async take(
    tenantId: TenantId,
    subject: GuardSubject,
    step: Extract<GuardStep, { kind: 'call' }>,
    reader: GuardReader,
  ): Promise<number | undefined> {
    const { action } = subject;
    const intentKey = guardIntentKey(action.id, step.key);
    const known = await this.chains.transactions.find(tenantId, intentKey);
    if (known !== undefined) return this.follow(tenantId, subject, step.key, known, reader);
    const sender = await senderOf(step, subject, reader);
    if (sender !== undefined) return this.handOut(tenantId, subject, step, sender);
    try {
      const { chainId } = action;
      const submitted = await this.chains.transactions.submit({
        tenantId,
        chainId,
        intentKey,
        valueWei: step.valueWei,
        ...step.call,
      });
      await this.record(tenantId, subject, { waitingFor: waitingText(step.key, submitted) });
      return SOON_MS;
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      // Done by somebody else since we looked, or not to be done at all.
      const again = await nextGuardStep(subject, await this.look(action.chainId, subject.contracts));
      if (again.kind !== 'call' || again.key !== step.key) return SOON_MS;
      return this.fail(tenantId, subject, `The chain refuses it: ${describeRevert(error.revertData)}`);
    }
  }

  /** A step that is another account's to send: a Safe's, say, that owns the registry. */
  private async handOut(
    tenantId: TenantId,
    subject: GuardSubject,
    { key, call, valueWei }: Extract<GuardStep, { kind: 'call' }>,
    sender: Address,
  ): Promise<number> {
    const { chainId } = subject.action;
    const from = evmAccountId(chainId, sender);
    await this.record(tenantId, subject, {
      waitingFor: `${key}: ${from} to send what was prepared`,
      preparedCalls: [{ chainId, from, ...call, valueWei: String(valueWei) }],
    });
    return HAND_OUT_MS;
  }

  /** A step whose transaction is under way, or has ended without showing its effect. */
  private async follow(
    tenantId: TenantId,
    subject: GuardSubject,
    key: string,
    transaction: ChainTransaction,
    reader: GuardReader,
  ): Promise<number | undefined> {
    const { inclusion, revertData } = transaction;
    if (!isOver(transaction)) {
      await this.record(tenantId, subject, { waitingFor: waitingText(key, transaction) });
      return SOON_MS;
    }
    if (inclusion?.succeeded !== true)
      return this.fail(tenantId, subject, `The chain refused it: ${describeRevert(revertData)}`);
    // We looked before it was mined, or an endpoint that lags behind does not show it yet.
    if (reader.height < inclusion.blockNumber) return SOON_MS;
    const gone = GONE[key];
    if (gone !== undefined) return this.fail(tenantId, subject, gone);
    if (!LAST_STEPS[subject.action.kind].includes(key)) {
      await this.record(tenantId, subject, { waitingFor: `${key} to show its effect` });
      return SOON_MS;
    }
    const answerChainId = answeredOn(subject);
    if (answerChainId === undefined || subject.statement === undefined)
      return this.complete(tenantId, subject, reader);
    const answers = await Promise.all(
      bridgesOf(subject.statement.answerBy).map((transport) =>
        this.chains.messages.moveOn(
          tenantId,
          {
            sourceChainId: subject.action.chainId,
            destinationChainId: answerChainId,
            transport,
            transactionHash: inclusion.hash,
          },
          `guard-answer:${subject.action.id}:${transport}`,
        ),
      ),
    );
    const refused = answers.find((answer) => answer.refused !== undefined)?.refused;
    if (refused !== undefined) return this.fail(tenantId, subject, refused);
    if (answers.every(({ status }) => status.state === 'EXECUTED'))
      return this.complete(tenantId, subject, reader);
    await this.record(tenantId, subject, { waitingFor: 'the source to hear of it' });
    return SOON_MS;
  }

  /** Has home tell a mirror of the registry's own state. */
  private async tell(
    tenantId: TenantId,
    subject: GuardSubject,
    revision: number,
  ): Promise<number | undefined> {
    const { action, registry, isGivenUp } = subject;
    if (isGivenUp) return this.fail(tenantId, subject, 'The chain is given up.');
    const { homeChainId } = registry;
    const home = await this.look(homeChainId, contractsOn(registry, homeChainId));
    if ((await home.terms()).revision < revision) {
      await this.record(tenantId, subject, { waitingFor: `${homeChainId} to know it` });
      return SOON_MS;
    }
    const { isOver: isGivenOver, text } = await this.chains.carrier.carry({
      tenantId,
      registry,
      from: homeChainId,
      to: action.chainId,
      told: { kind: 'REGISTRY_STATE' },
      intent: guardIntentKey(action.id, 'sendRegistryState'),
    });
    if (isGivenOver) return this.fail(tenantId, subject, text);
    await this.record(tenantId, subject, { waitingFor: text });
    return SOON_MS;
  }

  /** Fixes whose the works of a chain are, once the record is sure that nothing goes there any more. */
  private async takeCensus(tenantId: TenantId, subject: GuardSubject): Promise<number> {
    const { id, registryId, chainId, peerChainId, createdAt } = subject.action;
    if (peerChainId === null) throw new Error('a retirement names the chain');
    const isSure = await this.database.transaction(tenantId, async (tx) => {
      const gates = await this.stores.events.find(tx, registryId, {
        chainId,
        names: ['LanePaused', 'LaneResumed'],
      });
      if (!isShut(gates, peerChainId)) return false;
      const census = await this.stores.lastOwners.census(tx, registryId, peerChainId);
      const isOld = Date.now() - createdAt.getTime() > FINALITY_PATIENCE_MS;
      if (!census.isFinal && !(isOld && census.isFinalElsewhere)) return false;
      const { owners } = census;
      const chainHash = chainHashOf(peerChainId);
      // Without owners there is nothing to claim; no leaf of a tree equals the name of its chain.
      const root = owners.length === 0 ? chainHash : ownersTree(chainHash, owners).root;
      const isFirst = await this.stores.guardActions.fixOwnersRoot(tx, id, root);
      if (isFirst) await this.stores.lastOwners.insert(tx, id, owners);
      return true;
    });
    if (!isSure) await this.record(tenantId, subject, { waitingFor: 'the record of its works to be final' });
    return SOON_MS;
  }

  /** A freeze is a revision of its work: every mirror is told of it. */
  private async complete(
    tenantId: TenantId,
    subject: GuardSubject,
    reader: GuardReader,
  ): Promise<number | undefined> {
    const { action, tokenId } = subject;
    if (FREEZES.includes(action.kind) && tokenId !== undefined && action.workId !== null) {
      const { revision } = await reader.leg(tokenId);
      // A check of escrow that found all in order may come before there is any.
      if (revision > 0) await this.works.stateToMirrors(tenantId, action.workId, revision);
    }
    await this.record(tenantId, subject, { state: GuardActionState.DONE });
    return undefined;
  }

  private async fail(tenantId: TenantId, subject: GuardSubject, failure: string): Promise<undefined> {
    await this.record(tenantId, subject, { state: GuardActionState.FAILED, failure });
  }

  private async record(
    tenantId: TenantId,
    { action }: GuardSubject,
    change: Partial<GuardActionChange>,
  ): Promise<void> {
    const next = {
      state: action.state,
      waitingFor: null,
      failure: null,
      preparedCalls: [],
      effectBlock: null,
      ...change,
    };
    if (isAsRecorded(action, next)) return;
    await this.database.transaction(tenantId, (tx) => this.stores.guardActions.update(tx, action.id, next));
    if (next.state !== action.state) guardActionChanges.inc({ kind: action.kind, state: next.state });
  }

  private async load(tenantId: TenantId, actionId: GuardActionId): Promise<GuardSubject> {
    const known = await this.database.transaction(tenantId, async (tx) => {
      const [action] = await this.stores.guardActions.findByIds(tx, [actionId]);
      if (action === undefined) throw new Error(`job of an unknown guard action ${actionId}`);
      const registry = await this.stores.registries.get(tx, action.registryId);
      return {
        action,
        registry,
        contracts: contractsOn(registry, action.chainId),
        isAdapter: registry.adopted?.chainId === action.chainId,
        isOffered: await this.stores.licences.isOffered(tx, action),
        takenOver: await this.takenOver(tx, registry, action),
        isGivenUp: (await this.stores.guardActions.chainsGivenUp(tx, registry.id)).has(action.chainId),
        tokenId: await this.tokenOf(tx, action),
        statement: await this.statementOf(tx, registry, action),
      };
    });
    const { address: self } = await this.chains.signers.accountFor(tenantId, known.action.chainId);
    return { ...known, self };
  }

  /** What has come in the place of what is asked for: the policy's next revision, or the next that home stated. */
  private async takenOver(
    tx: TenantTx,
    registry: Registry,
    { kind, policy }: GuardAction,
  ): Promise<GuardSubject['takenOver']> {
    if (policy === null) return undefined;
    if (kind === GuardActionKind.TELL_POLICY) {
      const stated = await finalRevision(tx, this.stores.events, registry);
      return stated > policy.revision ? { by: stated, from: 0n } : undefined;
    }
    const history = await this.stores.policies.history(tx, registry.projectId);
    const next = history.find(({ revision }) => revision === policy.revision + 1);
    return next && { by: next.revision, from: BigInt(tellingFrom(next.effectiveFrom)) };
  }

  private async tokenOf(tx: TenantTx, { workId }: GuardAction): Promise<bigint | undefined> {
    if (workId === null) return undefined;
    const token = (await this.stores.works.tokenIds(tx, [workId])).get(workId);
    return token === undefined ? undefined : BigInt(token);
  }

  private async statementOf(
    tx: TenantTx,
    registry: Registry,
    { dispatchId }: GuardAction,
  ): Promise<GuardSubject['statement']> {
    if (dispatchId === null) return undefined;
    const [dispatch] = await this.stores.dispatches.findByIds(tx, [dispatchId]);
    if (dispatch?.digest == null) return undefined;
    // CAST: both were recorded from a log.
    const digest = dispatch.digest as Hex;
    const [sent] = await this.stores.events.find(tx, registry.id, {
      chainId: dispatch.sourceChainId,
      digests: [digest],
      names: ['StatementSent'],
    });
    if (sent === undefined) return undefined;
    return {
      sourceChainId: dispatch.sourceChainId,
      nonce: BigInt(textArg(sent, 'nonce')),
      digest,
      message: () => sentStatement(this.chains.accesses, sent),
      answerBy: answerBy(registry, transportOfNumber(numberArg(sent, 'transport'))),
    };
  }
}

/** Where both bridges are asked for, a void over one alone could be forged; elsewhere one of its own will do. */
function answerBy({ releasePolicy }: Registry, carrier: TransportKind): StatementTransport {
  return releasePolicy === ReleasePolicy.BOTH ? StatementTransport.BOTH : carrier;
}

function isAsRecorded(action: GuardAction, next: GuardActionChange): boolean {
  return (
    next.state === action.state &&
    next.waitingFor === action.waitingFor &&
    next.effectBlock?.hash === action.effectBlock?.hash &&
    canonicalJson(next.preparedCalls) === canonicalJson(action.preparedCalls)
  );
}

function isOver({ state }: ChainTransaction): boolean {
  return state === TransactionState.Dropped || state === TransactionState.Final;
}

/** Whether the record knows for good that no lane leads to a chain any more. */
function isShut(gates: readonly RegistryEvent[], chainId: ChainId): boolean {
  return Object.values(TransportKind).every((transport) => {
    const ofLane = gates.filter(
      (event) =>
        textArg(event, 'chainHash') === chainHashOf(chainId) &&
        (numberArg(event, 'transport') & TRANSPORT_NUMBER[transport]) !== 0,
    );
    const last = ofLane.at(-1);
    return last?.name === 'LanePaused' && last.final;
  });
}

function waitingText(step: string, transaction: ChainTransaction): string {
  return transaction.state === TransactionState.Held
    ? `${step}: ${heldBecause(transaction).reason}`
    : `${step} to be final`;
}
