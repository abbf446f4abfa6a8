import { WebhookDeliveryState } from '../../schema/types/webhook';
import { webhookAttempts } from '../metrics';
import type { DeliveryLanes } from './delivery-lanes';
import type { DueDelivery, TriedDelivery } from './delivery-repository';
import { MAX_DELAY_MS, nextDelayMs } from './retry-schedule';
import type { PostResult } from './webhook-client';

/** The most deliveries on their way to one endpoint at a time. */
const IN_FLIGHT = 16;
/** Tries that may be made before earlier ones are written down: what a crash may send twice. */
const MAX_UNWRITTEN = 256;
/** Failures in a row, each of another key, after which the endpoint itself is taken to be down. */
const FAILURES_IN_A_ROW = 5;
/** How long one run goes on before it lets others have its place. */
const RUN_MS = 20_000;

const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;
const GONE = 410;

/** What a run does to the world. */
export interface RunPorts {
  post(delivery: DueDelivery): Promise<PostResult>;
  /** Writes a try down; the next delivery of its key goes out after that. */
  record(tried: TriedDelivery): Promise<void>;
}

export type RunEnd =
  /** There was nothing more to send. */
  | { readonly kind: 'done' }
  /** There is more, but it is others' turn. */
  | { readonly kind: 'more' }
  /** The endpoint is down, or asked for a pause of at least so many milliseconds (0: it did not ask). */
  | { readonly kind: 'pause'; readonly askedMs: number }
  /** The endpoint answered that it is gone for good. */
  | { readonly kind: 'gone' };

/** One run over the deliveries of an endpoint. */
export class DeliveryRun {
  private end: RunEnd | undefined;
  private readonly unwritten = new Set<Promise<void>>();
  private failures = 0;
  private mayFail: number;
  private readonly until = Date.now() + RUN_MS;

  /** @param probing - The endpoint was down when it was last asked: one success comes before everything else. */
  constructor(
    private readonly lanes: DeliveryLanes,
    private readonly ports: RunPorts,
    private readonly probing: boolean,
    private readonly signal: AbortSignal,
  ) {
    this.mayFail = probing ? 1 : FAILURES_IN_A_ROW;
  }

  /** @throws If a try could not be written down, or `signal` aborts. */
  async go(): Promise<RunEnd> {
    if (this.probing) await this.sendNext();
    const senders = Array.from({ length: IN_FLIGHT }, () => this.send());
    for (const part of [
      ...(await Promise.allSettled(senders)),
      ...(await Promise.allSettled(this.unwritten)),
    ]) {
      if (part.status === 'rejected') throw part.reason;
    }
    return this.end ?? { kind: 'done' };
  }

  private async send(): Promise<void> {
    let more = true;
    while (more) more = await this.sendNext();
  }

  /** @returns False when there is nothing more to send in this run. */
  private async sendNext(): Promise<boolean> {
    this.signal.throwIfAborted();
    if (Date.now() > this.until) this.end ??= { kind: 'more' };
    if (this.end !== undefined) return false;
    while (this.unwritten.size >= MAX_UNWRITTEN) await Promise.race(this.unwritten);
    const delivery = await this.lanes.take();
    if (delivery === undefined) return false;
    if (this.end !== undefined) {
      this.lanes.close(delivery);
      return false;
    }
    await this.attempt(delivery);
    return true;
  }

  private async attempt(delivery: DueDelivery): Promise<void> {
    const startedAt = new Date();
    let result: PostResult;
    try {
      result = await this.ports.post(delivery);
    } catch (error) {
      // Nobody waits for this one for ever.
      this.lanes.close(delivery);
      throw error;
    }
    webhookAttempts.inc({ outcome: outcomeOf(result.statusCode) });
    this.write({ delivery, startedAt, result, ...this.judge(delivery, result) });
  }

  /** Other keys need not wait for it; its own does. A failure to write ends the run, in {@link go} at the latest. */
  private write(tried: TriedDelivery): void {
    const written = this.ports.record(tried).then(
      () => {
        if (tried.state === WebhookDeliveryState.PENDING) this.lanes.close(tried.delivery);
        else this.lanes.pass(tried.delivery);
        this.unwritten.delete(written);
      },
      (error: unknown) => {
        this.lanes.close(tried.delivery);
        throw error;
      },
    );
    this.unwritten.add(written);
    // Looked at when the senders are through; until then it must not count as unhandled.
    written.catch(() => this.lanes.stop());
  }

  private judge(
    { attempts }: DueDelivery,
    { statusCode, retryAfterMs }: PostResult,
  ): Pick<TriedDelivery, 'state' | 'delayMs'> {
    if (isSuccess(statusCode)) {
      this.failures = 0;
      this.mayFail = FAILURES_IN_A_ROW;
      return { state: WebhookDeliveryState.DELIVERED, delayMs: 0 };
    }
    this.failures += 1;
    if (statusCode === GONE) this.end = { kind: 'gone' };
    else if (retryAfterMs > 0 && (statusCode === TOO_MANY_REQUESTS || statusCode === SERVICE_UNAVAILABLE))
      this.end ??= { kind: 'pause', askedMs: Math.min(retryAfterMs, MAX_DELAY_MS) };
    else if (this.failures >= this.mayFail) this.end ??= { kind: 'pause', askedMs: 0 };
    const delayMs = nextDelayMs(attempts + 1, Math.random(), retryAfterMs);
    return delayMs === undefined
      ? { state: WebhookDeliveryState.DEAD, delayMs: 0 }
      : { state: WebhookDeliveryState.PENDING, delayMs };
  }
}

/** True for an answer that means that the receiver has the event. */
function outcomeOf(statusCode: number | null): string {
  return statusCode === null ? 'no answer' : `${Math.floor(statusCode / 100)}xx`;
}

export function isSuccess(statusCode: number | null): boolean {
  return statusCode !== null && statusCode >= 200 && statusCode < 300;
}
