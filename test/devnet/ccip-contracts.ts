import { type Address, encodeAbiParameters, type Hex, keccak256, toBytes, zeroAddress } from 'viem';
import { AccountIndex, accountAt } from './accounts';
import type { DeploymentPlan } from './deployment-plan';
import type { DevnetNetwork } from './networks';
import type { loadCcipArtifacts } from './protocol-artifacts';

type CcipArtifacts = ReturnType<typeof loadCcipArtifacts>;

/** Where the CCIP contracts of one chain are. */
export interface CcipContracts {
  readonly weth: Address;
  readonly link: Address;
  readonly rmnRemote: Address;
  readonly rmnProxy: Address;
  readonly router: Address;
  readonly tokenAdminRegistry: Address;
  readonly nonceManager: Address;
  readonly feeQuoter: Address;
  readonly onRamp: Address;
  readonly offRamp: Address;
}

/** Oracles of the DON; `F + 1` of them sign each commit report. */
export const DON_SIGNER_COUNT = 4;
/** Faulty oracles that the DON tolerates. */
export const DON_F = 1;
/** Names the DON's configuration for the commit plugin in every report. */
export const COMMIT_CONFIG_DIGEST: Hex = keccak256(toBytes('devnet commit plugin'));
/** Names the DON's configuration for the execution plugin in every report. */
export const EXECUTION_CONFIG_DIGEST: Hex = keccak256(toBytes('devnet execution plugin'));
/** Chain seconds after the commit from which anyone may execute a message that nobody executed. */
export const MANUAL_EXECUTION_AFTER_SECONDS = 5;

const USD = 10n ** 18n;
const NATIVE_PRICE = 3000n * USD;
const LINK_PRICE = 20n * USD;
/** 3 gwei of a 3000-dollar coin, in 1e-18 dollars per unit of gas. */
const USD_PER_GAS = 9n * 10n ** 12n;
/** The largest staleness that fits: prices are set once and the devnet may rest for months. */
const NEVER_STALE_SECONDS = 2 ** 32 - 1;
/** `bytes4(keccak256("CCIP ChainFamilySelector EVM"))` of the FeeQuoter. */
const EVM_FAMILY = '0x2812d52c';

/** Plans the contracts of one chain that do not depend on its peers. */
export function planCcip(
  plan: DeploymentPlan,
  network: DevnetNetwork,
  artifacts: CcipArtifacts,
): CcipContracts {
  const deployer = accountAt(AccountIndex.Deployer).address;
  const chainSelector = network.ccipSelector;
  const weth = plan.deploy(artifacts.weth);
  const link = plan.deploy(artifacts.link);
  const rmnRemote = plan.deploy(artifacts.rmnRemote, [chainSelector, zeroAddress]);
  const rmnProxy = plan.deploy(artifacts.rmnProxy, [rmnRemote]);
  const router = plan.deploy(artifacts.router, [weth, rmnProxy]);
  const tokenAdminRegistry = plan.deploy(artifacts.tokenAdminRegistry);
  const nonceManager = plan.deploy(artifacts.nonceManager, [[]]);
  const feeQuoter = plan.deploy(artifacts.feeQuoter, [
    { maxFeeJuelsPerMsg: 2000n * USD, linkToken: link, tokenPriceStalenessThreshold: NEVER_STALE_SECONDS },
    [deployer],
    [weth, link],
    [],
    [],
    [
      { token: weth, premiumMultiplierWeiPerEth: 10n ** 18n },
      { token: link, premiumMultiplierWeiPerEth: 9n * 10n ** 17n },
    ],
    [],
  ]);
  const onRamp = plan.deploy(artifacts.onRamp, [
    { chainSelector, rmnRemote: rmnProxy, nonceManager, tokenAdminRegistry },
    {
      feeQuoter,
      reentrancyGuardEntered: false,
      messageInterceptor: zeroAddress,
      feeAggregator: deployer,
      allowlistAdmin: zeroAddress,
    },
    [],
  ]);
  const offRamp = plan.deploy(artifacts.offRamp, [
    { chainSelector, gasForCallExactCheck: 5000, rmnRemote: rmnProxy, tokenAdminRegistry, nonceManager },
    {
      feeQuoter,
      permissionLessExecutionThresholdSeconds: MANUAL_EXECUTION_AFTER_SECONDS,
      messageInterceptor: zeroAddress,
    },
    [],
  ]);
  const contracts = {
    weth,
    link,
    rmnRemote,
    rmnProxy,
    router,
    tokenAdminRegistry,
    nonceManager,
    feeQuoter,
    onRamp,
    offRamp,
  };
  planCcipRoles(plan, contracts, artifacts);
  return contracts;
}

