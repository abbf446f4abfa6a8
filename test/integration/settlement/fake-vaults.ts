import {
  type Address,
  BaseError,
  concat,
  createPublicClient,
  custom,
  decodeFunctionData,
  encodeErrorResult,
  encodeEventTopics,
  erc20Abi,
  type Hex,
  isAddressEqual,
  pad,
  toHex,
  zeroAddress,
  zeroHash,
} from 'viem';
import { registryErrorsAbi } from '../../../chains/abi/errors';
import { royaltyRemitterAbi } from '../../../chains/abi/royalty-remitter';
import { royaltyVaultAbi } from '../../../chains/abi/royalty-vault';
import type { ChainAccess, ChainAccesses } from '../../../chains/transactions/chain-access';

/** The block that the fake chains are at, and the one up to which they are final. */
export const HEAD = 100n;
export const FINAL = 90n;

const CALLED = [...royaltyVaultAbi, ...royaltyRemitterAbi, ...erc20Abi];

/** A node's answer that a contract reverted: code 3 with the data (EIP-1474 and its practice). */
class NodeRevert extends BaseError {
  readonly code = 3;

  constructor(readonly data: Hex) {
    super('execution reverted');
  }
}

/** Vaults behind the port to chains: who is owed what, what bridges ask, and what they refuse. */
export class FakeVaults implements ChainAccesses {
  /** Credit by payee's account (32 bytes), in base units. */
  readonly credits = new Map<Hex, bigint>();
  /** … as the last final block has it. */
  readonly finalCredits = new Map<Hex, bigint>();
  readonly remitted = new Set<Hex>();
  feeWei = 1_000n;
  /** The error with which every remittance is refused, if any. */
  refusal: 'NativeHasNoRoute' | 'ReentrancyGuardReentrantCall' | undefined;
  balance = 0n;
  /** What lies in the receiver. */
  lying = 0n;
  /** … as the last final block has it. */
  finalLying = 0n;
  /** Whether the token says what an account has. */
  isSilent = false;
  owed = 0n;
  /** Logs of transactions, by hash. */
  readonly receipts = new Map<Hex, readonly object[]>();

  private readonly client = createPublicClient({
    transport: custom({ request: (call) => this.answer(call) }, { retryCount: 0 }),
  });

  get(): ChainAccess {
    const unused = () => Promise.reject(new Error('nobody asks for it here'));
    return { public: this.client, request: unused, broadcast: unused };
  }

  /** What a vault logs when a payee does not take its money. */
  refusedLog(): object {
    const topics = encodeEventTopics({
      abi: royaltyVaultAbi,
      eventName: 'PaymentRefused',
      args: { token: VAULT, payeeId: zeroHash },
    });
    return { address: VAULT, topics, data: pad('0x05'), logIndex: '0x0', blockNumber: '0x1' };
  }

  private async answer({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
    // CAST: what viem sends for the methods below.
    const [first, block] = (params ?? []) as [{ data: Hex } & Hex, Hex];
    if (method === 'eth_blockNumber') return `0x${HEAD.toString(16)}`;
    if (method === 'eth_getBalance') return `0x${this.balanceOf(first, BigInt(block) < HEAD).toString(16)}`;
    if (method === 'eth_getBlockByNumber')
      return { number: toHex(HEAD), hash: zeroHash, timestamp: '0x1', transactions: [] };
    if (method === 'eth_call') return this.call(first.data, BigInt(block) < HEAD);
    if (method === 'eth_getTransactionReceipt')
      return { blockNumber: '0x1', logs: this.receipts.get(first) ?? [], status: '0x1', gasUsed: '0x1' };
    throw new Error(`the fake chain does not answer ${method}`);
  }

  private call(data: Hex, isFinal: boolean): Hex {
    const { functionName, args } = decodeFunctionData({ abi: CALLED, data });
    switch (functionName) {
      case 'balanceOf':
        return this.isSilent ? '0x' : pad(toHex(this.balanceOf(args[0], isFinal)));
      case 'creditOf':
        return pad(toHex((isFinal ? this.finalCredits : this.credits).get(args[1].account) ?? 0n));
      case 'pooledOf':
        return pad(toHex(this.owed));
      case 'oftOf':
        return pad(zeroAddress);
      case 'remittedDigestOf':
        return this.remitted.has(args[0]) ? `0x${'1'.repeat(64)}` : zeroHash;
      case 'quoteRemittance':
      case 'remit':
        return this.remittance(functionName);
      default:
        throw new Error(`the fake vault has no ${functionName}`);
    }
  }

  private balanceOf(account: Hex, isFinal: boolean): bigint {
    if (!isAddressEqual(account, RECEIVER)) return this.balance;
    return isFinal ? this.finalLying : this.lying;
  }

  private remittance(functionName: 'quoteRemittance' | 'remit'): Hex {
    if (this.refusal !== undefined)
      throw new NodeRevert(encodeErrorResult({ abi: registryErrorsAbi, errorName: this.refusal }));
    return functionName === 'remit' ? concat([zeroHash, zeroHash]) : pad(toHex(this.feeWei));
  }
}

/** Where marketplaces pay. */
export const RECEIVER: Address = '0xde709f2102306220921060314715629080e2fb77';
export const VAULT: Address = '0x8617E340B3D01FA5F11F306F4090FD50E238070D';
