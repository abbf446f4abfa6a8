import type { Hex } from 'viem';
import type { ChainId, EvmAddress } from '../../schema/caip';
import type { PrepareSendWork } from '../../schema/inputs/dispatch';
import type { Registry } from '../../schema/types/registry';
import { type Work, WorkState } from '../../schema/types/work';
import { addressOn } from '../registry/account-address';
import { WorkNotMintedError } from '../registry/registry-errors';
import {
  LaneNotSupportedError,
  WorkAlreadyThereError,
  WorkBurnedError,
  WorkFrozenError,
  WorkInFlightError,
} from './dispatch-errors';

/** A move that may be made: from where the work is, to where it may go. */
export interface PlannedMove {
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
  readonly tokenId: string;
  readonly documentHash: Hex;
  readonly seed: Hex;
  readonly holder: EvmAddress;
  /** Who gets it on arrival. */
  readonly to: EvmAddress;
  readonly currentHop: number;
  /** The number that this move gets. */
  readonly hop: number;
}

/**
 * Checks that a work may be sent as asked, by what the record knows. The contracts check all of it again.
 *
 * @throws A typed error for each rule; see dispatch-errors.ts.
 */
export function planMove(
  work: Work,
  registry: Registry,
  { destinationChainId, to }: PrepareSendWork,
): PlannedMove {
  if (work.frozen) throw new WorkFrozenError(work.freezeReason);
  if (work.state === WorkState.BURNED) throw new WorkBurnedError();
  if (work.state === WorkState.IN_FLIGHT) throw new WorkInFlightError();
  const { chainId: sourceChainId, holder, tokenId, seed } = work;
  if (tokenId === null || seed === null || sourceChainId === null || holder === null)
    throw new WorkNotMintedError();
  if (sourceChainId === destinationChainId) throw new WorkAlreadyThereError(destinationChainId);
  const isHome = [sourceChainId, destinationChainId].includes(registry.homeChainId);
  if (!isHome || !registry.chainIds.includes(destinationChainId)) {
    throw new LaneNotSupportedError(sourceChainId, destinationChainId, registry.homeChainId);
  }
  const holderAddress = addressOn(sourceChainId, holder, 'holder');
  return {
    sourceChainId,
    destinationChainId,
    tokenId,
    documentHash: work.documentHash,
    seed,
    holder: holderAddress,
    to: to == null ? holderAddress : addressOn(destinationChainId, to, 'to'),
    currentHop: work.hop,
    hop: work.hop + 1,
  };
}
