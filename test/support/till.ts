import {
  type Address,
  createWalletClient,
  encodeFunctionData,
  erc20Abi,
  http,
  maxUint256,
  parseAbi,
  zeroAddress,
} from 'viem';
import { royaltyRemitterAbi } from '../../chains/abi/royalty-remitter';
import { royaltyVaultAbi } from '../../chains/abi/royalty-vault';
import { payeeIdOf, payeeOf, remitterOf } from '../../chains/evm/registry/payees';
import { Ledger } from '../../domain/ledger/ledger';
import { LedgerRepository } from '../../domain/ledger/ledger-repository';
import { contractsOn } from '../../domain/registry/registry-contracts';
import { type AccountId, type ChainId, erc20MoneyId, type MoneyId } from '../../schema/caip';
import type { SettlementId } from '../../schema/ids';
import type { RequestSettlement } from '../../schema/inputs/settlement';
import type { Settlement } from '../../schema/types/settlement';
import { accountAt } from '../devnet/accounts';
import { deployTestDollars, type TestDollar } from '../devnet/test-dollar';
import type { TravelHarness } from './travel';
import type { Gallery } from './travel-gallery';
import { chainClient, sendAs, until } from './travel-steps';

/** In wei. */
const COIN = 10n ** 18n;
const MARKET = accountAt(7).address;
const BANK = accountAt(0).address;
const BANK_ABI = parseAbi(['function mint(address to, uint256 amount) returns (bool)']);

/** A part of a split. */
export interface PayeeShare {
  readonly account: AccountId;
  readonly bps: number;
}

/** Where a gallery's royalties are paid, in native money and in a dollar that both bridges carry. */
export class Till {
  readonly ledger = new Ledger(new LedgerRepository());
  private constructor(
    private readonly harness: TravelHarness,
    private readonly gallery: Gallery,
    private readonly dollars: ReadonlyMap<ChainId, TestDollar>,
  ) {}

  /** Names the dollar's OFTs, states the split on every chain of the registry, and allows settlements of both at the price of now. */
  static async open(harness: TravelHarness, gallery: Gallery, shares: readonly PayeeShare[]): Promise<Till> {
    const till = new Till(harness, gallery, await deployTestDollars(harness.devnet));
    await Promise.all(gallery.registry.chainIds.map((chainId) => till.prepare(chainId, shares)));
    return till;
  }

  /** A token's address on a chain: the dollar's, or zero for native money. */
  token(chainId: ChainId, money: 'dollar' | 'native'): Address {
    return money === 'native' ? zeroAddress : this.dollarOn(chainId).dollar;
  }

  vault(chainId: ChainId): Address {
    const { royaltyVault } = contractsOn(this.gallery.registry, chainId);
    if (royaltyVault === null) throw new Error('every registry has a vault');
    return royaltyVault;
  }

  /** A marketplace pays a royalty; of which sale, nobody says. */
  async sell(chainId: ChainId, money: 'dollar' | 'native', amount: bigint): Promise<void> {
    const token = this.token(chainId, money);
    if (money === 'dollar') await this.pay(chainId, token, amount);
    else await this.deposit(chainId, token, amount, amount);
  }

  /** As {@link sell}, in a test dollar of any kind. */
  async pay(chainId: ChainId, dollar: Address, amount: bigint): Promise<void> {
    await this.fundMarket(chainId, dollar, amount);
    await this.deposit(chainId, dollar, amount, 0n);
  }

  /** So many sales whose royalties come in dollars, each by a deposit of its own; the books are not told. */
  async sellMany(chainId: ChainId, amount: bigint, count: number): Promise<void> {
    const dollar = this.token(chainId, 'dollar');
    await this.fundMarket(chainId, dollar, amount * BigInt(count));
    const args = [dollar, amount] as const;
    const data = encodeFunctionData({ abi: royaltyVaultAbi, functionName: 'deposit', args });
    const transport = http(this.harness.devnet.directUrl(chainId));
    const market = createWalletClient({ account: accountAt(7), transport });
    const client = chainClient(this.harness, chainId);
    const first = await client.getTransactionCount({ address: MARKET });
    const call = { to: this.vault(chainId), data, gas: 400_000n, chain: null };
    const hashes = await Promise.all(
      Array.from({ length: count }, (_, nth) => market.sendTransaction({ ...call, nonce: first + nth })),
    );
    for (const hash of hashes) {
      const { status } = await client.waitForTransactionReceipt({ hash });
      if (status !== 'success') throw new Error('a deposit failed');
    }
  }

  /** Asks until all that was paid is final, and is as much as expected. */
  async settle(input: Partial<RequestSettlement>, ...amounts: readonly bigint[]): Promise<Settlement[]> {
    const { tenantId, registryId } = this.gallery;
    await until('all that was paid is owed by a final block', async () => {
      const owed = await this.owed(input);
      return JSON.stringify(owed) === JSON.stringify([...amounts].map(String).sort());
    });
    return this.harness.domain.settlements.request(tenantId, { registryId, lane: 'CHEAPEST', ...input });
  }

