import { z } from 'zod';
import { componentNames } from '../../chains/artifacts';
import { type AccountId, accountIdSchema, type ChainId, chainIdSchema } from '../../schema/caip';
import { TransportKind } from '../../schema/types/chain';
import { ReleasePolicy } from '../../schema/types/registry';

const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('factory') }),
  z.strictObject({ kind: z.literal('component'), component: z.enum(componentNames) }),
  z.strictObject({
    kind: z.literal('lane'),
    call: z.enum(['openLane', 'answerLane', 'confirmLane']),
    peerChainId: chainIdSchema,
    transport: z.enum(TransportKind),
  }),
  z.strictObject({ kind: z.literal('policy'), peerChainId: chainIdSchema }),
  z.strictObject({ kind: z.literal('split'), payee: accountIdSchema }),
]);

export const stepSchema = z.strictObject({ key: z.string(), chainId: chainIdSchema, action: actionSchema });

export type StepAction = z.output<typeof actionSchema>;
/** One transaction of a registry's deployment, on one chain. */
export type DeploymentStep = z.output<typeof stepSchema>;
export type LaneStep = DeploymentStep & { readonly action: Extract<StepAction, { kind: 'lane' }> };

/** What a plan is made from. */
export interface PlannedRegistry {
  readonly homeChainId: ChainId;
  readonly mirrorChainIds: readonly ChainId[];
  readonly releasePolicy: ReleasePolicy;
  /** Whose all royalties are at first, on one of the registry's chains. */
  readonly payee: AccountId;
}

/**
 * All steps that make a registry: on each chain the factory (unless it stands there already) and the
 * components; then whose the royalties are; for each mirror and transport the three statements of the lane's
 * handshake; and where both bridges are asked for, that each end of each lane asks for them.
 */
export function deploymentPlan({
  homeChainId,
  mirrorChainIds,
  releasePolicy,
  payee,
}: PlannedRegistry): DeploymentStep[] {
  const chainIds = [homeChainId, ...mirrorChainIds];
  const deployments = chainIds.flatMap((chainId) => [
    { key: `factory@${chainId}`, chainId, action: { kind: 'factory' as const } },
    ...componentNames.map((component) => ({
      key: `${component}@${chainId}`,
      chainId,
      action: { kind: 'component' as const, component },
    })),
  ]);
  const handshakes = mirrorChainIds.flatMap((mirrorChainId) =>
    Object.values(TransportKind).flatMap((transport) => handshake(homeChainId, mirrorChainId, transport)),
  );
  const splits = chainIds.map((chainId) => ({
    key: `split@${chainId}`,
    chainId,
    action: { kind: 'split' as const, payee },
  }));
  const policies = releasePolicy === ReleasePolicy.BOTH ? mirrorChainIds : [];
  return [
    ...deployments,
    ...splits,
    ...handshakes,
    ...policies.flatMap((mirror) => [policy(homeChainId, mirror), policy(mirror, homeChainId)]),
  ];
}

function policy(chainId: ChainId, peerChainId: ChainId): DeploymentStep {
  return { key: `policy@${chainId}:${peerChainId}`, chainId, action: { kind: 'policy', peerChainId } };
}

function handshake(homeChainId: ChainId, mirrorChainId: ChainId, transport: TransportKind): DeploymentStep[] {
  const step = (
    call: LaneStep['action']['call'],
    chainId: ChainId,
    peerChainId: ChainId,
  ): DeploymentStep => ({
    key: `${call}:${mirrorChainId}:${transport}`,
    chainId,
    action: { kind: 'lane', call, peerChainId, transport },
  });
  return [
    step('openLane', homeChainId, mirrorChainId),
    step('answerLane', mirrorChainId, homeChainId),
    step('confirmLane', homeChainId, mirrorChainId),
  ];
}

/**
 * The steps that can be begun now, given those still open: components wait for their chain's factory,
 * a policy or a split for its chain's components, a handshake for the contracts on both ends and for the statement before.
 */
export function readySteps(open: readonly DeploymentStep[]): DeploymentStep[] {
  const deploying = (chainId: ChainId) =>
    open.some((step) => step.chainId === chainId && ['factory', 'component'].includes(step.action.kind));
  const factoryMissing = (chainId: ChainId) => open.some((step) => step.key === `factory@${chainId}`);
  return open.filter((step) => {
    if (step.action.kind === 'factory') return true;
    if (step.action.kind === 'component') return !factoryMissing(step.chainId);
    if (deploying(step.chainId)) return false;
    if (step.action.kind === 'policy' || step.action.kind === 'split') return true;
    if (deploying(step.action.peerChainId)) return false;
    return firstOpenCall(open, step as LaneStep) === step; // CAST: narrowed by the kinds above
  });
}

function firstOpenCall(open: readonly DeploymentStep[], { key }: LaneStep): DeploymentStep | undefined {
  const lane = key.slice(key.indexOf(':'));
  return open.find((step) => step.action.kind === 'lane' && step.key.endsWith(lane));
}
