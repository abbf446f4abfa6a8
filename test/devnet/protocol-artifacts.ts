import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Abi, Hex } from 'viem';

/** A contract as its publisher compiled it. */
export interface Artifact {
  readonly name: string;
  readonly abi: Abi;
  readonly bytecode: Hex;
}

const CCIP_ROOT = path.dirname(require.resolve('@chainlink/contracts-ccip/package.json'));
const PROTOCOL_ROOT = path.dirname(require.resolve('@layerzerolabs/lz-evm-protocol-v2/package.json'));
const MESSAGELIB_ROOT = path.dirname(require.resolve('@layerzerolabs/lz-evm-messagelib-v2/package.json'));
/** The folder that holds `node_modules`, the same for sources and for compiled output. */
const PROJECT_ROOT = path.resolve(CCIP_ROOT, '..', '..', '..');

function ccip(version: string, name: string): Artifact {
  const abi = readFileSync(path.join(CCIP_ROOT, 'abi', version, `${name}.json`), 'utf8');
  const bytecode = readFileSync(path.join(CCIP_ROOT, 'bytecode', version, `${name}.bin`), 'utf8').trim();
  // CAST: published as hex text.
  return { name, abi: JSON.parse(abi), bytecode: bytecode as Hex };
}

function layerZero(root: string, folder: string, name: string): Artifact {
  const file = path.join(root, 'artifacts', 'contracts', folder, `${name}.sol`, `${name}.json`);
  const { abi, bytecode } = JSON.parse(readFileSync(file, 'utf8'));
  return { name, abi, bytecode };
}

/** Reads what forge compiled at install. @param source - The file that holds the contract, if it is named otherwise. */
export function compiled(name: string, source = name): Artifact {
  const file = path.join(PROJECT_ROOT, 'contracts', 'out', `${source}.sol`, `${name}.json`);
  const { abi, bytecode } = JSON.parse(readFileSync(file, 'utf8'));
  return { name, abi, bytecode: bytecode.object };
}

/** CCIP 1.6 and the tokens that it takes as fees. */
export function loadCcipArtifacts() {
  return {
    weth: compiled('WETH9'),
    link: compiled('LinkToken'),
    rmnRemote: ccip('v1_6_0', 'rmn_remote'),
    rmnProxy: ccip('v1_0_0', 'rmn_proxy_contract'),
    router: ccip('v1_2_0', 'router'),
    tokenAdminRegistry: ccip('v1_5_0', 'token_admin_registry'),
    nonceManager: ccip('v1_6_0', 'nonce_manager'),
    feeQuoter: ccip('v1_6_3', 'fee_quoter'),
    onRamp: ccip('v1_6_0', 'onramp'),
    offRamp: ccip('v1_6_0', 'offramp'),
  };
}

/** A dollar of our own, the pool by which CCIP moves it, and the OFT by which LayerZero does. */
export function loadTestDollarArtifacts() {
  return {
    dollar: compiled('TestDollar'),
    oft: compiled('TestDollarOft', 'TestDollar'),
    pool: ccip('v1_5_1', 'burn_mint_token_pool'),
    tokenAdminRegistry: ccip('v1_5_0', 'token_admin_registry'),
  };
}

/** LayerZero V2 with its ULN 302 message libraries. */
export function loadLayerZeroArtifacts() {
  const uln = path.join('uln', 'uln302');
  const dvn = path.join('uln', 'dvn');
  return {
    endpoint: layerZero(PROTOCOL_ROOT, '', 'EndpointV2'),
    sendUln: layerZero(MESSAGELIB_ROOT, uln, 'SendUln302'),
    receiveUln: layerZero(MESSAGELIB_ROOT, uln, 'ReceiveUln302'),
    dvn: layerZero(MESSAGELIB_ROOT, dvn, 'DVN'),
    dvnFeeLib: layerZero(MESSAGELIB_ROOT, dvn, 'DVNFeeLib'),
    executor: layerZero(MESSAGELIB_ROOT, '', 'Executor'),
    executorFeeLib: layerZero(MESSAGELIB_ROOT, '', 'ExecutorFeeLib'),
    priceFeed: layerZero(MESSAGELIB_ROOT, '', 'PriceFeed'),
    treasury: layerZero(MESSAGELIB_ROOT, '', 'Treasury'),
  };
}
