import type { SimWorld } from '../world';

/** Something that goes wrong for a while. What it is was drawn before the run began. */
export interface Fault {
  /** As the time line and the schedule tell it, details included. */
  readonly name: string;
  begin(world: SimWorld): Promise<void>;
  /** Takes it back. Called once `begin` has settled, also if the run is cut short. */
  end(world: SimWorld): Promise<void>;
}

/** Draws one fault of a kind. The same numbers draw the same fault. */
export type FaultKind = (random: () => number) => Fault;

/** For what is over as soon as it has happened. */
export const nothingToEnd = async (): Promise<void> => undefined;

/** A whole number from `low` to `high`, both included. */
export function wholeBetween(low: number, high: number, random: () => number): number {
  return low + Math.floor(random() * (high - low + 1));
}
