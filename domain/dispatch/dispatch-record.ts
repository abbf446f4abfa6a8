import type { Hex } from 'viem';
import { type DispatchId, dispatchIdSchema } from '../../schema/ids';
import type { Dispatch } from '../../schema/types/dispatch';
import type { TraceParent } from '../../tenants/trace';

/** A holder's permit as it is kept until it is used. */
export interface StoredPermit {
  readonly holder: Hex;
  /** Unix time in seconds, decimal. */
  readonly deadline: string;
  readonly signature: Hex;
}

/** A dispatch with what only the platform needs to carry it out. */
export interface DispatchRecord extends Dispatch {
  readonly permit: StoredPermit | null;
  /** Raised by each retry after a refusal; part of the transaction's intent key. */
  readonly attempt: number;
  /** Of the request that asked for it. */
  readonly traceParent?: TraceParent | null;
}

/** Names the intent of a dispatch's transaction: the same until a person or a policy retries it. */
export function dispatchIntentKey({ id, attempt }: DispatchRecord): string {
  return `dispatch:${id}:${attempt}`;
}

/** The dispatch whose intent a key names, whichever attempt; undefined for the keys of others. */
export function dispatchOfIntent(intentKey: string): DispatchId | undefined {
  const [asker, id] = intentKey.split(':');
  return asker === 'dispatch' ? dispatchIdSchema.parse(id) : undefined;
}
