import type { StatementTransport } from '../../schema/types/chain';
import { LaneChoice } from '../../schema/types/dispatch';
import { type Registry, ReleasePolicy } from '../../schema/types/registry';
import { ReleasePolicyError } from './dispatch-errors';

/** A lane that could carry a statement, with what it would cost and how fast it has been. */
export interface LaneOffer {
  readonly transport: StatementTransport;
  readonly feeWei: bigint;
  /** Observed median from sending to delivery, in seconds; null when nothing was delivered yet. */
  readonly deliverySecondsP50: number | null;
}

const OPEN_CHOICES: readonly LaneChoice[] = [LaneChoice.CHEAPEST, LaneChoice.FASTEST];

/** True when a caller's policy allows a bridge, or needs it among both. */
export function fits(choice: LaneChoice, transport: StatementTransport): boolean {
  return OPEN_CHOICES.includes(choice) || choice === LaneChoice.BOTH || choice === transport;
}

/** How many lanes a choice needs. */
export function lanesNeeded(choice: LaneChoice): number {
  return choice === LaneChoice.BOTH ? 2 : 1;
}

/**
 * What a choice comes to in a registry: where both bridges are asked for, an open choice means both.
 *
 * @throws {@link ReleasePolicyError} for one bridge by name where both are asked for.
 */
export function allowedChoice(
  { releasePolicy }: Pick<Registry, 'releasePolicy'>,
  choice: LaneChoice,
): LaneChoice {
  if (releasePolicy === ReleasePolicy.ONE || choice === LaneChoice.BOTH) return choice;
  if (!OPEN_CHOICES.includes(choice)) throw new ReleasePolicyError();
  return LaneChoice.BOTH;
}

/**
 * Picks a lane by the caller's policy, or undefined when none fits.
 *
 * FASTEST goes by observation alone: a lane that was never observed counts as slower than any that was,
 * and among equals (none observed yet, for one) the cheaper wins.
 */
export function chooseLane<Offer extends LaneOffer>(
  choice: LaneChoice,
  offers: readonly Offer[],
): Offer | undefined {
  const byPrice = [...offers].sort((one, other) =>
    one.feeWei < other.feeWei ? -1 : one.feeWei > other.feeWei ? 1 : 0,
  );
  switch (choice) {
    case LaneChoice.CHEAPEST:
      return byPrice[0];
    case LaneChoice.FASTEST: {
      const seconds = ({ deliverySecondsP50 }: Offer) => deliverySecondsP50 ?? Number.POSITIVE_INFINITY;
      const fastest = Math.min(...byPrice.map(seconds));
      return byPrice.find((offer) => seconds(offer) === fastest);
    }
    default:
      return offers.find(({ transport }) => fits(choice, transport));
  }
}
