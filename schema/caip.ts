import { getAddress, isAddress } from 'viem';
import { z } from 'zod';

declare const brand: unique symbol;

/** A network by CAIP-2, e.g. `eip155:1`. Never a bare number. */
export type ChainId = string & { readonly [brand]: 'ChainId' };
/** An account by CAIP-10, e.g. `eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb`. */
export type AccountId = string & { readonly [brand]: 'AccountId' };

/** Money by CAIP-19, e.g. `eip155:1/slip44:60` (native) or `eip155:1/erc20:0xA0b8…`. On each chain it is another asset. */
export type MoneyId = string & { readonly [brand]: 'MoneyId' };

/** A 20-byte EVM address in hex, as viem and the contracts' ABIs have it. */
export type EvmAddress = `0x${string}`;

const CHAIN_ID = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/;
const ACCOUNT_ID = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}:[-.%a-zA-Z0-9]{1,128}$/;

/** CAIP-2 (https://chainagnostic.org/CAIPs/caip-2, read 2026-11). */
export const chainIdSchema = z
  .string()
  .regex(CHAIN_ID, 'must be a CAIP-2 chain id such as eip155:1')
  // CAST: the pattern above is the brand's definition.
  .transform((value) => value as ChainId);

/**
 * CAIP-10 (https://chainagnostic.org/CAIPs/caip-10, read 2026-11). An EVM address leaves in its
 * ERC-55 spelling, so that equal accounts are equal texts; a mixed-case one must be spelled so already.
 */
export const accountIdSchema = z
  .string()
  .regex(ACCOUNT_ID, 'must be a CAIP-10 account id such as eip155:1:0xab16…')
  .transform((value, context): AccountId => {
    const [namespace, reference, address = ''] = value.split(':');
    // CAST: the pattern above is the brand's definition.
    if (namespace !== 'eip155') return value as AccountId;
    if (isAddress(address)) return `${namespace}:${reference}:${getAddress(address)}` as AccountId;
    context.addIssue({ code: 'custom', message: 'must end in a 20-byte hex address with a right checksum' });
    return z.NEVER;
  });

/** The CAIP-2 id of an EVM network from its EIP-155 chain id. */
export function evmChainId(eip155ChainId: number): ChainId {
  return chainIdSchema.parse(`eip155:${eip155ChainId}`);
}

/** The EIP-155 number of an `eip155:*` chain id. @throws Error if the namespace is another. */
export function eip155Number(chainId: ChainId): number {
  const [namespace, reference] = chainId.split(':');
  if (namespace !== 'eip155' || reference === undefined) throw new Error(`${chainId} is not an EVM chain`);
  return Number(reference);
}

/** The CAIP-10 id of an EVM address. */
export function evmAccountId(chainId: ChainId, address: string): AccountId {
  return accountIdSchema.parse(`${chainId}:${address}`);
}

/** Splits a CAIP-10 id into its chain and its address. */
export function splitAccountId(accountId: AccountId): { chainId: ChainId; address: string } {
  const at = accountId.lastIndexOf(':');
  return { chainId: chainIdSchema.parse(accountId.slice(0, at)), address: accountId.slice(at + 1) };
}

/** An ERC-721 contract. */
export interface Erc721Contract {
  readonly chainId: ChainId;
  readonly address: EvmAddress;
}

const ERC721_CONTRACT = /^(eip155:\d{1,32})\/erc721:(0x[0-9a-fA-F]{40})$/;

/** The CAIP-19 asset type of an ERC-721 contract, such as `eip155:1/erc721:0xab16…` (read 2026-11 where below). */
export const erc721ContractSchema = z.string().transform((value, context): Erc721Contract => {
  const [, chainId, address] = ERC721_CONTRACT.exec(value) ?? [];
  if (chainId !== undefined && address !== undefined && isAddress(address))
    return { chainId: chainIdSchema.parse(chainId), address: getAddress(address) };
  context.addIssue({
    code: 'custom',
    message: 'must be a CAIP-19 asset type such as eip155:1/erc721:0xab16…, with a right checksum',
  });
  return z.NEVER;
});

/** The CAIP-19 asset type of an ERC-721 contract. */
export function erc721ContractId({ chainId, address }: Erc721Contract): string {
  return `${chainId}/erc721:${address}`;
}

const MONEY = /^([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32})\/(slip44|erc20|token):([-.%a-zA-Z0-9]{1,128})$/;

/** The CAIP-19 asset type of native money (`slip44`) or of a token; an ERC-20's address leaves in its ERC-55 spelling. */
export const moneyIdSchema = z.string().transform((value, context): MoneyId => {
  const [, chainId, namespace, reference = ''] = MONEY.exec(value) ?? [];
  if (namespace === 'erc20' && isAddress(reference))
    // CAST: here and below, the pattern above is the brand's definition.
    return `${chainId}/erc20:${getAddress(reference)}` as MoneyId;
  if (namespace === 'token' || (namespace === 'slip44' && /^\d+$/.test(reference))) return value as MoneyId;
  context.addIssue({
    code: 'custom',
    message: 'must be the CAIP-19 asset type of money such as eip155:1/slip44:60 or eip155:1/erc20:0xA0b8…',
  });
  return z.NEVER;
});

/** The CAIP-19 id of a token that contracts know by its address. */
export function erc20MoneyId(chainId: ChainId, token: string): MoneyId {
  return moneyIdSchema.parse(`${chainId}/erc20:${token}`);
}

/** The money that contracts know by a token's address, or by zero: the chain's own. */
export function moneyOfToken(token: string, { chainId, native }: Currencies): MoneyId {
  return /^0x0{40}$/.test(token) ? native : erc20MoneyId(chainId, token);
}

/** Names the money of a chain. */
export interface Currencies {
  readonly chainId: ChainId;
  readonly native: MoneyId;
}

/** Whether money is a chain's own: nobody can make up more of it. */
export function isNativeMoney(moneyId: MoneyId): boolean {
  return MONEY.exec(moneyId)?.[2] === 'slip44';
}

/** How contracts know money: its token's address, or the zero address for native money. @throws Error for others. */
export function evmTokenOf(moneyId: MoneyId): EvmAddress {
  const [, , namespace, reference = ''] = MONEY.exec(moneyId) ?? [];
  if (namespace === 'slip44') return `0x${'0'.repeat(40)}`;
  if (namespace !== 'erc20' || !isAddress(reference))
    throw new Error(`${moneyId} is no money of an EVM chain`);
  return reference;
}

/** The chain that money is on. */
export function chainOfMoney(moneyId: MoneyId): ChainId {
  return chainIdSchema.parse(moneyId.slice(0, moneyId.indexOf('/')));
}

/** The CAIP-19 id of an ERC-721 token (https://namespaces.chainagnostic.org/eip155/caip19, read 2026-11). */
export function erc721AssetId(chainId: ChainId, collection: string, tokenId: bigint): string {
  return `${chainId}/erc721:${collection}/${tokenId}`;
}
