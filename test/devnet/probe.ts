import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Abi,
  type Address,
  type Client,
  concat,
  createClient,
  encodeAbiParameters,
  type Hash,
  type Hex,
  http,
  padHex,
  parseAbi,
  stringToHex,
  type TransactionReceipt,
  toHex,
  zeroAddress,
} from 'viem';
import {
  deployContract,
  getBlock,
  getLogs,
  getTransactionReceipt,
  readContract,
  writeContract,
} from 'viem/actions';
import type { EvmChain } from '../../chains/chain-table';
import { AccountIndex, accountAt } from './accounts';
import { until } from './polling';

const PROBE_ABI = parseAbi(['event Received(bytes data)', 'function setBroken(bool value)']);
const ROUTER_ABI = parseAbi([
  'struct TokenAmount { address token; uint256 amount; }',
  'struct CcipMessage { bytes receiver; bytes data; TokenAmount[] tokenAmounts; address feeToken; bytes extraArgs; }',
  'function getFee(uint64 destinationChainSelector, CcipMessage message) view returns (uint256)',
  'function ccipSend(uint64 destinationChainSelector, CcipMessage message) payable returns (bytes32)',
]);
const ENDPOINT_ABI = parseAbi([
  'struct MessagingParams { uint32 dstEid; bytes32 receiver; bytes message; bytes options; bool payInLzToken; }',
  'struct MessagingFee { uint256 nativeFee; uint256 lzTokenFee; }',
  'struct MessagingReceipt { bytes32 guid; uint64 nonce; MessagingFee fee; }',
  'function quote(MessagingParams params, address sender) view returns (MessagingFee)',
  'function send(MessagingParams params, address refundAddress) payable returns (MessagingReceipt)',
]);
const RECEIVE_GAS = 200_000n;
const account = accountAt(AccountIndex.Test);

/** What a wallet that is nobody's peer sends over a bridge. */
export interface RawMessage {
  readonly to: EvmChain;
  readonly receiver: Address;
  readonly data: Hex;
  /** Gas for the delivery. */
  readonly gas?: bigint;
}

/** Sends data over CCIP from the test account and waits until it is in a block. */
export async function sendOverCcip(
  chain: EvmChain,
  { to, receiver, data, gas = RECEIVE_GAS }: RawMessage,
): Promise<TransactionReceipt> {
  const client = clientOf(chain);
  const message = {
    receiver: encodeAbiParameters([{ type: 'address' }], [receiver]),
    data,
    tokenAmounts: [],
    feeToken: zeroAddress,
    extraArgs: concat([
      '0x181dcf10', // EVM_EXTRA_ARGS_V2_TAG
      encodeAbiParameters([{ type: 'uint256' }, { type: 'bool' }], [gas, true]),
    ]),
  };
  const address = chain.ccip.router;
  const args = [to.ccip.ccipSelector, message] as const;
  const value = await readContract(client, { address, abi: ROUTER_ABI, functionName: 'getFee', args });
  const call = { address, abi: ROUTER_ABI, functionName: 'ccipSend', args, value } as const;
  return minedReceipt(client, await writeContract(client, { ...call, account, chain: null }));
}

/** Sends data over LayerZero from the test account and waits until it is in a block. */
export async function sendOverLayerZero(
  chain: EvmChain,
  { to, receiver, data, gas = RECEIVE_GAS }: RawMessage,
): Promise<TransactionReceipt> {
  const client = clientOf(chain);
  const params = {
    dstEid: to.layerZero.lzEid,
    receiver: padHex(receiver, { size: 32 }),
    message: data,
    options: concat(['0x0003', '0x01', '0x0011', '0x01', toHex(gas, { size: 16 })]),
    payInLzToken: false,
  };
  const address = chain.layerZero.endpoint;
  const { nativeFee } = await readContract(client, {
    address,
    abi: ENDPOINT_ABI,
    functionName: 'quote',
    args: [params, account.address],
  });
  const call = { address, abi: ENDPOINT_ABI, functionName: 'send', args: [params, account.address] } as const;
  return minedReceipt(
    client,
    await writeContract(client, { ...call, value: nativeFee, account, chain: null }),
  );
}

