import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  erc721Abi,
  getAddress,
  type Hex,
  hexToBigInt,
  keccak256,
  type PublicClient,
  pad,
  parseAbi,
  size,
  slice,
  toHex,
} from 'viem';
import type { Erc721Contract } from '../../../schema/caip';
import { adoptedCollectionAbi } from '../../abi/adopted-collection';
import { revertDataOf } from '../../transactions/revert-data';
import type { Call } from './calls';
import { chainHashOf } from './manifest';
import { commitmentOf, tokenIdOf } from './work-origin';

/** ERC-165 id of ERC-721 (https://eips.ethereum.org/EIPS/eip-721, read 2026-11). */
const ERC721_INTERFACE = '0x80ac58cd';

/** Storage slots of a proxy (https://eips.ethereum.org/EIPS/eip-1967, read 2026-11). */
const EIP1967_IMPLEMENTATION = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc';
const EIP1967_ADMIN = '0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103';

const SUPPORTS_INTERFACE = {
  abi: parseAbi(['function supportsInterface(bytes4) view returns (bool)']),
  functionName: 'supportsInterface',
} as const;
const OWNER = { abi: parseAbi(['function owner() view returns (address)']), functionName: 'owner' } as const;

const WORD_BYTES = 32;
const ADDRESS_BYTES = 20;
const MAX_ADDRESS = 2n ** 160n - 1n;
const TRUE = 1n;

const EDITION = 0n;

/** What an adopted token's id as a work follows from. */
export interface AdoptedOrigin {
  readonly documentHash: Hex;
  readonly seed: Hex;
  readonly commitment: Hex;
  readonly workId: bigint;
}

/** The origin of a token as a work, as contracts/src/AdoptedCollection.sol computes it. */
export function adoptedOrigin({ chainId, address }: Erc721Contract, tokenId: bigint): AdoptedOrigin {
  const documentHash = keccak256(
    encodeAbiParameters(
      [{ type: 'bytes32' }, { type: 'address' }, { type: 'uint256' }],
      [chainHashOf(chainId), address, tokenId],
    ),
  );
  const seed = pad(toHex(tokenId));
  const commitment = commitmentOf({ documentHash, seed, edition: EDITION });
  return { documentHash, seed, commitment, workId: tokenIdOf(commitment, EDITION) };
}

/** Makes tokens known as works, all or none. Anyone may send it; those that are known stay as they are. */
export function adoptCall(adapter: Address, tokenIds: readonly bigint[]): Call {
  const args = [tokenIds] as const;
  return {
    to: adapter,
    data: encodeFunctionData({ abi: adoptedCollectionAbi, functionName: 'adoptBatch', args }),
  };
}

/** Compares who has a token with who should: a loss freezes the work, a return lifts that. Anyone may send it. */
export function checkEscrowCall(adapter: Address, workId: bigint): Call {
  const args = [workId] as const;
  return {
    to: adapter,
    data: encodeFunctionData({ abi: adoptedCollectionAbi, functionName: 'checkEscrow', args }),
  };
}

/** What a holder sends so that the adapter may take one token into escrow. */
export function approveEscrowCall({ address }: Erc721Contract, adapter: Address, tokenId: bigint): Call {
  const args = [adapter, tokenId] as const;
  return { to: address, data: encodeFunctionData({ abi: erc721Abi, functionName: 'approve', args }) };
}

/** Who has power over an adopted contract. */
export interface Posture {
  readonly owner: Address | undefined;
  readonly implementation: Address | undefined;
  readonly proxyAdmin: Address | undefined;
  readonly codeHash: Hex | undefined;
}

/** Reads of an ERC-721 that nobody vouches for, at its chain's latest block. */
export class AdoptedTokenReader {
  constructor(
    private readonly client: PublicClient,
    private readonly address: Address,
  ) {}

  /** Whether a contract there says that it is an ERC-721. */
  async isErc721(): Promise<boolean> {
    return (await this.ask(encodeFunctionData({ ...SUPPORTS_INTERFACE, args: [ERC721_INTERFACE] }))) === TRUE;
  }

  /** Who has a token; undefined if nobody has, or the contract does not say. */
  async ownerOf(tokenId: bigint): Promise<Address | undefined> {
    const args = [tokenId] as const;
    return addressIn(await this.ask(encodeFunctionData({ abi: erc721Abi, functionName: 'ownerOf', args })));
  }

  /** Whether `operator` may take a token from its holder. */
  async isApproved(holder: Address, operator: Address, tokenId: bigint): Promise<boolean> {
    const forAll = { abi: erc721Abi, functionName: 'isApprovedForAll', args: [holder, operator] } as const;
    const forOne = { abi: erc721Abi, functionName: 'getApproved', args: [tokenId] } as const;
    const [all, one] = await Promise.all([
      this.ask(encodeFunctionData(forAll)),
      this.ask(encodeFunctionData(forOne)),
    ]);
    return all === TRUE || addressIn(one) === getAddress(operator);
  }

  async posture(): Promise<Posture> {
    const { client, address } = this;
    const [owner, implementation, proxyAdmin, code] = await Promise.all([
      this.ask(encodeFunctionData(OWNER)),
      client.getStorageAt({ address, slot: EIP1967_IMPLEMENTATION }),
      client.getStorageAt({ address, slot: EIP1967_ADMIN }),
      client.getCode({ address }),
    ]);
    return {
      owner: addressIn(owner),
      implementation: addressIn(wordIn(implementation)),
      proxyAdmin: addressIn(wordIn(proxyAdmin)),
      codeHash: code && keccak256(code),
    };
  }

  /** The first word of an answer; undefined if the contract refuses, or answers less. */
  private async ask(data: Hex): Promise<bigint | undefined> {
    try {
      return wordIn((await this.client.call({ to: this.address, data })).data);
    } catch (error) {
      if (revertDataOf(error) === undefined) throw error;
      return undefined;
    }
  }
}

/** The hash of the adopted contract's code at its adoption; undefined if the adapter is not deployed yet. */
export async function readAdoptedCodeHash(client: PublicClient, adapter: Address): Promise<Hex | undefined> {
  if ((await client.getCode({ address: adapter })) === undefined) return undefined;
  const { adoptedCodeHash } = await client.readContract({
    abi: adoptedCollectionAbi,
    address: adapter,
    functionName: 'posture',
  });
  return adoptedCodeHash;
}

function wordIn(data: Hex | undefined): bigint | undefined {
  return data === undefined || size(data) < WORD_BYTES ? undefined : hexToBigInt(slice(data, 0, WORD_BYTES));
}

function addressIn(word: bigint | undefined): Address | undefined {
  return word === undefined || word === 0n || word > MAX_ADDRESS
    ? undefined
    : getAddress(pad(toHex(word), { size: ADDRESS_BYTES }));
}
