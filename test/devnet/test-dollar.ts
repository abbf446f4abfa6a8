import {
  type Address,
  createWalletClient,
  encodeAbiParameters,
  getAddress,
  type Hex,
  http,
  pad,
  publicActions,
} from 'viem';
import { type ChainId, evmChainId } from '../../schema/caip';
import { AccountIndex, accountAt } from './accounts';
import type { Devnet } from './devnet';
import { type DevnetNetwork, NETWORKS } from './networks';
import { type Artifact, loadTestDollarArtifacts } from './protocol-artifacts';

/** The test dollar on one chain, with what each bridge moves it by. */
export interface TestDollar {
  readonly network: DevnetNetwork;
  readonly dollar: Address;
  readonly pool: Address;
  readonly oft: Address;
}

const DECIMALS = 6;
const UNLIMITED = { isEnabled: false, capacity: 0n, rate: 0n };

/** A running devnet: where its chains answer, and what stands on them. */
type RunningDevnet = Pick<Devnet, 'file' | 'directUrl'>;
type Token = Pick<TestDollar, 'network' | 'dollar'>;
type Door = Pick<TestDollar, 'network' | 'oft'>;

/** Deploys a dollar on every chain of a running devnet, and joins its copies by CCIP and by LayerZero. */
export async function deployTestDollars(devnet: RunningDevnet): Promise<ReadonlyMap<ChainId, TestDollar>> {
  const desks = NETWORKS.map((network) => new DollarDesk(devnet, network));
  const dollars = await Promise.all(desks.map((desk) => desk.deploy()));
  await Promise.all(
    desks.map((desk) =>
      desk.join(
        dollars,
        dollars.filter(({ network }) => network !== desk.network),
      ),
    ),
  );
  return new Map(dollars.map((dollar) => [evmChainId(dollar.network.eip155), dollar]));
}

/** Deploys an OFT of any token, which knows no other chain yet, and may do nothing with the token. */
export function deployOft(devnet: RunningDevnet, { network, dollar }: Token): Promise<Address> {
  return new DollarDesk(devnet, network).deployOft(dollar);
}

/** Deploys a second OFT of a dollar, which may mint and burn, and knows no other chain yet. */
export async function deployAnotherOft(devnet: RunningDevnet, { network, dollar }: Token): Promise<Address> {
  const desk = new DollarDesk(devnet, network);
  const oft = await desk.deployOft(dollar);
  await desk.letMint(dollar, oft);
  return oft;
}

/** Has each of two OFTs of a dollar, on two chains, take what the other sends. */
export async function joinOfts(devnet: RunningDevnet, one: Door, other: Door): Promise<void> {
  await new DollarDesk(devnet, one.network).takeFrom(one.oft, other);
  await new DollarDesk(devnet, other.network).takeFrom(other.oft, one);
}

/** Who deployed the protocols, at one chain. */
class DollarDesk {
  private readonly artifacts = loadTestDollarArtifacts();
  private readonly wallet;

  constructor(
    private readonly devnet: RunningDevnet,
    readonly network: DevnetNetwork,
  ) {
    this.wallet = createWalletClient({
      account: accountAt(AccountIndex.Deployer),
      transport: http(devnet.directUrl(network.chainId)),
      pollingInterval: 50,
    }).extend(publicActions);
  }

  async deploy(): Promise<TestDollar> {
    const { dollar: code, pool: poolCode, tokenAdminRegistry } = this.artifacts;
    const owner = this.wallet.account.address;
    const ccip = this.addresses('ccip');
    const dollar = await this.create(code, [owner]);
    const oft = await this.deployOft(dollar);
    const pool = await this.create(poolCode, [dollar, DECIMALS, [], ccip['rmnProxy'], ccip['router']]);
    for (const bridge of [oft, pool]) await this.letMint(dollar, bridge);
    const registry = given(ccip['tokenAdminRegistry']);
    await this.call(registry, tokenAdminRegistry, 'proposeAdministrator', [dollar, owner]);
    await this.call(registry, tokenAdminRegistry, 'acceptAdminRole', [dollar]);
    await this.call(registry, tokenAdminRegistry, 'setPool', [dollar, pool]);
    return { network: this.network, dollar, pool, oft };
  }

  async deployOft(dollar: Address): Promise<Address> {
    const endpoint = this.addresses('layerZero')['endpoint'];
    return this.create(this.artifacts.oft, [dollar, endpoint, this.wallet.account.address]);
  }

  async letMint(dollar: Address, bridge: Address): Promise<void> {
    await this.call(dollar, this.artifacts.dollar, 'setBridge', [bridge, true]);
  }

  async takeFrom(own: Address, { network, oft }: Door): Promise<void> {
    await this.call(own, this.artifacts.oft, 'setPeer', [network.lzEid, pad(oft)]);
  }

  async join(all: readonly TestDollar[], peers: readonly TestDollar[]): Promise<void> {
    const own = given(all.find(({ network }) => network === this.network));
    const lanes = peers.map(({ network, pool, dollar }) => ({
      remoteChainSelector: network.ccipSelector,
      remotePoolAddresses: [asWord(pool)],
      remoteTokenAddress: asWord(dollar),
      outboundRateLimiterConfig: UNLIMITED,
      inboundRateLimiterConfig: UNLIMITED,
    }));
    await this.call(own.pool, this.artifacts.pool, 'applyChainUpdates', [[], lanes]);
    for (const peer of peers) await this.takeFrom(own.oft, peer);
  }

  private addresses(protocol: 'ccip' | 'layerZero') {
    // CAST: of these protocols only DVNs are lists, which nobody asks for here.
    return given(this.devnet.file.contracts[this.network.chainId])[protocol] as Record<string, Address>;
  }

  private async create({ abi, bytecode }: Artifact, args: readonly unknown[]): Promise<Address> {
    const hash = await this.wallet.deployContract({ abi, bytecode, args, chain: null });
    return getAddress(given((await this.wallet.waitForTransactionReceipt({ hash })).contractAddress));
  }

  private async call(to: Address, { abi, name }: Artifact, functionName: string, args: readonly unknown[]) {
    const hash = await this.wallet.writeContract({ address: to, abi, functionName, args, chain: null });
    const { status } = await this.wallet.waitForTransactionReceipt({ hash });
    if (status !== 'success') throw new Error(`${name}.${functionName} failed on ${this.network.name}`);
  }
}

function asWord(address: Address): Hex {
  return encodeAbiParameters([{ type: 'address' }], [address]);
}

function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the devnet lacks what every devnet has');
  return value;
}
