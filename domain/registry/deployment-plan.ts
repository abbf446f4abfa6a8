import { z } from 'zod';
import { usedComponents } from '../../chains/artifacts';
import { type ChainId, chainIdSchema } from '../../schema/caip';
import { TransportKind } from '../../schema/types/chain';
import { ReleasePolicy } from '../../schema/types/registry';

const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('factory') }),
  z.strictObject({ kind: z.literal('component'), component: z.enum(usedComponents) }),
  z.strictObject({
    kind: z.literal('lane'),
    call: z.enum(['openLane', 'answerLane', 'confirmLane']),
    peerChainId: chainIdSchema,
    transport: z.enum(TransportKind),
  }),
  z.strictObject({ kind: z.literal('policy'), peerChainId: chainIdSchema }),
]);

export const stepSchema = z.strictObject({ key: z.string(), chainId: chainIdSchema, action: actionSchema });

export type StepAction = z.output<typeof actionSchema>;
/** One transaction of a registry's deployment, on one chain. */
export type DeploymentStep = z.output<typeof stepSchema>;
export type LaneStep = DeploymentStep & { readonly action: Extract<StepAction, { kind: 'lane' }> };

/**
 * All steps that make a registry: on each chain the factory (unless it stands there already) and the
 * components; then for each mirror and transport the three statements of the lane's handshake; and where both
 * bridges are asked for, that each end of each lane asks for them.
 */
export function deploymentPlan(
  homeChainId: ChainId,
  mirrorChainIds: readonly ChainId[],
  releasePolicy: ReleasePolicy,
): DeploymentStep[] {
  const deployments = [homeChainId, ...mirrorChainIds].flatMap((chainId) => [
    { key: `factory@${chainId}`, chainId, action: { kind: 'factory' as const } },
    ...usedComponents.map((component) => ({
      key: `${component}@${chainId}`,
      chainId,
      action: { kind: 'component' as const, component },
    })),
  ]);
  const handshakes = mirrorChainIds.flatMap((mirrorChainId) =>
    Object.values(TransportKind).flatMap((transport) => handshake(homeChainId, mirrorChainId, transport)),
  );
  const policies = releasePolicy === ReleasePolicy.BOTH ? mirrorChainIds : [];
  return [
    ...deployments,
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
 * a policy for its chain's components, a handshake for the contracts on both ends and for the statement before.
 */
export function readySteps(open: readonly DeploymentStep[]): DeploymentStep[] {
  const deploying = (chainId: ChainId) =>
    open.some((step) => step.chainId === chainId && ['factory', 'component'].includes(step.action.kind));
  const factoryMissing = (chainId: ChainId) => open.some((step) => step.key === `factory@${chainId}`);
  return open.filter((step) => {
    if (step.action.kind === 'factory') return true;
    if (step.action.kind === 'component') return !factoryMissing(step.chainId);
    if (deploying(step.chainId)) return false;
    if (step.action.kind === 'policy') return true;
    if (deploying(step.action.peerChainId)) return false;
    return firstOpenCall(open, step as LaneStep) === step; // CAST: narrowed by the kinds above
  });
}

function firstOpenCall(open: readonly DeploymentStep[], { key }: LaneStep): DeploymentStep | undefined {
  const lane = key.slice(key.indexOf(':'));
  return open.find((step) => step.action.kind === 'lane' && step.key.endsWith(lane));
}
