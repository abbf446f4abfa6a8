import { type Address, encodeDeployData, encodeFunctionData, getContractAddress, type Hex } from 'viem';
import { headNumber, quantity, type RpcCall, rpc, rpcBatch } from './json-rpc';
import type { Artifact } from './protocol-artifacts';

interface Step {
  readonly label: string;
  readonly to?: Address;
  readonly data: Hex;
}

/** More than any step needs and few enough that several steps share a block of 60 million. */
const STEP_GAS = quantity(10_000_000);
/** Keeps one request below anvil's 2 MB limit: a creation is at most about 50 kB of hex. */
const STEPS_PER_REQUEST = 20;

/**
 * The transactions that set a chain up, collected first and then sent together.
 *
 * Addresses follow from the deployer's nonce, so later steps can name contracts that are not there
 * yet, and the same plan gives the same addresses on every fresh chain.
 */
export class DeploymentPlan {
  private readonly steps: Step[] = [];

  /** @param deployer - An account of the node that has sent nothing on this chain. */
  constructor(private readonly deployer: Address) {}

  deploy({ name, abi, bytecode }: Artifact, args: readonly unknown[] = []): Address {
    const address = getContractAddress({ from: this.deployer, nonce: BigInt(this.steps.length) });
    this.steps.push({ label: `deploy ${name}`, data: encodeDeployData({ abi, bytecode, args }) });
    return address;
  }

  call(to: Address, { name, abi }: Artifact, functionName: string, args: readonly unknown[]): void {
    this.steps.push({
      label: `${name}.${functionName}`,
      to,
      data: encodeFunctionData({ abi, functionName, args }),
    });
  }

  /** Sends every step and mines until all are in blocks. @throws Error that names the first step that failed. */
  async run(rpcUrl: string): Promise<void> {
    const hashes: unknown[] = [];
    const sends = this.steps.map((step, nonce) => this.send(step, nonce));
    for (let at = 0; at < sends.length; at += STEPS_PER_REQUEST) {
      hashes.push(...(await rpcBatch(rpcUrl, sends.slice(at, at + STEPS_PER_REQUEST))));
    }
    await this.mineAll(rpcUrl);
    const receipts = await rpcBatch(
      rpcUrl,
      hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
    );
    for (const [index, receipt] of receipts.entries()) {
      // CAST: the one field read of a receipt, as JSON-RPC defines it.
      const status = (receipt as { status: string }).status;
      if (status !== '0x1') throw new Error(`${this.steps[index]?.label} failed on ${rpcUrl}`);
    }
  }

  private send({ to, data }: Step, nonce: number): RpcCall {
    const recipient = to === undefined ? {} : { to };
    const transaction = { from: this.deployer, ...recipient, data, nonce: quantity(nonce), gas: STEP_GAS };
    return { method: 'eth_sendTransaction', params: [transaction] };
  }

  private async mineAll(rpcUrl: string): Promise<void> {
    for (;;) {
      const mined = Number(await rpc(rpcUrl, 'eth_getTransactionCount', [this.deployer, 'latest']));
      if (mined >= this.steps.length) return;
      if ((await headNumber(rpcUrl)) > this.steps.length)
        throw new Error(`${rpcUrl} does not mine the deployment`);
      await rpc(rpcUrl, 'evm_mine');
    }
  }
}
