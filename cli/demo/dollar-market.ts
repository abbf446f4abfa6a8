import {
  type Address,
  createWalletClient,
  encodeFunctionData,
  erc20Abi,
  type Hex,
  http,
  parseAbi,
  publicActions,
} from 'viem';
import type { ChainTable } from '../../chains/chain-table';
import type { ChainId } from '../../schema/caip';
import { AccountIndex, accountAt } from '../../test/devnet/accounts';
import type { DevnetFile } from '../../test/devnet/devnet-file';
import { compiled } from '../../test/devnet/protocol-artifacts';
import { deployTestDollars, type TestDollar } from '../../test/devnet/test-dollar';
import { DemoError } from './demo-errors';

const POLL_MS = 100;
const bankAbi = parseAbi(['function mint(address to, uint256 amount) returns (bool)']);
const marketAbi = parseAbi([
  'function list(address works, uint256 workId, address money, uint256 price)',
  'function buy(address works, uint256 workId)',
]);
const erc721Abi = parseAbi(['function approve(address to, uint256 tokenId)']);

/** A call that a wallet sends. */
export interface WalletCall {
  readonly to: Address;
  readonly data: Hex;
}

/** A dollar on every local chain that both bridges carry, and a marketplace on one of them that honours ERC-2981. */
export class DollarMarket {
  private constructor(
    private readonly dollars: ReadonlyMap<ChainId, TestDollar>,
    private readonly market: Address,
    private readonly bank: ReturnType<typeof bankOn>,
  ) {}

  static async open(devnet: DevnetFile, chains: ChainTable, chainId: ChainId): Promise<DollarMarket> {
    const urlOf = (of: ChainId) => given(chains.get(of).rpcUrls[0]);
    const dollars = await deployTestDollars({ file: devnet, directUrl: urlOf });
    const bank = bankOn(urlOf(chainId));
    const { abi, bytecode } = compiled('TestMarket');
    const hash = await bank.deployContract({ abi, bytecode, chain: null });
    const { contractAddress } = await bank.waitForTransactionReceipt({ hash });
    return new DollarMarket(dollars, given(contractAddress), bank);
  }

  dollarOn(chainId: ChainId): Address {
    return given(this.dollars.get(chainId)?.dollar);
  }

  /** Gives somebody dollars on the marketplace's chain. */
  async mint(to: Address, dollar: Address, amount: bigint): Promise<void> {
    const hash = await this.bank.writeContract({
      abi: bankAbi,
      address: dollar,
      functionName: 'mint',
      args: [to, amount],
      chain: null,
    });
    await this.bank.waitForTransactionReceipt({ hash });
  }

  /** What the holder sends to put a work up for sale. */
  listCalls(works: Address, workId: bigint, money: Address, price: bigint): WalletCall[] {
    const approve = { abi: erc721Abi, functionName: 'approve', args: [this.market, workId] } as const;
    const list = { abi: marketAbi, functionName: 'list', args: [works, workId, money, price] } as const;
    return [
      { to: works, data: encodeFunctionData(approve) },
      { to: this.market, data: encodeFunctionData(list) },
    ];
  }

  /** What the buyer sends: he pays the seller and, as ERC-2981 asks, the royalty. */
  buyCalls(works: Address, workId: bigint, money: Address, price: bigint): WalletCall[] {
    const approve = { abi: erc20Abi, functionName: 'approve', args: [this.market, price] } as const;
    const buy = { abi: marketAbi, functionName: 'buy', args: [works, workId] } as const;
    return [
      { to: money, data: encodeFunctionData(approve) },
      { to: this.market, data: encodeFunctionData(buy) },
    ];
  }
}

/** The account that deployed the local protocols. */
function bankOn(url: string) {
  const account = accountAt(AccountIndex.Deployer);
  return createWalletClient({ account, transport: http(url), pollingInterval: POLL_MS }).extend(
    publicActions,
  );
}

function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined)
    throw new DemoError('the local chains lack what each of them has');
  return value;
}
