import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Abi,
  type Address,
  concat,
  createWalletClient,
  encodeDeployData,
  encodeFunctionData,
  encodePacked,
  getContractAddress,
  getCreate2Address,
  type Hex,
  hashTypedData,
  hexToBigInt,
  http,
  keccak256,
  type PublicClient,
  type TypedDataDefinition,
  zeroAddress,
  zeroHash,
} from 'viem';
import type { HDAccount } from 'viem/accounts';
import { serializeErc6492Signature } from 'viem/utils';
import { DEPLOYMENT_PROXY } from '../../chains/evm/registry/manifest';
import { type ChainId, eip155Number } from '../../schema/caip';
import type { PreparedCall } from '../../schema/types/prepared-call';
import { accountAt } from '../devnet/accounts';
import { chainClient, type DirectChains } from './travel-steps';

const ROOT = path.dirname(require.resolve('@safe-global/safe-smart-account/package.json'));

function artifact(folder: string, name: string): { readonly abi: Abi; readonly bytecode: Hex } {
  const file = path.join(ROOT, 'build', 'artifacts', 'contracts', folder, `${name}.sol`, `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const SINGLETON = artifact('', 'Safe');
const FACTORY = artifact('proxies', 'SafeProxyFactory');
const HANDLER = artifact('handler', 'CompatibilityFallbackHandler');

const create2Of = ({ bytecode }: { readonly bytecode: Hex }) =>
  getCreate2Address({ from: DEPLOYMENT_PROXY, salt: zeroHash, bytecodeHash: keccak256(bytecode) });

/** A real Safe 1.5.0 all of whose signers must sign; the same address on every chain on which it is deployed. */
export class Safe {
  readonly address: Address;
  private readonly setup: Hex;

  constructor(
    private readonly chains: DirectChains,
    /** Whoever signs at present. */
    public signers: readonly HDAccount[],
  ) {
    this.setup = encodeFunctionData({
      abi: SINGLETON.abi,
      functionName: 'setup',
      args: [
        signers.map(({ address }) => address),
        BigInt(signers.length),
        zeroAddress,
        '0x',
        create2Of(HANDLER),
        zeroAddress,
        0n,
        zeroAddress,
      ],
    });
    const proxyCode = readFileSync(
      path.join(ROOT, 'build', 'artifacts', 'contracts', 'proxies', 'SafeProxy.sol', 'SafeProxy.json'),
      'utf8',
    );
    const bytecode = encodeDeployData({
      abi: JSON.parse(proxyCode).abi,
      bytecode: JSON.parse(proxyCode).bytecode,
      args: [create2Of(SINGLETON)],
    });
    this.address = getContractAddress({
      opcode: 'CREATE2',
      from: create2Of(FACTORY),
      bytecode,
      salt: keccak256(encodePacked(['bytes32', 'uint256'], [keccak256(this.setup), 0n])),
    });
  }

  /** Deploys it, and what it is made of, on a chain. */
  async deploy(chainId: ChainId): Promise<void> {
    await this.deployParts(chainId);
    await this.send(chainId, this.creation);
  }

  /** Deploys what it is made of, so that anyone may deploy it at its address. */
  async deployParts(chainId: ChainId): Promise<void> {
    const client = chainClient(this.chains, chainId);
    for (const part of [SINGLETON, FACTORY, HANDLER])
      if ((await client.getCode({ address: create2Of(part) })) === undefined)
        await this.send(chainId, { to: DEPLOYMENT_PROXY, data: concat([zeroHash, part.bytecode]) });
  }

  /** Makes a call that was prepared for it. @throws Error if it fails. */
  async execute({ chainId, to, data, valueWei }: Omit<PreparedCall, 'from'>): Promise<void> {
    const client = chainClient(this.chains, chainId);
    const safe = { address: this.address, abi: SINGLETON.abi };
    const nonce = await client.readContract({ ...safe, functionName: 'nonce' });
    const call = [to, BigInt(valueWei), data, 0, 0n, 0n, 0n, zeroAddress, zeroAddress] as const;
    // CAST: by the Safe's ABI.
    const hash = (await client.readContract({
      ...safe,
      functionName: 'getTransactionHash',
      args: [...call, nonce],
    })) as Hex;
    const signatures = await this.signHash(hash);
    const execution = encodeFunctionData({
      abi: SINGLETON.abi,
      functionName: 'execTransaction',
      args: [...call, signatures],
    });
    await this.send(chainId, { to: this.address, data: execution });
  }

  /** Puts another signer in the place of the last. */
  async replaceSigner(chainId: ChainId, by: HDAccount): Promise<void> {
    const kept = this.signers.slice(0, -1);
    const [before, last] = [kept.at(-1), this.signers.at(-1)];
    const data = encodeFunctionData({
      abi: SINGLETON.abi,
      functionName: 'swapOwner',
      args: [before?.address ?? '0x0000000000000000000000000000000000000001', last?.address, by.address],
    });
    await this.execute({ chainId, to: this.address, data, valueWei: '0' });
    this.signers = [...kept, by];
  }

  /** Its EIP-1271 signature of typed data, on a chain. */
  signTypedData(chainId: ChainId, typedData: TypedDataDefinition): Promise<Hex> {
    return this.signHash(
      hashTypedData({
        domain: { chainId: eip155Number(chainId), verifyingContract: this.address },
        types: { SafeMessage: [{ name: 'message', type: 'bytes' }] },
        primaryType: 'SafeMessage',
        message: { message: hashTypedData(typedData) },
      }),
    );
  }

  /** As {@link signTypedData}, for who asks before it is deployed (ERC-6492). */
  async signUndeployed(chainId: ChainId, typedData: TypedDataDefinition): Promise<Hex> {
    const { to: address, data } = this.creation;
    const signature = await this.signTypedData(chainId, typedData);
    return serializeErc6492Signature({ address, data, signature });
  }

  private get creation() {
    const data = encodeFunctionData({
      abi: FACTORY.abi,
      functionName: 'createProxyWithNonce',
      args: [create2Of(SINGLETON), this.setup, 0n],
    });
    return { to: create2Of(FACTORY), data };
  }

  /** Signatures of all, in the order of their addresses, as the contract wants them. */
  private async signHash(hash: Hex): Promise<Hex> {
    const inOrder = [...this.signers].sort((one, other) =>
      hexToBigInt(one.address) < hexToBigInt(other.address) ? -1 : 1,
    );
    return concat(await Promise.all(inOrder.map((signer) => signer.sign({ hash }))));
  }

  private async send(chainId: ChainId, call: { readonly to: Address; readonly data: Hex }): Promise<void> {
    const transport = http(this.chains.devnet.directUrl(chainId));
    const wallet = createWalletClient({ account: accountAt(9), transport });
    const client: PublicClient = chainClient(this.chains, chainId);
    const hash = await wallet.sendTransaction({ ...call, chain: null });
    const { status } = await client.waitForTransactionReceipt({ hash });
    if (status !== 'success') throw new Error(`transaction ${hash} on ${chainId} reverted`);
  }
}
