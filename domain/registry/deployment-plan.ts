import { z } from 'zod';
import { usedComponents } from '../../chains/artifacts';
import { type ChainId, chainIdSchema } from '../../schema/caip';
import { TransportKind } from '../../schema/types/chain';

const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('factory') }),
  z.strictObject({ kind: z.literal('component'), component: z.enum(usedComponents) }),
  z.strictObject({
    kind: z.literal('lane'),
    call: z.enum(['openLane', 'answerLane', 'confirmLane']),
    peerChainId: chainIdSchema,
    transport: z.enum(TransportKind),
  }),
]);

export const stepSchema = z.strictObject({ key: z.string(), chainId: chainIdSchema, action: actionSchema });

export type StepAction = z.output<typeof actionSchema>;
/** One transaction of a registry's deployment, on one chain. */
export type DeploymentStep = z.output<typeof stepSchema>;
export type LaneStep = DeploymentStep & { readonly action: Extract<StepAction, { kind: 'lane' }> };

/**
 * All steps that make a registry: on each chain the factory (unless it stands there already) and the
 * components; then for each mirror and transport the three statements of the lane's handshake.
 */
export function deploymentPlan(homeChainId: ChainId, mirrorChainIds: readonly ChainId[]): DeploymentStep[] {
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
  return [...deployments, ...handshakes];
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
 * a handshake for the contracts on both ends and for the statement before.
 */
export function readySteps(open: readonly DeploymentStep[]): DeploymentStep[] {
  const deploying = (chainId: ChainId) =>
    open.some((step) => step.chainId === chainId && step.action.kind !== 'lane');
  const factoryMissing = (chainId: ChainId) => open.some((step) => step.key === `factory@${chainId}`);
  return open.filter((step) => {
    if (step.action.kind === 'factory') return true;
    if (step.action.kind === 'component') return !factoryMissing(step.chainId);
    if (deploying(step.chainId) || deploying(step.action.peerChainId)) return false;
    return firstOpenCall(open, step as LaneStep) === step; // CAST: narrowed by the kinds above
  });
}

function firstOpenCall(open: readonly DeploymentStep[], { key }: LaneStep): DeploymentStep | undefined {
  const lane = key.slice(key.indexOf(':'));
  return open.find((step) => step.action.kind === 'lane' && step.key.endsWith(lane));
}
