import { type Address, parseEther, zeroAddress } from 'viem';
import { AccountIndex, accountAt } from './accounts';
import type { DeploymentPlan } from './deployment-plan';
import { type DevnetNetwork, FINALITY_BLOCKS } from './networks';
import type { loadLayerZeroArtifacts } from './protocol-artifacts';

type LayerZeroArtifacts = ReturnType<typeof loadLayerZeroArtifacts>;

/** Where the LayerZero contracts of one chain are. */
export interface LayerZeroContracts {
  readonly endpoint: Address;
  readonly sendUln: Address;
  readonly receiveUln: Address;
  readonly executor: Address;
  readonly priceFeed: Address;
  /** In the order of {@link DVN_VIDS}. */
  readonly dvns: readonly Address[];
}

/** The verifier ids that the two DVN contracts are built with; each has one signer. */
export const DVN_VIDS: readonly number[] = [1, 2];
/** Blocks above a packet before a DVN may attest it: the devnet's finality. */
export const CONFIRMATIONS = BigInt(FINALITY_BLOCKS);

/** The price feed keeps dollars with 20 decimals. */
const NATIVE_PRICE = 3000n * 10n ** 20n;
/** 1:1 between the native monies, with the feed's denominator. */
const PRICE_RATIO = 10n ** 20n;
const GAS_PRICE_WEI = 3n * 10n ** 9n;
const MULTIPLIER_BPS = 12_000;
/** EndpointIds of V2 are V1 ids plus 30000, and the feed is keyed by what remains. */
const FEED_EID_MODULUS = 30_000;

/** Plans the contracts of one chain that do not depend on its peers. */
export function planLayerZero(
  plan: DeploymentPlan,
  { lzEid }: DevnetNetwork,
  artifacts: LayerZeroArtifacts,
): LayerZeroContracts {
  const deployer = accountAt(AccountIndex.Deployer).address;
  const worker = accountAt(AccountIndex.LayerZeroWorker).address;
  const endpoint = plan.deploy(artifacts.endpoint, [lzEid, deployer]);
  const sendUln = plan.deploy(artifacts.sendUln, [endpoint, 200_000n, 0n]);
  const receiveUln = plan.deploy(artifacts.receiveUln, [endpoint]);
  const treasury = plan.deploy(artifacts.treasury);
  plan.call(sendUln, artifacts.sendUln, 'setTreasury', [treasury]);
  plan.call(endpoint, artifacts.endpoint, 'registerLibrary', [sendUln]);
  plan.call(endpoint, artifacts.endpoint, 'registerLibrary', [receiveUln]);
  const priceFeed = plan.deploy(artifacts.priceFeed);
  plan.call(priceFeed, artifacts.priceFeed, 'initialize', [deployer]);
  plan.call(priceFeed, artifacts.priceFeed, 'setNativeTokenPriceUSD', [NATIVE_PRICE]);
  const executor = plan.deploy(artifacts.executor);
  plan.call(executor, artifacts.executor, 'initialize', [
    endpoint,
    zeroAddress,
    [sendUln],
    priceFeed,
    deployer,
    [deployer, worker],
  ]);
  const executorFeeLib = plan.deploy(artifacts.executorFeeLib, [lzEid, 10n ** 18n]);
  plan.call(executor, artifacts.executor, 'setWorkerFeeLib', [executorFeeLib]);
  const dvnFeeLib = plan.deploy(artifacts.dvnFeeLib, [lzEid, 10n ** 18n]);
  const dvns = DVN_VIDS.map((vid, index) => {
    const signer = accountAt(AccountIndex.FirstDvnSigner + index).address;
    const dvn = plan.deploy(artifacts.dvn, [
      lzEid,
      vid,
      [sendUln],
      priceFeed,
      [signer],
      1n,
      [deployer, worker],
    ]);
    plan.call(dvn, artifacts.dvn, 'setWorkerFeeLib', [dvnFeeLib]);
    return dvn;
  });
  return { endpoint, sendUln, receiveUln, executor, priceFeed, dvns };
}

/** Plans both directions between `contracts` and its peers, on the chain of `contracts`. */
export function planLayerZeroLanes(
  plan: DeploymentPlan,
  contracts: LayerZeroContracts,
  peers: readonly DevnetNetwork[],
  artifacts: LayerZeroArtifacts,
): void {
  const { endpoint, sendUln, receiveUln, executor, priceFeed, dvns } = contracts;
  const eids = peers.map(({ lzEid }) => lzEid);
  const price = { priceRatio: PRICE_RATIO, gasPriceInUnit: GAS_PRICE_WEI, gasPerByte: 16 };
  plan.call(priceFeed, artifacts.priceFeed, 'setPrice', [
    eids.map((eid) => ({ eid: eid % FEED_EID_MODULUS, price })),
  ]);
  const worker = { multiplierBps: MULTIPLIER_BPS, floorMarginUSD: 0n };
  const execution = { lzReceiveBaseGas: 80_000n, lzComposeBaseGas: 40_000n, nativeCap: parseEther('1') };
  plan.call(executor, artifacts.executor, 'setDstConfig', [
    eids.map((dstEid) => ({ dstEid, ...worker, ...execution })),
  ]);
  for (const dvn of dvns) {
    plan.call(dvn, artifacts.dvn, 'setDstConfig', [
      eids.map((dstEid) => ({ dstEid, ...worker, gas: 150_000n })),
    ]);
  }
  const config = {
    confirmations: CONFIRMATIONS,
    requiredDVNCount: dvns.length,
    optionalDVNCount: 0,
    optionalDVNThreshold: 0,
    requiredDVNs: [...dvns].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)),
    optionalDVNs: [],
  };
  const ulnConfigs = [eids.map((eid) => ({ eid, config }))];
  plan.call(sendUln, artifacts.sendUln, 'setDefaultUlnConfigs', ulnConfigs);
  plan.call(receiveUln, artifacts.receiveUln, 'setDefaultUlnConfigs', ulnConfigs);
  plan.call(sendUln, artifacts.sendUln, 'setDefaultExecutorConfigs', [
    eids.map((eid) => ({ eid, config: { maxMessageSize: 10_000, executor } })),
  ]);
  for (const eid of eids) {
    plan.call(endpoint, artifacts.endpoint, 'setDefaultSendLibrary', [eid, sendUln]);
    plan.call(endpoint, artifacts.endpoint, 'setDefaultReceiveLibrary', [eid, receiveUln, 0n]);
  }
}
