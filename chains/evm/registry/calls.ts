import { type Address, encodeFunctionData, type Hex, pad, zeroAddress } from 'viem';
import type { ChainId } from '../../../schema/caip';
import type { StatementTransport, TransportKind } from '../../../schema/types/chain';
import { collectionAbi } from '../../abi/collection';
import { gatewayAbi } from '../../abi/gateway';
import { lanesAbi } from '../../abi/lanes';
import { registryFactoryAbi } from '../../abi/registry-factory';
import { type ComponentName, componentNames, loadCreationCode } from '../../artifacts';
import {
  chainHashOf,
  DEPLOYMENT_PROXY,
  factoryAddress,
  factoryDeploymentData,
  type Manifest,
} from './manifest';

/** A call to a contract, without its money. */
export interface Call {
  readonly to: Address;
  readonly data: Hex;
}

/** The contracts' number of a transport: a set of bits. */
export const TRANSPORT_NUMBER = { CCIP: 1, LAYERZERO: 2, BOTH: 3 } as const satisfies Record<
  StatementTransport,
  number
>;

/** The transport of the contracts' number. @throws Error for a number that no contract emits. */
export function transportOfNumber(number: number): TransportKind {
  if (number === TRANSPORT_NUMBER.CCIP) return 'CCIP';
  if (number === TRANSPORT_NUMBER.LAYERZERO) return 'LAYERZERO';
  throw new Error(`${number} is no transport`);
}

/** What a holder asks the Gateway to send: one work. */
export interface WorkSend {
  readonly destinationChainId: ChainId;
  readonly transport: StatementTransport;
  readonly tokenId: bigint;
  /** keccak256 of its provenance document. Chains keep the origin only inside the token id, so a sender shows it. */
  readonly documentHash: Hex;
  /** What the home contract drew at the mint. */
  readonly seed: Hex;
  /** The hop that the work is at now; the move gets the next number. */
  readonly currentHop: number;
  /** Who holds it on arrival. */
  readonly to: Address;
  /** Who has it if `to` does not accept it. */
  readonly fallbackTo: Address;
}

/** The request as the contract's ABI has it. */
export function sendRequest({
  destinationChainId,
  transport,
  tokenId,
  documentHash,
  seed,
  currentHop,
  to,
  fallbackTo,
}: WorkSend) {
  return {
    dstChainHash: chainHashOf(destinationChainId),
    transport: TRANSPORT_NUMBER[transport],
    works: [
      {
        workId: tokenId,
        documentHash,
        seed,
        hop: BigInt(currentHop),
        to: pad(to),
        fallbackTo: pad(fallbackTo),
      },
    ],
  } as const;
}

export interface SignedPermit {
  readonly holder: Address;
  /** Unix time in seconds. */
  readonly deadline: bigint;
  readonly signature: Hex;
}

export function sendWorkCall(gateway: Address, send: WorkSend, permit: SignedPermit | undefined): Call {
  const request = sendRequest(send);
  const data =
    permit === undefined
      ? encodeFunctionData({ abi: gatewayAbi, functionName: 'sendWorks', args: [request] })
      : encodeFunctionData({
          abi: gatewayAbi,
          functionName: 'sendWorksWithPermit',
          args: [request, permit.holder, permit.deadline, permit.signature],
        });
  return { to: gateway, data };
}

export function sendStateCall(
  gateway: Address,
  { destinationChainId, transport, tokenId }: Pick<WorkSend, 'destinationChainId' | 'transport' | 'tokenId'>,
): Call {
  const args = [chainHashOf(destinationChainId), TRANSPORT_NUMBER[transport], tokenId] as const;
  return { to: gateway, data: encodeFunctionData({ abi: gatewayAbi, functionName: 'sendState', args }) };
}

/** Applies a statement that failed on arrival once more. Anyone may send it. */
export function retryStatementCall(gateway: Address, message: Hex): Call {
  return {
    to: gateway,
    data: encodeFunctionData({ abi: gatewayAbi, functionName: 'retry', args: [message] }),
  };
}

/** The three statements of a lane's handshake, by the function that sends each. */
export const LANE_CALLS = { openLane: 'HELLO', answerLane: 'ECHO', confirmLane: 'CONFIRM' } as const;
export type LaneCall = keyof typeof LANE_CALLS;

export function laneCall(
  gateway: Address,
  call: LaneCall,
  peerChainId: ChainId,
  transport: TransportKind,
): Call {
  const args = [chainHashOf(peerChainId), TRANSPORT_NUMBER[transport]] as const;
  return { to: gateway, data: encodeFunctionData({ abi: gatewayAbi, functionName: call, args }) };
}

/** What the minter commits to for one work. */
export interface MintRequest {
  readonly to: Address;
  readonly documentHash: Hex;
  /** `0x` unless the registry names an artist. */
  readonly artistSignature: Hex;
}

/** Reserves editions. From two blocks later on their works can be minted. */
export function commitMintsCall(collection: Address, works: readonly MintRequest[]): Call {
  return {
    to: collection,
    data: encodeFunctionData({ abi: collectionAbi, functionName: 'commitMints', args: [works] }),
  };
}

/** Mints the works that are committed to. Anyone may send it; those that are minted already stay as they are. */
export function mintCall(collection: Address, documentHashes: readonly Hex[]): Call {
  return {
    to: collection,
    data: encodeFunctionData({ abi: collectionAbi, functionName: 'mintBatch', args: [documentHashes] }),
  };
}

export function stateRevisionCall(
  collection: Address,
  { tokenId, expectedRevision, stateHash }: { tokenId: bigint; expectedRevision: number; stateHash: Hex },
): Call {
  const args = [tokenId, BigInt(expectedRevision), stateHash] as const;
  return {
    to: collection,
    data: encodeFunctionData({ abi: collectionAbi, functionName: 'stateRevision', args }),
  };
}

/** Has a chain refuse statements of works, states and licences to and from a peer that one bridge alone brings. Owner only. */
export function requireBothCall(lanes: Address, peerChainId: ChainId): Call {
  const args = [chainHashOf(peerChainId), TRANSPORT_NUMBER.BOTH] as const;
  return {
    to: lanes,
    data: encodeFunctionData({ abi: lanesAbi, functionName: 'raiseRequiredPolicy', args }),
  };
}

export function deployFactoryCall(): Call {
  return { to: DEPLOYMENT_PROXY, data: factoryDeploymentData() };
}

/** @param chainId - Where: the home of adopted tokens has an adapter in the collection's place. */
export function deployComponentCall(manifest: Manifest, component: ComponentName, chainId: ChainId): Call {
  const isAdapter =
    component === 'Collection' &&
    manifest.adopted !== zeroAddress &&
    manifest.homeChainHash === chainHashOf(chainId);
  const code = loadCreationCode(isAdapter ? 'AdoptedCollection' : component);
  const args = [manifest, componentNames.indexOf(component), code] as const;
  return {
    to: factoryAddress(),
    data: encodeFunctionData({ abi: registryFactoryAbi, functionName: 'deploy', args }),
  };
}
