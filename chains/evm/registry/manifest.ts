import {
  type Address,
  type ContractFunctionArgs,
  concat,
  encodeAbiParameters,
  getAddress,
  getContractAddress,
  getCreate2Address,
  type Hex,
  keccak256,
  stringToBytes,
  zeroHash,
} from 'viem';
import type { ChainId } from '../../../schema/caip';
import { registryFactoryAbi } from '../../abi/registry-factory';
import { type ComponentName, componentNames, loadCreationCode } from '../../artifacts';

/** All that a registry is at its birth; see `Manifest` in contracts/src/interfaces/IRegistryFactory.sol. */
export type Manifest = ContractFunctionArgs<typeof registryFactoryAbi, 'view', 'addressOf'>[0];

/** The addresses of a registry's contracts: the same on every EVM chain. */
export interface ComponentAddresses {
  readonly collection: Address;
  readonly gateway: Address;
  readonly ccipTransport: Address;
  readonly layerZeroTransport: Address;
  readonly delayedQueue: Address;
  readonly lanes: Address;
  readonly royaltyReceiver: Address;
  readonly royaltyVault: Address;
  readonly licenceBook: Address;
}

/** The deterministic deployment proxy (https://github.com/Arachnid/deterministic-deployment-proxy, read 2026-11). */
export const DEPLOYMENT_PROXY: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C';

/** keccak256 of the creation code of the CREATE3 proxy in contracts/src/libraries/Create3.sol. */
const CREATE3_PROXY_HASH = keccak256('0x67363d3d37363d34f03d5260086018f3');

const manifestParameter = registryFactoryAbi.find(
  (item): item is Extract<typeof item, { type: 'function'; name: 'addressOf' }> =>
    item.type === 'function' && item.name === 'addressOf',
)?.inputs[0];

/** The name by which the contracts know a chain: keccak256 of its CAIP-2 id. */
export function chainHashOf(chainId: ChainId): Hex {
  return keccak256(stringToBytes(chainId));
}

/** Where the factory stands on every EVM chain, deployed or not yet. */
export function factoryAddress(): Address {
  return getCreate2Address({
    from: DEPLOYMENT_PROXY,
    salt: zeroHash,
    bytecodeHash: keccak256(loadCreationCode('RegistryFactory')),
  });
}

/** What to send to {@link DEPLOYMENT_PROXY} to deploy the factory: the salt, then its creation code. */
export function factoryDeploymentData(): Hex {
  return concat([zeroHash, loadCreationCode('RegistryFactory')]);
}

/** keccak256 of each component's creation code, as the manifest pins them. */
export function componentCodeHashes(): readonly Hex[] {
  return componentNames.map((name) => keccak256(loadCreationCode(name)));
}

/** The addresses at which a manifest's components stand, computed as the factory computes them (CREATE3). */
export function componentAddresses(manifest: Manifest): ComponentAddresses {
  return {
    collection: componentAddress(manifest, 'Collection'),
    gateway: componentAddress(manifest, 'Gateway'),
    ccipTransport: componentAddress(manifest, 'CcipTransport'),
    layerZeroTransport: componentAddress(manifest, 'LayerZeroTransport'),
    delayedQueue: componentAddress(manifest, 'DelayedQueue'),
    lanes: componentAddress(manifest, 'Lanes'),
    royaltyReceiver: componentAddress(manifest, 'RoyaltyReceiver'),
    royaltyVault: componentAddress(manifest, 'RoyaltyVault'),
    licenceBook: componentAddress(manifest, 'LicenceBook'),
  };
}

/** Where one component stands, whether or not the manifest uses it. */
export function componentAddress(manifest: Manifest, component: ComponentName): Address {
  if (manifestParameter === undefined) throw new Error('the factory has addressOf(manifest, component)');
  const manifestHash = keccak256(encodeAbiParameters([manifestParameter], [manifest]));
  const salt = keccak256(
    encodeAbiParameters(
      [{ type: 'address' }, { type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint8' }],
      [manifest.owner, manifest.salt, manifestHash, componentNames.indexOf(component)],
    ),
  );
  const proxy = getCreate2Address({ from: factoryAddress(), salt, bytecodeHash: CREATE3_PROXY_HASH });
  return getAddress(getContractAddress({ from: proxy, nonce: 1n }));
}
