import { type Address, type Hex, type PublicClient, serializeTypedData } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { commitMintsCall, type MintRequest } from '../../chains/evm/registry/calls';
import { decodeRevert } from '../../chains/revert-reason';
import { revertDataOf } from '../../chains/transactions/revert-data';
import { type ChainId, eip155Number } from '../../schema/caip';
import { EIP712_DOMAIN } from '../eip712-domain';

/** EIP-712 types of the artist's consent to a mint; see contracts/src/collection/Mints.sol. */
const CONSENT_TYPES = {
  EIP712Domain: EIP712_DOMAIN,
  Mint: [
    { name: 'registryId', type: 'bytes32' },
    { name: 'documentHash', type: 'bytes32' },
    { name: 'royaltyPolicyHash', type: 'bytes32' },
  ],
} as const;

/** The registry that a consent is for, as its home collection knows it. */
export interface ConsentSubject {
  readonly homeChainId: ChainId;
  readonly collection: Address;
  readonly registryId: Hex;
  readonly royaltyPolicyHash: Hex;
}

/** Reads what an artist's consent binds: it is void once the registry states another royalty policy. */
export async function readConsentSubject(
  client: PublicClient,
  homeChainId: ChainId,
  collection: Address,
): Promise<ConsentSubject> {
  const contract = { address: collection, abi: collectionAbi } as const;
  const [registryId, { royaltyPolicyHash }] = await Promise.all([
    client.readContract({ ...contract, functionName: 'registryId' }),
    client.readContract({ ...contract, functionName: 'registryState' }),
  ]);
  return { homeChainId, collection, registryId, royaltyPolicyHash };
}

/** The typed data as JSON for `eth_signTypedData_v4`, with the domain's type spelt out. */
export function mintConsentJson(
  { homeChainId, collection, registryId, royaltyPolicyHash }: ConsentSubject,
  documentHash: Hex,
): string {
  return serializeTypedData({
    domain: {
      name: 'Colophon Collection',
      version: '1',
      chainId: BigInt(eip155Number(homeChainId)),
      verifyingContract: collection,
    },
    types: CONSENT_TYPES,
    primaryType: 'Mint',
    message: { registryId, documentHash, royaltyPolicyHash },
  });
}

/**
 * Asks the collection itself whether the artist consents, by simulating the commit: whatever kind of wallet he has,
 * the answer is the one that the commit will get.
 *
 * @param minter - Who will send the commit.
 * @returns The document that he has not signed, or undefined. A commit that fails for another reason says nothing
 * of the artist: the mint meets that reason again and reports it.
 */
export async function findUnsignedDocument(
  client: PublicClient,
  collection: Address,
  minter: Address,
  requests: readonly MintRequest[],
): Promise<string | undefined> {
  try {
    await client.call({ account: minter, ...commitMintsCall(collection, requests) });
    return undefined;
  } catch (error) {
    const revertData = revertDataOf(error);
    if (revertData === undefined) throw error;
    const { name, args } = decodeRevert(revertData);
    return name === 'ArtistSignatureInvalid' ? args[0] : undefined;
  }
}