function planCcipRoles(plan: DeploymentPlan, contracts: CcipContracts, artifacts: CcipArtifacts): void {
  const { nonceManager, feeQuoter, onRamp, offRamp } = contracts;
  const callers = (addedCallers: readonly Address[]) => [{ addedCallers, removedCallers: [] }];
  plan.call(nonceManager, artifacts.nonceManager, 'applyAuthorizedCallerUpdates', callers([onRamp, offRamp]));
  plan.call(feeQuoter, artifacts.feeQuoter, 'applyAuthorizedCallerUpdates', callers([offRamp]));
  const transmitters = [accountAt(AccountIndex.DonTransmitter).address];
  const signers = Array.from(
    { length: DON_SIGNER_COUNT },
    (_, index) => accountAt(AccountIndex.FirstDonSigner + index).address,
  );
  const commit = {
    configDigest: COMMIT_CONFIG_DIGEST,
    ocrPluginType: 0,
    isSignatureVerificationEnabled: true,
  };
  const execution = {
    configDigest: EXECUTION_CONFIG_DIGEST,
    ocrPluginType: 1,
    isSignatureVerificationEnabled: false,
  };
  plan.call(offRamp, artifacts.offRamp, 'setOCR3Configs', [
    [
      { ...commit, F: DON_F, signers, transmitters },
      { ...execution, F: DON_F, signers: [], transmitters },
    ],
  ]);
}

/** Plans both directions between `contracts` and the given peers, on the chain of `contracts`. */
export function planCcipLanes(
  plan: DeploymentPlan,
  contracts: CcipContracts,
  peers: readonly { readonly network: DevnetNetwork; readonly onRamp: Address }[],
  artifacts: CcipArtifacts,
): void {
  const { router, onRamp, offRamp, feeQuoter, weth, link } = contracts;
  const selectors = peers.map(({ network }) => network.ccipSelector);
  plan.call(feeQuoter, artifacts.feeQuoter, 'applyDestChainConfigUpdates', [
    selectors.map((destChainSelector) => ({ destChainSelector, destChainConfig: DESTINATION })),
  ]);
  plan.call(feeQuoter, artifacts.feeQuoter, 'updatePrices', [
    {
      tokenPriceUpdates: [
        { sourceToken: weth, usdPerToken: NATIVE_PRICE },
        { sourceToken: link, usdPerToken: LINK_PRICE },
      ],
      gasPriceUpdates: selectors.map((destChainSelector) => ({
        destChainSelector,
        usdPerUnitGas: USD_PER_GAS,
      })),
    },
  ]);
  plan.call(onRamp, artifacts.onRamp, 'applyDestChainConfigUpdates', [
    selectors.map((destChainSelector) => ({ destChainSelector, router, allowlistEnabled: false })),
  ]);
  plan.call(offRamp, artifacts.offRamp, 'applySourceChainConfigUpdates', [
    peers.map((peer) => ({
      router,
      sourceChainSelector: peer.network.ccipSelector,
      isEnabled: true,
      isRMNVerificationDisabled: true,
      onRamp: encodeAbiParameters([{ type: 'address' }], [peer.onRamp]),
    })),
  ]);
  plan.call(router, artifacts.router, 'applyRampUpdates', [
    selectors.map((destChainSelector) => ({ destChainSelector, onRamp })),
    [],
    selectors.map((sourceChainSelector) => ({ sourceChainSelector, offRamp })),
  ]);
}

/** As public lanes between EVM chains are configured, and at most 3 million gas for the receiver. */
const DESTINATION = {
  isEnabled: true,
  maxNumberOfTokensPerMsg: 1,
  maxDataBytes: 30_000,
  maxPerMsgGasLimit: 3_000_000,
  destGasOverhead: 300_000,
  destGasPerPayloadByteBase: 16,
  destGasPerPayloadByteHigh: 40,
  destGasPerPayloadByteThreshold: 3000,
  destDataAvailabilityOverheadGas: 100,
  destGasPerDataAvailabilityByte: 16,
  destDataAvailabilityMultiplierBps: 1,
  chainFamilySelector: EVM_FAMILY,
  enforceOutOfOrder: false,
  defaultTokenFeeUSDCents: 25,
  defaultTokenDestGasOverhead: 90_000,
  defaultTxGasLimit: 200_000,
  gasMultiplierWeiPerEth: 11n * 10n ** 17n,
  gasPriceStalenessThreshold: 0,
  networkFeeUSDCents: 10,
};
