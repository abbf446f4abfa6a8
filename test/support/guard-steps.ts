import type { GuardStep } from '../../domain/guard/guard-subject';

/** A step that is a call. @throws Error if it is another. */
export function callOf(step: GuardStep): Extract<GuardStep, { kind: 'call' }> {
  if (step.kind !== 'call') throw new Error(`${step.kind} is no call`);
  return step;
}
