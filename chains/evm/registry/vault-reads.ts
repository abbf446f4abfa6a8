import { type Address, type Hex, type PublicClient, zeroAddress, zeroHash } from 'viem';
import { oftAbi } from '../../abi/protocol/oft';
import { royaltyRemitterAbi } from '../../abi/royalty-remitter';
import { royaltyVaultAbi } from '../../abi/royalty-vault';
import { balanceAt } from './money';
import { remitterOf, type VaultPayee } from './payees';
import { type Remittance, remittanceArgs } from './vault-calls';

/** More native money than any bridge charges: a remittance is only tried with it, by no transaction. */
const AMPLE_WEI = 10n ** 24n;

/** What one vault holds and owes, all of it as one block left it, so that two answers never contradict each other. */
export class VaultReader {
  private constructor(
    private readonly client: PublicClient,
    private readonly vault: Address,
    /** The block's number. */
    readonly height: bigint,
  ) {}

  /** As the latest block has it. */
  static async atLatest(client: PublicClient, vault: Address): Promise<VaultReader> {
    return new VaultReader(client, vault, await client.getBlockNumber({ cacheTime: 0 }));
  }

  /** As an earlier block had it. */
  static at(client: PublicClient, vault: Address, height: bigint): VaultReader {
    return new VaultReader(client, vault, height);
  }

  /** What a payee is owed, in base units. */
  creditOf(token: Address, payee: VaultPayee): Promise<bigint> {
    return this.client.readContract({ ...this.contract, functionName: 'creditOf', args: [token, payee] });
  }

  /** What all are owed, in base units. */
  pooledOf(token: Address): Promise<bigint> {
    return this.client.readContract({ ...this.contract, functionName: 'pooledOf', args: [token] });
  }

  /** What is there, in base units. */
  balanceOf(token: Address): Promise<bigint> {
    return balanceAt(this.client, token, this.vault, this.height);
  }

  /** Whether a settlement of this name has left. */
  async isRemitted(settlementKey: Hex): Promise<boolean> {
    const args = [settlementKey] as const;
    const digest = await this.client.readContract({
      ...this.contract,
      functionName: 'remittedDigestOf',
      args,
    });
    return digest !== zeroHash;
  }

  /**
   * What a remittance would cost now, in wei, after trying it: so a route that exists only on paper (no token pool, a
   * bridge that is stopped, a token that charges) is none.
   *
   * @throws ContractFunctionRevertedError in viem's chain of causes if the remittance would be refused.
   */
  async priceOf(remittance: Remittance, settler: Address): Promise<bigint> {
    const args = [remittanceArgs(remittance)] as const;
    const feeWei = await this.client.readContract({
      ...this.contract,
      functionName: 'quoteRemittance',
      args,
    });
    await this.client.simulateContract({
      ...this.contract,
      functionName: 'remit',
      args,
      account: settler,
      value: feeWei,
      stateOverride: [{ address: settler, balance: AMPLE_WEI }],
    });
    return feeWei;
  }

  /** The least amount that an OFT carries without a rest; undefined if no OFT moves the token. */
  async oftUnitOf(token: Address): Promise<bigint | undefined> {
    const { height: blockNumber } = this;
    const oft = await this.client.readContract({
      abi: royaltyRemitterAbi,
      address: remitterOf(this.vault),
      functionName: 'oftOf',
      args: [token],
      blockNumber,
    });
    if (oft === zeroAddress) return undefined;
    const at = { abi: oftAbi, address: oft, blockNumber } as const;
    return this.client.readContract({ ...at, functionName: 'decimalConversionRate' });
  }

  /** Whether an arrival still waits at the vault's remitter to be credited. */
  isParked(arrivalId: Hex): Promise<boolean> {
    return this.client.readContract({
      abi: royaltyRemitterAbi,
      address: remitterOf(this.vault),
      functionName: 'isParked',
      args: [arrivalId],
      blockNumber: this.height,
    });
  }

  private get contract() {
    return { abi: royaltyVaultAbi, address: this.vault, blockNumber: this.height } as const;
  }
}