  /** Waits until a settlement is over for good. */
  async ended(id: SettlementId): Promise<Settlement> {
    let last: Settlement | undefined;
    try {
      return await until(`settlement ${id} is over`, async () => {
        last = await this.settlement(id);
        return ((last.state === 'CREDITED' && !last.provisional) || last.state === 'FAILED') && last;
      });
    } catch (error) {
      throw new Error(`still under way: ${JSON.stringify(last)}`, { cause: error });
    }
  }

  settlement(id: SettlementId): Promise<Settlement> {
    return this.harness.domain.settlements.get(this.gallery.tenantId, id);
  }

  /** What a wallet has. */
  async wallet(chainId: ChainId, money: 'dollar' | 'native', account: Address): Promise<bigint> {
    const client = chainClient(this.harness, chainId);
    return money === 'native'
      ? client.getBalance({ address: account })
      : client.readContract({
          abi: erc20Abi,
          address: this.dollarOn(chainId).dollar,
          functionName: 'balanceOf',
          args: [account],
        });
  }

  /** The names of all settlements that have left a vault, by the chain itself. */
  async remitted(chainId: ChainId): Promise<string[]> {
    const events = await chainClient(this.harness, chainId).getContractEvents({
      abi: royaltyVaultAbi,
      address: this.vault(chainId),
      eventName: 'SettlementRemitted',
      fromBlock: 0n,
      strict: true,
    });
    return events.map(({ args }) => args.settlementId);
  }

  /** Gives an account dollars. */
  async mintDollars(chainId: ChainId, account: Address, amount: bigint): Promise<void> {
    await this.mint(chainId, this.dollarOn(chainId).dollar, account, amount);
  }

  /** Has the owner state another split on a chain; credits from before stay whose they are. */
  async stateSplit(chainId: ChainId, shares: readonly PayeeShare[]): Promise<void> {
    const abi = royaltyVaultAbi;
    const address = this.vault(chainId);
    const client = chainClient(this.harness, chainId);
    const [revision] = await client.readContract({ abi, address, functionName: 'splitInForce' });
    const parts = inVaultOrder(shares).map(({ account, bps }) => ({ payee: payeeOf(account), bps }));
    const data = encodeFunctionData({ abi, functionName: 'stateSplit', args: [revision, parts] });
    await sendAs(this.harness, this.gallery.account, chainId, { to: address, data });
  }

  private async mint(chainId: ChainId, dollar: Address, account: Address, amount: bigint): Promise<void> {
    const data = encodeFunctionData({ abi: BANK_ABI, functionName: 'mint', args: [account, amount] });
    await sendAs(this.harness, BANK, chainId, { to: dollar, data });
  }

  private async deposit(chainId: ChainId, token: Address, amount: bigint, value: bigint): Promise<void> {
    const args = [token, amount] as const;
    const data = encodeFunctionData({ abi: royaltyVaultAbi, functionName: 'deposit', args });
    await sendAs(this.harness, MARKET, chainId, { to: this.vault(chainId), data, value });
  }

  private async fundMarket(chainId: ChainId, dollar: Address, amount: bigint): Promise<void> {
    await this.mint(chainId, dollar, MARKET, amount);
    const args = [this.vault(chainId), maxUint256] as const;
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args });
    await sendAs(this.harness, MARKET, chainId, { to: dollar, data });
  }

  private async owed(query: Partial<RequestSettlement>): Promise<string[]> {
    const { tenantId, registryId } = this.gallery;
    const collector = this.harness.domain.creditCollector;
    const owed = await collector.owed(tenantId, registryId, query);
    return owed.map(({ amount }) => String(amount)).sort();
  }

  private async prepare(chainId: ChainId, shares: readonly PayeeShare[]): Promise<void> {
    const { dollar, oft } = this.dollarOn(chainId);
    const name = encodeFunctionData({
      abi: royaltyRemitterAbi,
      functionName: 'setOft',
      args: [dollar, oft],
    });
    const remitter = remitterOf(this.vault(chainId));
    await sendAs(this.harness, this.gallery.account, chainId, { to: remitter, data: name });
    await this.stateSplit(chainId, shares);
    // 3,000 dollars a coin
    await this.setRule(erc20MoneyId(chainId, dollar), 3_000_000_000n);
    await this.setRule(this.harness.foundations.chainTable.moneyOf(chainId, zeroAddress), COIN);
  }

  /** Allows settlements of an asset at the price of now. */
  async setRule(asset: MoneyId, worthOfCoin: bigint): Promise<void> {
    await this.harness.domain.settlements.setRule(this.gallery.tenantId, {
      asset,
      approvalAbove: null,
      maxCostBps: 10_000,
      waitAboveCap: true,
      valuedAmount: String(worthOfCoin),
      valuedWei: String(COIN),
      minAmount: null,
      everyHours: null,
    });
  }

  private dollarOn(chainId: ChainId): TestDollar {
    const dollar = this.dollars.get(chainId);
    if (dollar === undefined) throw new Error(`there is no dollar on ${chainId}`);
    return dollar;
  }
}

/** As the vaults want them: by the ids of the payees. */
function inVaultOrder(shares: readonly PayeeShare[]): PayeeShare[] {
  return [...shares].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
}

function idOf({ account }: PayeeShare): string {
  return payeeIdOf(payeeOf(account));
}
