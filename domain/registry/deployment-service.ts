import { isAddressEqual, type PublicClient } from 'viem';
import {
  type Call,
  deployComponentCall,
  deployFactoryCall,
  laneCall,
  requireBothCall,
} from '../../chains/evm/registry/calls';
import { GuardReader } from '../../chains/evm/registry/guard-reads';
import { componentAddress, factoryAddress, type Manifest } from '../../chains/evm/registry/manifest';
import { GatewayReader } from '../../chains/evm/registry/reads';
import { hasSplit, stateSplitCall } from '../../chains/evm/registry/royalties';
import type { Signers } from '../../chains/signers/signers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { revertDataOf } from '../../chains/transactions/revert-data';
import { type ChainTransaction, TransactionState } from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import { type ChainId, evmAccountId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import { WHOLE_BPS } from '../../schema/inputs/royalty';
import type { PreparedCall } from '../../schema/types/prepared-call';
import { type Registry, RegistryState } from '../../schema/types/registry';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { withFeeMargin } from '../dispatch/fee-margin';
import type { LaneService } from '../dispatch/lane-service';
import type { MessageExecutor } from '../dispatch/message-executor';
import { describeRevert } from '../dispatch/revert-reason';
import { heldBecause } from '../held-transaction';
import type { PolicyStatements } from '../royalties/policy-statements';
import { type DeploymentStep, readySteps, type StepAction } from './deployment-plan';
import { contractsOn } from './registry-contracts';
import type { RegistryRepository } from './registry-repository';

/** How often a step is sent anew after the chain refused it: a fee may have risen between quote and inclusion. */
const MAX_ATTEMPTS = 3;

/** What keeps a step from being done: a refusal, a lack of money, or that it is the owner's to send. */
interface Hindrance {
  readonly isRefusal: boolean;
  readonly text: string;
  readonly prepared?: PreparedCall;
}

/** What the contracts take from the owner alone. */
const OWNERS_STEPS: readonly StepAction['kind'][] = ['split', 'policy'];

/** How it reaches the chains. */
export interface DeploymentChains {
  readonly transactions: TransactionManager;
  readonly accesses: ChainAccesses;
  readonly messages: MessageExecutor;
  readonly signers: Pick<Signers, 'accountFor'>;
}

interface StepContext {
  readonly tenantId: TenantId;
  readonly registry: Registry;
  readonly manifest: Manifest;
}

/**
 * Deploys registries and opens their lanes. Each step is one transaction with an intent of its own and
 * is done when the chain shows its effect, so it may be tried again at any point without doubling.
 */
export class DeploymentService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly registries: RegistryRepository,
    private readonly lanes: LaneService,
    private readonly chains: DeploymentChains,
    private readonly policies: Pick<PolicyStatements, 'catchUp'>,
  ) {}

  /**
   * Takes every step that can be taken now.
   *
   * @returns True when the registry is complete; false when it must be looked at again.
   */
  async advance(tenantId: TenantId, registryId: RegistryId): Promise<boolean> {
    const { registry, manifest, open } = await this.database.transaction(tenantId, async (tx) => ({
      registry: await this.registries.get(tx, registryId),
      manifest: await this.registries.manifest(tx, registryId),
      open: await this.registries.openSteps(tx, registryId),
    }));
    const context = { tenantId, registry, manifest };
    const ready = readySteps(open);
    const done = await Promise.all(ready.map((step) => this.isDone(context, step)));
    const finished = ready.filter((_step, index) => done[index]);
    const waiting = ready.filter((_step, index) => !done[index]);
    const hindrances = (await Promise.all(waiting.map((step) => this.take(context, step)))).flatMap(
      (hindrance) => hindrance ?? [],
    );

    const waitingFor =
      hindrances.length > 0 ? hindrances.map(({ text }) => text).join('; ') : waitingText(waiting);
    return this.database.transaction(tenantId, async (tx) => {
      // The chains may be ahead of the record, by which works are sent: that is waited for, too.
      const lanes = await this.lanes.lanesOf(tx, registry);
      const complete = finished.length === open.length && lanes.every((lane) => lane.open);
      const state = complete ? RegistryState.ACTIVE : stateBehind(hindrances);
      await this.registries.markDone(
        tx,
        registryId,
        finished.map(({ key }) => key),
      );
      const prepared = hindrances.flatMap((hindrance) => hindrance.prepared ?? []);
      await this.registries.setState(tx, registryId, state, complete ? null : waitingFor, prepared);
      if (complete) await this.policies.catchUp(tx, { ...registry, state });
      return complete;
    });
  }

  private async isDone({ registry, manifest }: StepContext, step: DeploymentStep): Promise<boolean> {
    const client = this.chains.accesses.get(step.chainId).public;
    const { action } = step;
    if (action.kind === 'factory') return hasCode(client, factoryAddress());
    if (action.kind === 'component') return hasCode(client, componentAddress(manifest, action.component));
    if (action.kind === 'split') return hasSplit(client, componentAddress(manifest, 'RoyaltyVault'));
    if (action.kind === 'policy') {
      const reader = await GuardReader.atLatest(client, contractsOn(registry, step.chainId));
      return reader.requiresBoth(action.peerChainId);
    }
    const far = await this.gateway(registry, action.peerChainId).lane(step.chainId, action.transport);
    return action.call === 'openLane' ? far.heard : far.open;
  }

  /** @returns what hinders the step, if anything. */
  private async take(context: StepContext, step: DeploymentStep): Promise<Hindrance | undefined> {
    const hindrance = await this.attempt(context, step);
    // Anyone may take a step: one that was done since we looked is refused, and needs nothing more.
    if (hindrance?.isRefusal === true && (await this.isDone(context, step))) return undefined;
    return hindrance;
  }

  /** Submits a step's transaction, or looks at the one submitted before. */
  private async attempt(context: StepContext, step: DeploymentStep): Promise<Hindrance | undefined> {
    const { tenantId, registry } = context;
    if (OWNERS_STEPS.includes(step.action.kind)) {
      const owners = await this.ownersCall(context, step);
      if (owners !== undefined) return owners;
    }
    let refusal: Hindrance | undefined;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const intentKey = `registry:${registry.id}:${step.key}:${attempt}`;
      const known = await this.chains.transactions.find(tenantId, intentKey);
      if (known === undefined) return this.submit(context, step, intentKey);
      if (!isRefused(known)) return hindranceOf(step, known) ?? this.carry(context, step, known);
      refusal = {
        isRefusal: true,
        text: `${step.key}: refused on chain (${describeRevert(known.revertData)})`,
      };
    }
    return refusal;
  }

  /** What the registry's owner has to send of its deployment, if that is not the tenant's own account. */
  private async ownersCall(context: StepContext, step: DeploymentStep): Promise<Hindrance | undefined> {
    const { tenantId, manifest } = context;
    const { chainId, key } = step;
    const { address } = await this.chains.signers.accountFor(tenantId, chainId);
    if (isAddressEqual(manifest.owner, address)) return undefined;
    const from = evmAccountId(chainId, manifest.owner);
    const prepared = { chainId, from, ...this.callOf(context, step), valueWei: '0' };
    return { isRefusal: false, text: `${key}: ${from} to send what was prepared`, prepared };
  }

  /** A handshake statement that is final on its source is executed by us if its network verified it and does not. */
  private async carry(
    { tenantId }: StepContext,
    { key, chainId, action }: DeploymentStep,
    { state, inclusion, intentKey }: ChainTransaction,
  ): Promise<Hindrance | undefined> {
    if (action.kind !== 'lane' || state !== TransactionState.Final || inclusion === undefined)
      return undefined;
    const { refused } = await this.chains.messages.moveOn(
      tenantId,
      {
        sourceChainId: chainId,
        destinationChainId: action.peerChainId,
        transport: action.transport,
        transactionHash: inclusion.hash,
      },
      `handshake:${intentKey}`,
    );
    return refused === undefined ? undefined : { isRefusal: true, text: `${key}: ${refused}` };
  }

  private async submit(
    context: StepContext,
    step: DeploymentStep,
    intentKey: string,
  ): Promise<Hindrance | undefined> {
    const { tenantId, registry } = context;
    try {
      const valueWei = await this.feeOf(registry, step);
      const submitted = await this.chains.transactions.submit({
        tenantId,
        chainId: step.chainId,
        intentKey,
        valueWei,
        ...this.callOf(context, step),
      });
      return hindranceOf(step, submitted);
    } catch (error) {
      const revertData = error instanceof ExecutionRevertedError ? error.revertData : revertDataOf(error);
      if (revertData === undefined) throw error;
      return { isRefusal: true, text: `${step.key}: refused (${describeRevert(revertData)})` };
    }
  }

  private callOf({ registry, manifest }: StepContext, { chainId, action }: DeploymentStep): Call {
    if (action.kind === 'factory') return deployFactoryCall();
    if (action.kind === 'component') return deployComponentCall(manifest, action.component, chainId);
    if (action.kind === 'split')
      return stateSplitCall(componentAddress(manifest, 'RoyaltyVault'), 0n, [
        { account: action.payee, shareBps: WHOLE_BPS },
      ]);
    if (action.kind === 'policy')
      return requireBothCall(contractsOn(registry, chainId).lanes, action.peerChainId);
    return laneCall(
      contractsOn(registry, chainId).gateway,
      action.call,
      action.peerChainId,
      action.transport,
    );
  }

  private async feeOf(registry: Registry, { chainId, action }: DeploymentStep): Promise<bigint> {
    if (action.kind !== 'lane') return 0n;
    const quote = await this.gateway(registry, chainId).quoteLane(
      action.call,
      action.peerChainId,
      action.transport,
    );
    return withFeeMargin(quote.feeWei);
  }

  private gateway(registry: Registry, chainId: ChainId): GatewayReader {
    const { gateway } = contractsOn(registry, chainId);
    return new GatewayReader(this.chains.accesses.get(chainId).public, gateway);
  }
}

/** True once a transaction cannot take effect any more. */
function isRefused({ state, inclusion }: ChainTransaction): boolean {
  return (
    state === TransactionState.Dropped || (state === TransactionState.Final && inclusion?.succeeded === false)
  );
}

function hindranceOf({ key }: DeploymentStep, transaction: ChainTransaction): Hindrance | undefined {
  if (transaction.state !== TransactionState.Held) return undefined;
  return { isRefusal: false, text: `${key}: ${heldBecause(transaction).reason}` };
}

function stateBehind(hindrances: readonly Hindrance[]): RegistryState {
  return hindrances.some(({ isRefusal }) => isRefusal) ? RegistryState.FAILED : RegistryState.DEPLOYING;
}

async function hasCode(client: PublicClient, address: `0x${string}`): Promise<boolean> {
  return (await client.getCode({ address })) !== undefined;
}

function waitingText(steps: readonly DeploymentStep[]): string {
  if (steps.length === 0) return 'the record of the opened lanes';
  return steps.map(({ key }) => key).join(', ');
}