/** A receiver on one chain and a wallet that sends from there. */
export class Probe {
  readonly client: Client;
  private constructor(
    readonly chain: EvmChain,
    readonly address: Address,
  ) {
    this.client = clientOf(chain);
  }

  static async deploy(chain: EvmChain): Promise<Probe> {
    const { abi, bytecode } = compileProbe();
    const client = clientOf(chain);
    const hash = await deployContract(client, { abi, bytecode, account, chain: null });
    const { contractAddress } = await minedReceipt(client, hash);
    if (typeof contractAddress !== 'string') throw new Error('the probe was not deployed');
    return new Probe(chain, contractAddress);
  }

  async setBroken(value: boolean): Promise<void> {
    const call = { abi: PROBE_ABI, functionName: 'setBroken', args: [value] } as const;
    await this.mined(
      await writeContract(this.client, { ...call, address: this.address, account, chain: null }),
    );
  }

  /** How often `text` has arrived here, by the chain as it is now. */
  async count(text: string): Promise<number> {
    const logs = await getLogs(this.client, {
      address: this.address,
      event: PROBE_ABI[0],
      fromBlock: 0n,
      toBlock: 'latest',
      strict: true,
    });
    return logs.filter(({ args }) => args.data === stringToHex(text)).length;
  }

  /** Sends `text` over CCIP and waits until it is in a block. */
  sendCcip(to: Probe, text: string): Promise<TransactionReceipt> {
    return sendOverCcip(this.chain, { to: to.chain, receiver: to.address, data: stringToHex(text) });
  }

  /** Sends `text` over LayerZero and waits until it is in a block. */
  sendLayerZero(to: Probe, text: string): Promise<TransactionReceipt> {
    return sendOverLayerZero(this.chain, { to: to.chain, receiver: to.address, data: stringToHex(text) });
  }

  mined(hash: Hash): Promise<TransactionReceipt> {
    return minedReceipt(this.client, hash);
  }

  async head(): Promise<bigint> {
    return (await getBlock(this.client, { blockTag: 'latest' })).number;
  }

  async finalized(): Promise<bigint> {
    return (await getBlock(this.client, { blockTag: 'finalized' })).number;
  }

  /** Waits until `blocks` more blocks are there: time enough for what must not happen. */
  async advance(blocks: number): Promise<void> {
    const target = (await this.head()) + BigInt(blocks);
    await until(`block ${target}`, async () => (await this.head()) >= target);
  }
}

function clientOf(chain: EvmChain): Client {
  return createClient({ transport: http(chain.rpcUrls[0]) });
}

async function minedReceipt(client: Client, hash: Hash): Promise<TransactionReceipt> {
  const mined = await until(`transaction ${hash}`, async () => {
    const found = await client.request({ method: 'eth_getTransactionReceipt', params: [hash] });
    return found !== null;
  });
  if (!mined) throw new Error(`transaction ${hash} vanished`);
  const receipt = await getTransactionReceipt(client, { hash });
  if (receipt.status !== 'success') throw new Error(`transaction ${hash} reverted`);
  return receipt;
}

let compiled: { abi: Abi; bytecode: Hex } | undefined;

function compileProbe(): { abi: Abi; bytecode: Hex } {
  if (compiled !== undefined) return compiled;
  const solc: { compile(input: string): string } = require('solc');
  const content = readFileSync(path.join(__dirname, 'contracts', 'Probe.sol'), 'utf8');
  const outputSelection = { '*': { '*': ['abi', 'evm.bytecode.object'] } };
  const settings = { evmVersion: 'paris', outputSelection };
  const input = { language: 'Solidity', sources: { 'Probe.sol': { content } }, settings };
  const { abi, evm } = JSON.parse(solc.compile(JSON.stringify(input))).contracts['Probe.sol'].Probe;
  compiled = { abi, bytecode: `0x${evm.bytecode.object}` };
  return compiled;
}
