import { type Address, encodeFunctionData, erc20Abi, type Hex, type PublicClient } from 'viem';
import type { RegistryContracts } from '../../../schema/types/registry';
import { licenceBookAbi } from '../../abi/licence-book';
import { decodeRevert } from '../../revert-reason';
import { revertDataOf } from '../../transactions/revert-data';
import type { Call } from './calls';

/** What a licence book offers; see `Offer` in contracts/src/interfaces/ILicenceBook.sol. */
export interface OfferTerms {
  readonly templateHash: Hex;
  /** Zero for native money. */
  readonly currency: Address;
  readonly price: bigint;
  readonly termSeconds: number;
  readonly closesAt: bigint;
  readonly transferable: boolean;
  readonly revocable: boolean;
  readonly workIds: readonly bigint[];
}

/** Makes a licence text known to a book. Policy only. */
export function addTemplateCall(book: Address, templateHash: Hex, uri: string): Call {
  const args = [templateHash, uri] as const;
  return { to: book, data: encodeFunctionData({ abi: licenceBookAbi, functionName: 'addTemplate', args }) };
}

/** Puts a licence up for sale. Policy only. */
export function offerCall(book: Address, terms: OfferTerms): Call {
  return {
    to: book,
    data: encodeFunctionData({ abi: licenceBookAbi, functionName: 'offer', args: [terms] }),
  };
}

/** Ends an offer. Policy only. */
export function withdrawOfferCall(book: Address, offerId: bigint): Call {
  const args = [offerId] as const;
  return { to: book, data: encodeFunctionData({ abi: licenceBookAbi, functionName: 'withdrawOffer', args }) };
}

/** Takes a licence back, if its terms allow it. Policy only. */
export function revokeCall(book: Address, grantId: Hex, reasonHash: Hex): Call {
  const args = [grantId, reasonHash] as const;
  return { to: book, data: encodeFunctionData({ abi: licenceBookAbi, functionName: 'revoke', args }) };
}

/** Buys a licence for somebody. Anyone may; the price is sent along, or approved before. */
export function buyCall(book: Address, offerId: bigint, holder: Address): Call {
  const args = [offerId, holder] as const;
  return { to: book, data: encodeFunctionData({ abi: licenceBookAbi, functionName: 'buy', args }) };
}

/** Lets a book take a price in an ERC-20. The buyer's. */
export function approveCall(currency: Address, book: Address, price: bigint): Call {
  return {
    to: currency,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [book, price] }),
  };
}

/** Reads of a registry's licences on one chain, at its latest block. */
export class LicenceReader {
  constructor(
    private readonly client: PublicClient,
    private readonly contracts: RegistryContracts,
  ) {}

  /** Whether the chain lets an account do with a work what a text says, by its own clock. */
  isLicensed(tokenId: bigint, account: Address, templateHash: Hex): Promise<boolean> {
    return this.client.readContract({
      address: bookOf(this.contracts),
      abi: licenceBookAbi,
      functionName: 'isLicensed',
      args: [tokenId, account, templateHash],
    });
  }

  /** The revision of a grant that the chain knows; 0 if it knows none. */
  async revisionOf(grantId: Hex): Promise<number> {
    try {
      const { revision } = await this.client.readContract({
        address: bookOf(this.contracts),
        abi: licenceBookAbi,
        functionName: 'grantOf',
        args: [grantId],
      });
      return Number(revision);
    } catch (error) {
      const revertData = revertDataOf(error);
      if (revertData === undefined || decodeRevert(revertData).name !== 'GrantUnknown') throw error;
      return 0;
    }
  }
}

/** Where the licences of a registry are kept on a chain. @throws Error if it was made before there were any. */
export function bookOf({ licenceBook, chainId }: RegistryContracts): Address {
  if (licenceBook === null) throw new Error(`no licence book on ${chainId}`);
  return licenceBook;
}
