import { type Address, encodeFunctionData, type Hex } from 'viem';
import type { ChainId } from '../../../schema/caip';
import type { StatementTransport, TransportKind } from '../../../schema/types/chain';
import { collectionAbi } from '../../abi/collection';
import { delayedQueueAbi } from '../../abi/delayed-queue';
import { gatewayAbi } from '../../abi/gateway';
import { lanesAbi } from '../../abi/lanes';
import { type Call, TRANSPORT_NUMBER } from './calls';
import { chainHashOf } from './manifest';

/** A statement as its destination knows it: by source, nonce and digest. */
export interface StatementPlace {
  readonly sourceChainId: ChainId;
  readonly nonce: bigint;
  readonly digest: Hex;
}

/** A call that the delayed queue makes once its delay is over. */
export interface QueuedCall {
  readonly target: Address;
  readonly data: Hex;
}

/** Lets nothing but voids leave on a lane, or lets statements leave again. Guardian or owner. */
export function gateLaneCall(
  lanes: Address,
  functionName: 'pauseLane' | 'resumeLane',
  peerChainId: ChainId,
  transport: TransportKind,
): Call {
  const args = [chainHashOf(peerChainId), TRANSPORT_NUMBER[transport]] as const;
  return { to: lanes, data: encodeFunctionData({ abi: lanesAbi, functionName, args }) };
}

/** Freezes a work on one chain, or lifts that freeze. Guardian or owner. */
export function freezeCall(collection: Address, functionName: 'freeze' | 'unfreeze', tokenId: bigint): Call {
  return {
    to: collection,
    data: encodeFunctionData({ abi: collectionAbi, functionName, args: [tokenId] }),
  };
}

/** Holds one statement on its destination. Guardian only; once, for at most 72 hours. */
export function holdStatementCall(lanes: Address, digest: Hex, seconds: number): Call {
  const args = [digest, BigInt(seconds)] as const;
  return { to: lanes, data: encodeFunctionData({ abi: lanesAbi, functionName: 'holdStatement', args }) };
}

/** Ends a hold before its time. Guardian only. */
export function endHoldCall(lanes: Address, digest: Hex): Call {
  return { to: lanes, data: encodeFunctionData({ abi: lanesAbi, functionName: 'endHold', args: [digest] }) };
}

/** Applies a statement that waits on its destination. Anyone may send it once no hold runs. */
export function releaseStatementCall(gateway: Address, message: Hex): Call {
  const data = encodeFunctionData({ abi: gatewayAbi, functionName: 'releaseStatement', args: [message] });
  return { to: gateway, data };
}

/** What the queue does to void a statement: one plan of one call. */
export function voidPlan(lanes: Address, { sourceChainId, nonce, digest }: StatementPlace): QueuedCall[] {
  const args = [chainHashOf(sourceChainId), nonce, digest] as const;
  return [
    { target: lanes, data: encodeFunctionData({ abi: lanesAbi, functionName: 'voidStatement', args }) },
  ];
}

/** Works that may pass between two chains, one way: at once, and in 24 hours. */
export interface WorkLimit {
  readonly capacity: number;
  readonly perDay: number;
}

/** What the queue does to set the limit of what leaves for a peer, or comes from it. */
export function limitPlan(
  lanes: Address,
  peerChainId: ChainId,
  inbound: boolean,
  { capacity, perDay }: WorkLimit,
): QueuedCall[] {
  const args = [chainHashOf(peerChainId), inbound, { capacity, perDay }] as const;
  return [{ target: lanes, data: encodeFunctionData({ abi: lanesAbi, functionName: 'setLimit', args }) }];
}

/** What the queue does to retire a chain for ever. */
export function retirementPlan(lanes: Address, chainId: ChainId, ownersRoot: Hex): QueuedCall[] {
  const args = [chainHashOf(chainId), ownersRoot] as const;
  return [{ target: lanes, data: encodeFunctionData({ abi: lanesAbi, functionName: 'retireChain', args }) }];
}

/** Announces a plan of the queue, or carries out one whose delay is over. */
export function queueCall(
  delayedQueue: Address,
  functionName: 'announce' | 'execute',
  plan: readonly QueuedCall[],
): Call {
  return {
    to: delayedQueue,
    data: encodeFunctionData({ abi: delayedQueueAbi, functionName, args: [plan] }),
  };
}

/** Tells the source of a voided statement, by a statement of its own. Anyone may send it. */
export function sendVoidCall(gateway: Address, message: Hex, transport: StatementTransport): Call {
  const args = [message, TRANSPORT_NUMBER[transport]] as const;
  return { to: gateway, data: encodeFunctionData({ abi: gatewayAbi, functionName: 'sendVoid', args }) };
}
