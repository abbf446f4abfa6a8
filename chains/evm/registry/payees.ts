import {
  type Address,
  encodeAbiParameters,
  getContractAddress,
  type Hex,
  keccak256,
  pad,
  zeroAddress,
} from 'viem';
import { type AccountId, splitAccountId } from '../../../schema/caip';
import { chainHashOf } from './manifest';

/** Who is owed, as the contracts have it; see `Payee` in contracts/src/interfaces/IRoyaltyVault.sol. */
export interface VaultPayee {
  readonly chainHash: Hex;
  readonly account: Hex;
  readonly claimant: Address;
}

/** By their last 16 bits a vault packs a share next to a payee's id. */
const SHARE_BITS = 16n;

const PAYEE = [
  {
    type: 'tuple',
    components: [
      { name: 'chainHash', type: 'bytes32' },
      { name: 'account', type: 'bytes32' },
      { name: 'claimant', type: 'address' },
    ],
  },
] as const;

/** An account on an EVM chain as a payee; the claimant that a split names for it makes it another one. */
export function payeeOf(account: AccountId, claimant: Address = zeroAddress): VaultPayee {
  const { chainId, address } = splitAccountId(account);
  // CAST: the address of an eip155 account.
  return { chainHash: chainHashOf(chainId), account: pad(address as Address), claimant };
}

/** How a vault names a payee: as `payeeIdOf` computes it. */
export function payeeIdOf(payee: VaultPayee): Hex {
  const hash = BigInt(keccak256(encodeAbiParameters(PAYEE, [payee])));
  return pad(`0x${((hash >> SHARE_BITS) << SHARE_BITS).toString(16)}`, { size: 32 });
}

/** The remitter of a vault, which makes it as its first contract. */
export function remitterOf(vault: Address): Address {
  return getContractAddress({ from: vault, nonce: 1n });
}
