import { setTimeout as delay } from 'node:timers/promises';
import type { Address, Hex } from 'viem';
import { z } from 'zod';
import { chainIdSchema } from '../../schema/caip';
import { onParentGone } from './child-process';
import { startControlServer } from './control-server';
import { type DeliveryGate, faultChangeSchema } from './delivery-faults';

// CAST (both): the pattern is what viem's type stands for.
export const hexSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]*$/)
  .transform((value) => value as Hex);
export const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((value) => value as Address);

/** What every deliverer needs to know of a chain. */
export const delivererChainShape = {
  chainId: chainIdSchema,
  eip155: z.number().int().positive(),
  rpcUrl: z.url(),
};
export const delivererShape = { controlPort: z.number().int(), pollMs: z.number().int().positive() };

/** What a deliverer did since it started. Actions that a reorg took back and that were done again count twice. */
export interface DeliveryCounts {
  verified: number;
  executed: number;
  duplicated: number;
  errors: number;
}

/** The state of a network as `GET /status` shows it. */
export interface DeliveryStatus extends DeliveryCounts {
  /** Messages seen in final blocks that were not done when first seen. */
  readonly seen: number;
  /** Messages that are never going to be executed by the network. */
  readonly lost: number;
}

/** One chain as a deliverer serves it. */
export interface Destination {
  readonly name: string;
  /** Brings what is known of this chain to the present. */
  refresh(): Promise<void>;
  /** Does the next thing that some message to this chain needs, if any. */
  deliver(): Promise<void>;
}

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;

/** Spaces the tries of the same action, so that a message that cannot go on does not fill the blocks. */
export class RetryPacer {
  private readonly tries = new Map<string, { readonly count: number; readonly notBefore: number }>();

  isDue(action: string): boolean {
    return (this.tries.get(action)?.notBefore ?? 0) <= Date.now();
  }

  tried(action: string): void {
    const count = (this.tries.get(action)?.count ?? 0) + 1;
    const waitMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (count - 1));
    this.tries.set(action, { count, notBefore: Date.now() + waitMs });
  }
}

/**
 * Serves all destinations side by side until the parent goes. An error (a node down, a transaction
 * refused) ends one round; the next begins from the chains again.
 */
export async function runDeliverer(
  { controlPort, pollMs }: { readonly controlPort: number; readonly pollMs: number },
  destinations: readonly Destination[],
  gate: DeliveryGate,
  counts: DeliveryCounts,
): Promise<void> {
  onParentGone(() => process.exit(0));
  await startControlServer(controlPort, {
    'GET /status': (): DeliveryStatus => ({ ...counts, seen: gate.seenCount, lost: gate.lostCount }),
    'PUT /faults': (body) => gate.change(faultChangeSchema.parse(body)),
  });
  await Promise.all(destinations.map((destination) => serve(destination, pollMs, counts)));
}

async function serve(destination: Destination, pollMs: number, counts: DeliveryCounts): Promise<never> {
  for (;;) {
    try {
      await destination.refresh();
      await destination.deliver();
    } catch (error) {
      counts.errors += 1;
      console.error(new Date().toISOString(), destination.name, error);
    }
    await delay(pollMs);
  }
}
