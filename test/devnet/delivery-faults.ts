import { createHash } from 'node:crypto';
import { z } from 'zod';

const probability = z.number().min(0).max(1).exactOptional();
const milliseconds = z.number().int().nonnegative().exactOptional();

/**
 * How badly a network delivers. The defaults are a network without faults.
 *
 * Whether a probability strikes a message depends on `seed` and the message's id alone, so the same
 * seed spares and strikes the same messages whatever the order in which they are seen.
 */
export const deliveryFaultsSchema = z.strictObject({
  /** False: the network does nothing. */
  running: z.boolean().exactOptional(),
  /** Wait between the finality of the source block and the verification of each message. */
  latencyMs: milliseconds,
  /** Share of the messages that are verified `lateMs` later still. */
  lateProbability: probability,
  lateMs: milliseconds,
  /** How many of the next messages are verified but never executed. */
  loseNext: z.number().int().nonnegative().exactOptional(),
  /** Share of the messages that are verified but never executed. */
  loseProbability: probability,
  /** Share of the messages whose execution is tried twice. */
  duplicateProbability: probability,
  /** Share of the messages whose execution is held back for `reorderMs`, so that others overtake. */
  reorderProbability: probability,
  reorderMs: milliseconds,
  seed: z.string().exactOptional(),
});

/** See {@link deliveryFaultsSchema}. */
export type DeliveryFaults = z.output<typeof deliveryFaultsSchema>;

/** A change of faults: of all lanes, or of one (`<source CAIP-2>><destination CAIP-2>`). */
export const faultChangeSchema = z.strictObject({
  lane: z.string().optional(),
  faults: deliveryFaultsSchema,
});

const NO_FAULTS: Required<DeliveryFaults> = {
  running: true,
  latencyMs: 0,
  lateProbability: 0,
  lateMs: 3000,
  loseNext: 0,
  loseProbability: 0,
  duplicateProbability: 0,
  reorderProbability: 0,
  reorderMs: 3000,
  seed: 'devnet',
};

/** Names one direction between two chains. */
export function laneName(sourceChainId: string, destinationChainId: string): string {
  return `${sourceChainId}>${destinationChainId}`;
}

/** Decides the fate of messages. Remembers only what it has seen since the process started. */
export class DeliveryGate {
  private everywhere: Required<DeliveryFaults> = NO_FAULTS;
  private readonly ofLane = new Map<string, DeliveryFaults>();
  private readonly firstSeenAt = new Map<string, number>();
  private readonly executableAt = new Map<string, number>();
  private readonly lost = new Set<string>();

  /** Undefined faults stay as they are. A lane's faults override those of all lanes. */
  change({ lane, faults }: z.output<typeof faultChangeSchema>): void {
    if (lane === undefined) {
      this.everywhere = { ...this.everywhere, ...faults };
      return;
    }
    this.ofLane.set(lane, { ...this.ofLane.get(lane), ...faults });
  }

  get lostCount(): number {
    return this.lost.size;
  }

  get seenCount(): number {
    return this.firstSeenAt.size;
  }

  /** True when a message whose source block is final may be verified now. */
  mayVerify(lane: string, messageId: string): boolean {
    const faults = this.faultsOf(lane);
    const seenAt = this.firstSeenAt.get(messageId) ?? Date.now();
    this.firstSeenAt.set(messageId, seenAt);
    const lateMs = strikes(faults.seed, 'late', messageId, faults.lateProbability) ? faults.lateMs : 0;
    return faults.running && Date.now() >= seenAt + faults.latencyMs + lateMs;
  }

  /** True when a verified message may be executed now; false for ever once it is lost. */
  mayExecute(lane: string, messageId: string): boolean {
    const faults = this.faultsOf(lane);
    if (!faults.running || this.isLost(lane, messageId, faults)) return false;
    const heldMs = strikes(faults.seed, 'reorder', messageId, faults.reorderProbability)
      ? faults.reorderMs
      : 0;
    const executableAt = this.executableAt.get(messageId) ?? Date.now() + heldMs;
    this.executableAt.set(messageId, executableAt);
    return Date.now() >= executableAt;
  }

  /** How often an execution is sent: twice for a duplicated message. */
  copies(lane: string, messageId: string): 1 | 2 {
    const { seed, duplicateProbability } = this.faultsOf(lane);
    return strikes(seed, 'duplicate', messageId, duplicateProbability) ? 2 : 1;
  }

  private isLost(lane: string, messageId: string, faults: Required<DeliveryFaults>): boolean {
    if (this.lost.has(messageId)) return true;
    if (this.executableAt.has(messageId)) return false;
    const isNext = faults.loseNext > 0;
    if (!isNext && !strikes(faults.seed, 'lose', messageId, faults.loseProbability)) return false;
    if (isNext) this.countDown(lane, faults.loseNext - 1);
    this.lost.add(messageId);
    return true;
  }

  private countDown(lane: string, loseNext: number): void {
    const own = this.ofLane.get(lane);
    if (own?.loseNext === undefined) this.everywhere = { ...this.everywhere, loseNext };
    else this.ofLane.set(lane, { ...own, loseNext });
  }

  private faultsOf(lane: string): Required<DeliveryFaults> {
    return { ...this.everywhere, ...this.ofLane.get(lane) };
  }
}

function strikes(seed: string, fault: string, messageId: string, share: number): boolean {
  if (share === 0) return false;
  const digest = createHash('sha256').update(`${seed}\0${fault}\0${messageId}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32 < share;
}
