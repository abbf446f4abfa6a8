import type { Hex } from 'viem';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import type { EventArgs, RegistryEvent, RegistryEventName } from '../../domain/provenance/registry-event';
import type { ChainId } from '../../schema/caip';
import { BASE, HOME } from './travel-steps';

let place = 0;

/** A registry's event as a follower would have recorded it; each comes after the one made before, on every chain. */
export function event(
  name: RegistryEventName,
  args: EventArgs,
  rest: { chainId?: ChainId; digest?: Hex; final?: boolean; blockHash?: Hex; transactionHash?: Hex } = {},
): RegistryEvent {
  place += 1;
  return {
    chainId: HOME,
    blockNumber: place,
    logIndex: 0,
    blockHash: `0x${place.toString(16).padStart(64, 'b')}`,
    transactionHash: `0x${place.toString(16).padStart(64, '0')}`,
    name,
    tokenId: '7',
    digest: null,
    args,
    final: true,
    ...rest,
  };
}

export const ADA = '0x1111111111111111111111111111111111111111';
export const BOB = '0x2222222222222222222222222222222222222222';

export const minted = () => event('WorkMinted', { to: ADA });
export const departed = (hop: number, chainId = HOME) =>
  event(
    'WorkDeparted',
    { hop: `${hop}`, dstChainHash: chainHashOf(chainId === HOME ? BASE : HOME) },
    { chainId },
  );
export const arrived = (hop: number, chainId = BASE, final = true) =>
  event('WorkArrived', { hop: `${hop}`, holder: BOB }, { chainId, final });
