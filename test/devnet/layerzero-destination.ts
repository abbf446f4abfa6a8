import {
  type Address,
  encodeFunctionData,
  encodePacked,
  type Hex,
  keccak256,
  type LocalAccount,
  size,
} from 'viem';
import type { ChainId } from '../../schema/caip';
import type { ChainView } from './chain-view';
import { type DeliveryCounts, type Destination, RetryPacer } from './deliverer';
import { type DeliveryGate, laneName } from './delivery-faults';
import type { Job, LayerZeroFacts, LayerZeroLog } from './layerzero-chain';
import { LAYERZERO_ABI, type Packet } from './layerzero-packet';
import type { Call, Transactor } from './transactor';

/** One DVN: its verifier id, its contract on the chain concerned, and its only signer. */
export interface Dvn {
  readonly vid: number;
  readonly address: Address;
  readonly signer: LocalAccount;
}

/** A chain as the DVNs and the executor see it. */
export interface LayerZeroPeer {
  readonly chainId: ChainId;
  readonly lzEid: number;
  readonly receiveUln: Address;
  readonly executor: Address;
  readonly dvns: readonly Dvn[];
  readonly confirmations: bigint;
  readonly view: ChainView<LayerZeroLog, LayerZeroFacts>;
  readonly transactor: Transactor;
}

interface Step {
  readonly action: string;
  readonly kind: 'verify' | 'execute';
  readonly calls: readonly Call[];
}

const MAX_STEPS_PER_BATCH = 10;
const ATTEST_GAS = 400_000n;
const COMMIT_GAS = 400_000n;
/** Far beyond any test: an attestation does not lapse while mining is paused. */
const ATTESTATION_EXPIRES = 2n ** 63n;

/** Attests, commits and executes the packets to one chain. */
export class LayerZeroDestination implements Destination {
  private readonly pacer = new RetryPacer();

  constructor(
    private readonly chain: LayerZeroPeer,
    private readonly sources: readonly LayerZeroPeer[],
    private readonly gate: DeliveryGate,
    private readonly counts: DeliveryCounts,
  ) {}

  get name(): string {
    return `LayerZero to ${this.chain.chainId}`;
  }

  refresh(): Promise<void> {
    return this.chain.view.refresh();
  }

  async deliver(): Promise<void> {
    const steps = await this.nextSteps();
    if (steps.length === 0) return;
    for (const { action } of steps) this.pacer.tried(action);
    if ((await this.chain.transactor.submit(steps.flatMap(({ calls }) => calls))) === undefined) return;
    for (const { kind, calls } of steps) {
      if (kind === 'verify') this.counts.verified += 1;
      else {
        this.counts.executed += 1;
        this.counts.duplicated += calls.length - 1;
      }
    }
  }

  private async nextSteps(): Promise<Step[]> {
    const steps: Step[] = [];
    for (const source of this.sources) {
      const lane = laneName(source.chainId, this.chain.chainId);
      for (const [key, job] of source.view.final.jobs.get(this.chain.lzEid) ?? []) {
        if (steps.length >= MAX_STEPS_PER_BATCH) return steps;
        const step = await this.nextStep(lane, source, key, job);
        if (step !== undefined && this.pacer.isDue(step.action)) steps.push(step);
      }
    }
    return steps;
  }

  private async nextStep(
    lane: string,
    source: LayerZeroPeer,
    key: string,
    job: Job,
  ): Promise<Step | undefined> {
    const { packet, executor } = job;
    if (!this.isCommitted(key)) {
      if (!this.gate.mayVerify(lane, packet.guid)) return undefined;
      const calls = await this.verification(source, key, job);
      return { action: `verify ${packet.guid}`, kind: 'verify', calls };
    }
    // Only now: an execution may have been tried in vain after a reorg had taken the verification back,
    // and the verification is then to be given again.
    if (this.isExecuted(key)) return undefined;
    // The executor that is paid is the one of the source chain; each chain has one of the same operator.
    if (executor !== source.executor || !this.gate.mayExecute(lane, packet.guid)) return undefined;
    const copies = this.gate.copies(lane, packet.guid);
    const calls = Array.from({ length: copies }, () => this.execution(packet));
    return { action: `execute ${packet.guid}`, kind: 'execute', calls };
  }

  /** The attestations that are missing, and the commit that they allow. */
  private async verification(source: LayerZeroPeer, key: string, { packet, dvns }: Job): Promise<Call[]> {
    const paid = this.chain.dvns.filter((_, index) => dvns.includes(source.dvns[index]?.address ?? '0x'));
    const missing = paid.filter((dvn) => !this.hasAttested(key, dvn.address, packet.payloadHash));
    const attestations = await Promise.all(missing.map((dvn) => this.attestation(dvn, source, packet)));
    const { header, payloadHash } = packet;
    const data = encodeFunctionData({
      abi: LAYERZERO_ABI,
      functionName: 'commitVerification',
      args: [header, payloadHash],
    });
    return [...attestations, { to: this.chain.receiveUln, data, gas: COMMIT_GAS }];
  }

  private async attestation(dvn: Dvn, source: LayerZeroPeer, { header, payloadHash }: Packet): Promise<Call> {
    const target = this.chain.receiveUln;
    const callData = encodeFunctionData({
      abi: LAYERZERO_ABI,
      functionName: 'verify',
      args: [header, payloadHash, source.confirmations],
    });
    const hash = keccak256(
      encodePacked(
        ['uint32', 'address', 'uint256', 'bytes'],
        [dvn.vid, target, ATTESTATION_EXPIRES, callData],
      ),
    );
    const signatures = await dvn.signer.signMessage({ message: { raw: hash } });
    const data = encodeFunctionData({
      abi: LAYERZERO_ABI,
      functionName: 'execute',
      args: [[{ vid: dvn.vid, target, callData, expiration: ATTESTATION_EXPIRES, signatures }]],
    });
    return { to: dvn.address, data, gas: ATTEST_GAS };
  }

  private execution(packet: Packet): Call {
    const { receiver, origin, guid, message, gas, value } = packet;
    const data: Hex = encodeFunctionData({
      abi: LAYERZERO_ABI,
      functionName: 'execute302',
      args: [{ receiver, origin, guid, message, extraData: '0x', gasLimit: gas }],
    });
    // What lzReceive may use, what forwarding it demands (EIP-150), and an alert that logs the message.
    const limit = (gas * 64n) / 63n + 500_000n + 60n * BigInt(size(data));
    return { to: this.chain.executor, data, value, gas: limit };
  }

  private isExecuted(key: string): boolean {
    const { final, recent } = this.chain.view;
    return [final, recent].some(({ progress }) => progress.get(key)?.executed === true);
  }

  private isCommitted(key: string): boolean {
    const { final, recent } = this.chain.view;
    return [final, recent].some(({ progress }) => progress.get(key)?.committed === true);
  }

  private hasAttested(key: string, dvn: Address, payloadHash: Hex): boolean {
    const { final, recent } = this.chain.view;
    return [final, recent].some(({ progress }) => progress.get(key)?.attestedBy.get(dvn) === payloadHash);
  }
}
