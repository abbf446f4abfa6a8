import type { Address, Hex } from 'viem';
import type { Call } from '../../chains/evm/registry/calls';
import type { StatementPlace } from '../../chains/evm/registry/guard-calls';
import type { HeldRole } from '../../chains/evm/registry/guard-reads';
import type { GuardActionId } from '../../schema/ids';
import type { StatementTransport } from '../../schema/types/chain';
import type { GuardAction } from '../../schema/types/guard-action';
import type { Registry, RegistryContracts } from '../../schema/types/registry';

/** A statement as whoever acts on it needs it. */
export interface StatementSubject extends StatementPlace {
  /** As the source's Gateway gave it to a bridge. Asks the source. */
  message(): Promise<Hex>;
  /** By which bridges its source is told of a void. */
  readonly answerBy: StatementTransport;
}

/** What an action is done to, as the record has it. */
export interface GuardSubject {
  readonly action: GuardAction;
  readonly registry: Registry;
  /** The contracts on the action's chain. */
  readonly contracts: RegistryContracts;
  /** The tenant's own account there. */
  readonly self: Address;
  /** Whether the registry gives the action's chain up, or has done so. */
  readonly isGivenUp: boolean;
  /** Whether the collection there is the adapter of an adopted contract, which knows no role but the owner's. */
  readonly isAdapter: boolean;
  /** For offers of licences: whether the record shows one like it that is younger than the action. */
  readonly isOffered: boolean;
  /** For royalty policies: the revision that took its place, and from when on, in Unix seconds. */
  readonly takenOver: { readonly by: number; readonly from: bigint } | undefined;
  /** For works. */
  readonly tokenId: bigint | undefined;
  /** For statements. */
  readonly statement: StatementSubject | undefined;
}

/** What comes next of an action, as its chain stands. */
export type GuardStep =
  /** `by` names the step that brought it, where that is none of the last steps of its kind. */
  | { readonly kind: 'done'; readonly by?: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'wait'; readonly waitingFor: string; readonly untilSeconds?: bigint }
  /** Whose the works of the chain are is to be fixed, once the record is final. */
  | { readonly kind: 'census' }
  /** The chain is to be told by a statement of its peer. */
  | { readonly kind: 'telling'; readonly revision: number }
  /** `key` names the step among those of the action; `by` whom the contracts take it from: one of these. */
  | {
      readonly kind: 'call';
      readonly key: string;
      readonly call: Call;
      readonly valueWei: bigint;
      readonly by: readonly HeldRole[] | 'ANYONE';
    };

export const DONE: GuardStep = { kind: 'done' };

/** @param by - Whom the contracts take it from. @param valueWei - What is sent along. */
export function call(key: string, made: Call, by: readonly HeldRole[] | 'ANYONE', valueWei = 0n): GuardStep {
  return { kind: 'call', key, call: made, by, valueWei };
}

export function refused(reason: string): GuardStep {
  return { kind: 'refused', reason };
}

/** What an action of its kind always has. @throws Error if it has not: a bug. */
export function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the action lacks what its kind needs');
  return value;
}

/** Names the transaction of an action's step: one per step, so that none is taken twice. */
export function guardIntentKey(actionId: GuardActionId, step: string): string {
  return `guard:${actionId}:${step}`;
}
