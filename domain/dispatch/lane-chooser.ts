import type { TransportKind } from '../../schema/types/chain';
import { LaneChoice } from '../../schema/types/dispatch';

/** A lane that could carry a statement, with what it would cost and how fast it has been. */
export interface LaneOffer {
  readonly transport: TransportKind;
  readonly feeWei: bigint;
  /** Observed median from sending to delivery, in seconds; null when nothing was delivered yet. */
  readonly deliverySecondsP50: number | null;
}

/** True when a caller's policy allows a bridge. */
export function fits(choice: LaneChoice, transport: TransportKind): boolean {
  return choice === LaneChoice.CHEAPEST || choice === LaneChoice.FASTEST || choice === transport;
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
