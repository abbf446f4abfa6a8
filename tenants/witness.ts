import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from 'typeorm';

/** Whoever puts something down in the transaction in which a piece of work first changes something. */
export interface Witness {
  /** Runs last in each transaction of the work that has written something, until {@link kept}. */
  record(manager: EntityManager): Promise<void>;
  /** Notes what the work stands on, such as a signature; before {@link record}. */
  stand(evidence: Readonly<Record<string, unknown>>): void;
  /** Told once such a transaction is committed. */
  kept(): void;
  readonly isKept: boolean;
}

const witnesses = new AsyncLocalStorage<Witness>();

/** Runs `work` before a witness. */
export function witnessed<T>(witness: Witness, work: () => T): T {
  return witnesses.run(witness, work);
}

/** The witness of the work that this code is part of, or undefined if it has none. */
export function presentWitness(): Witness | undefined {
  return witnesses.getStore();
}
