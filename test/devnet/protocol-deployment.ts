import { AccountIndex, accountAt } from './accounts';
import { type CcipContracts, planCcip, planCcipLanes } from './ccip-contracts';
import { DeploymentPlan } from './deployment-plan';
import { type LayerZeroContracts, planLayerZero, planLayerZeroLanes } from './layerzero-contracts';
import type { DevnetNetwork } from './networks';
import { loadCcipArtifacts, loadLayerZeroArtifacts } from './protocol-artifacts';

/** A network with the protocol contracts on it. */
export interface DeployedNetwork {
  readonly network: DevnetNetwork;
  readonly ccip: CcipContracts;
  readonly layerZero: LayerZeroContracts;
}

/**
 * Plans both protocols on all networks with lanes between every two.
 *
 * The same networks in the same order give the same addresses each time, so a devnet that is started
 * again finds its contracts without having written them down.
 */
export function planProtocols(networks: readonly DevnetNetwork[]): {
  deployed: readonly DeployedNetwork[];
  deploy: (rpcUrls: readonly string[]) => Promise<void>;
} {
  const ccipArtifacts = loadCcipArtifacts();
  const layerZeroArtifacts = loadLayerZeroArtifacts();
  const planned = networks.map((network) => {
    const plan = new DeploymentPlan(accountAt(AccountIndex.Deployer).address);
    const ccip = planCcip(plan, network, ccipArtifacts);
    const layerZero = planLayerZero(plan, network, layerZeroArtifacts);
    return { plan, deployed: { network, ccip, layerZero } };
  });
  for (const { plan, deployed } of planned) {
    const peers = planned.map((other) => other.deployed).filter((other) => other !== deployed);
    const ccipPeers = peers.map(({ network, ccip }) => ({ network, onRamp: ccip.onRamp }));
    planCcipLanes(plan, deployed.ccip, ccipPeers, ccipArtifacts);
    const layerZeroPeers = peers.map(({ network }) => network);
    planLayerZeroLanes(plan, deployed.layerZero, layerZeroPeers, layerZeroArtifacts);
  }
  return {
    deployed: planned.map(({ deployed }) => deployed),
    deploy: async (rpcUrls) => {
      await Promise.all(planned.map(({ plan }, index) => plan.run(String(rpcUrls[index]))));
    },
  };
}
