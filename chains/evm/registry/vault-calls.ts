import { type Address, encodeFunctionData, type Hex, pad } from 'viem';
import { type AccountId, type ChainId, splitAccountId } from '../../../schema/caip';
import type { TransportKind } from '../../../schema/types/chain';
import { royaltyRemitterAbi } from '../../abi/royalty-remitter';
import { royaltyVaultAbi } from '../../abi/royalty-vault';
import { type Call, TRANSPORT_NUMBER } from './calls';
import { chainHashOf } from './manifest';

/** A payee's part of a remittance. */
export interface RemittedCredit {
  readonly payee: AccountId;
  /** Who may withdraw for the payee on the source, as its split names it. */
  readonly claimant: Address;
  /** Base units of the token on the source. */
  readonly amount: bigint;
}

/** Credits of payees of one other chain, on their way there. */
export interface Remittance {
  /** Used once by each vault. */
  readonly settlementId: Hex;
  readonly destinationChainId: ChainId;
  readonly transport: TransportKind;
  readonly token: Address;
  readonly credits: readonly RemittedCredit[];
}

/** Money that a bridge brought and the vault did not take; see `Arrival` in IRoyaltyRemitter.sol. */
export interface ParkedArrival {
  readonly srcChainHash: Hex;
  readonly messageId: Hex;
  readonly token: Address;
  readonly amount: bigint;
  readonly message: Hex;
}

/** A remittance as the contract's ABI has it. All that is sent must arrive: a token that charges for it has no route. */
export function remittanceArgs({ settlementId, destinationChainId, transport, token, credits }: Remittance) {
  return {
    settlementId,
    dstChainHash: chainHashOf(destinationChainId),
    transport: TRANSPORT_NUMBER[transport],
    token,
    credits: credits.map(({ payee, claimant, amount }) => ({
      // CAST: the address of an eip155 account.
      account: pad(splitAccountId(payee).address as Address),
      claimant,
      amount,
    })),
    minArriving: credits.reduce((sum, { amount }) => sum + amount, 0n),
  } as const;
}

/** Sends credits to the vault of their payees' chain. The registry's owner or minter. */
export function remitCall(vault: Address, remittance: Remittance): Call {
  const args = [remittanceArgs(remittance)] as const;
  return { to: vault, data: encodeFunctionData({ abi: royaltyVaultAbi, functionName: 'remit', args }) };
}

/** Pays a payee of the vault's chain all that it is owed of a token. Anyone. */
export function payCall(vault: Address, token: Address, payee: AccountId): Call {
  // CAST: the address of an eip155 account.
  const args = [token, [splitAccountId(payee).address as Address]] as const;
  return { to: vault, data: encodeFunctionData({ abi: royaltyVaultAbi, functionName: 'pay', args }) };
}

/** Has the vault credit an arrival that it refused before. Anyone. */
export function retryArrivalCall(remitter: Address, arrival: ParkedArrival): Call {
  const data = encodeFunctionData({ abi: royaltyRemitterAbi, functionName: 'retryArrival', args: [arrival] });
  return { to: remitter, data };
}

/** The vaults' name of a settlement: its row's id, so that no retry can be another. */
export function settlementKey(settlementId: string): Hex {
  return pad(`0x${settlementId.replaceAll('-', '')}`, { size: 32, dir: 'right' });
}

/** The row's id in a vault's name of a settlement; undefined for one that Colophon did not choose. */
export function settlementIdIn(key: Hex): string | undefined {
  const found = /^0x(.{8})(.{4})(.{4})(.{4})(.{12})0{32}$/.exec(key);
  return found?.slice(1).join('-');
}
