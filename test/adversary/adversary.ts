import {
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  type LocalAccount,
  parseEventLogs,
  type TransactionReceipt,
} from 'viem';
import { ccipTransportAbi } from '../../chains/abi/ccip-transport';
import { delayedQueueAbi } from '../../chains/abi/delayed-queue';
import { gatewayAbi } from '../../chains/abi/gateway';
import { lanesAbi } from '../../chains/abi/lanes';
import { createCcipClient } from '../../chains/ccip/ccip-js';
import { CcipTransport } from '../../chains/ccip/ccip-transport';
import { ChainTable, type EvmChain } from '../../chains/chain-table';
import { type Call, sendWorkCall, TRANSPORT_NUMBER } from '../../chains/evm/registry/calls';
import { type ComponentAddresses, chainHashOf, componentAddresses } from '../../chains/evm/registry/manifest';
import { GatewayReader } from '../../chains/evm/registry/reads';
import {
  decodeStatement,
  encodeStatement,
  type Statement,
  statementIn,
} from '../../chains/evm/registry/statements';
import { EvmClients } from '../../chains/evm/rpc/evm-clients';
import { LayerZeroTransport } from '../../chains/layerzero/layer-zero-transport';
import type { ExecutionCall, MessageStatus, Transport, TransportMessage } from '../../chains/transports';
import { storedManifestSchema } from '../../domain/registry/manifest';
import type { ChainId } from '../../schema/caip';
import type { WorkId } from '../../schema/ids';
import type { StatementTransport, TransportKind } from '../../schema/types/chain';
import type { Work } from '../../schema/types/work';
import { AccountIndex, accountAt } from '../devnet/accounts';
import type { BridgeNetwork } from '../devnet/devnet-controls';
import { TravelHarness } from '../support/travel';
import { addressOf, Gallery, tokenOf } from '../support/travel-gallery';
import { BASE, chainClient, HOME, sendAs, until } from '../support/travel-steps';

/** Neither the tenant nor any service of the devnet. */
export const STRANGER = accountAt(AccountIndex.Test);
const NETWORK_OF: Readonly<Record<TransportKind, BridgeNetwork>> = { CCIP: 'ccip', LAYERZERO: 'layerZero' };
/** Blocks of the devnet between its head and what is final. */
const FINALITY_BLOCKS = 8;
/** What a delivery may cost at most on these lanes. */
const GAS = 1_000_000n;

/** A statement on its way, and the message of each bridge that carries it. */
export interface Sent {
  readonly source: ChainId;
  readonly destination: ChainId;
  readonly digest: Hex;
  readonly nonce: bigint;
  /** The encoded statement. */
  readonly message: Hex;
  readonly carried: readonly TransportMessage[];
}

/**
 * A registry on the real protocols whose Colophon is gone, so that nobody repairs what a test breaks. Both bridges
 * stand still unless a test lets them run.
 */
export class Adversary {
  private readonly clients: EvmClients;
  private readonly transports: Readonly<Record<TransportKind, Transport>>;

  private constructor(
    readonly harness: TravelHarness,
    readonly gallery: Gallery,
    readonly works: readonly Work[],
    readonly components: ComponentAddresses,
  ) {
    const table = new ChainTable(harness.devnet.chains);
    this.clients = new EvmClients(table);
    this.transports = {
      CCIP: new CcipTransport(table, this.clients, createCcipClient()),
      LAYERZERO: new LayerZeroTransport(table, this.clients),
    };
  }

  /** With as many works of the tenant at home as are asked for. */
  static async start(count: number): Promise<Adversary> {
    const harness = await TravelHarness.start();
    const gallery = await Gallery.open(harness);
    const ids = await gallery.mint(...Array<typeof gallery.self>(count).fill(gallery.self));
    const works = await Promise.all(ids.map((id: WorkId) => gallery.work(id)));
    const [row] = await harness.foundations.tenants.transaction(
      gallery.tenantId,
      ({ manager }): Promise<{ manifest: unknown }[]> => manager.query('select manifest from registries'),
    );
    const components = componentAddresses(storedManifestSchema.parse(row?.manifest));
    const adversary = new Adversary(harness, gallery, works, components);
    await harness.stopColophon();
    await adversary.stopBridges();
    return adversary;
  }

  async stop(): Promise<void> {
    this.clients.close();
    await this.harness.stop();
  }

  chain(chainId: ChainId): EvmChain {
    const chain = this.harness.devnet.chains.find((candidate) => candidate.chainId === chainId);
    if (chain === undefined) throw new Error(`the devnet has no chain ${chainId}`);
    return chain;
  }

  async stopBridges(): Promise<void> {
    for (const network of Object.values(NETWORK_OF))
      await this.harness.devnet.setDeliveryFaults(network, { running: false, loseNext: 0 });
  }

  /** The tenant sends a work of its own. */
  async send(work: Work, transport: StatementTransport, source = HOME, destination = BASE): Promise<Sent> {
    const { hop } = await this.gallery.legOn(source, work);
    const gateway = addressOf(this.gallery.registry, source, 'gateway');
    const request = {
      destinationChainId: destination,
      transport,
      tokenId: tokenOf(work),
      documentHash: work.documentHash,
      seed: seedOf(work),
      currentHop: Number(hop),
      to: this.gallery.account,
      fallbackTo: this.gallery.account,
    };
    const reader = new GatewayReader(chainClient(this.harness, source), gateway);
    const { feeWei } = await reader.quoteWork(request, this.gallery.account);
    const receipt = await this.tenantSends(source, {
      ...sendWorkCall(gateway, request, undefined),
      value: feeWei,
    });
    return this.sentIn(source, destination, receipt);
  }

  /** The source's Gateway, in another's hands, sends whatever it likes: an authentic message with a false statement. */
  async gatewaySends(
    statement: Statement,
    transport: TransportKind,
    { source = HOME, destination = BASE, gas = GAS } = {},
  ): Promise<TransportMessage> {
    const component = transport === 'CCIP' ? 'ccipTransport' : 'layerZeroTransport';
    const to = this.components[component];
    const message = encodeStatement(statement);
    const args = [chainHashOf(destination), message, gas] as const;
    const contract = { abi: ccipTransportAbi, address: to } as const;
    const value = await chainClient(this.harness, source).readContract({
      ...contract,
      functionName: 'quote',
      args,
    });
    const gateway = addressOf(this.gallery.registry, source, 'gateway');
    const data = encodeFunctionData({
      abi: ccipTransportAbi,
      functionName: 'send',
      args: [...args, STRANGER.address],
    });
    return this.messageIn(
      source,
      transport,
      await sendAs(this.harness, gateway, source, { to, data, value }),
    );
  }

  messageIn(source: ChainId, transport: TransportKind, receipt: TransactionReceipt): TransportMessage {
    const [message, ...more] = this.transports[transport].messagesIn(source, receipt);
    if (message === undefined || more.length > 0) throw new Error('one message expected');
    return message;
  }

  status(message: TransportMessage): Promise<MessageStatus> {
    return this.transports[message.kind].status(message);
  }

  /** The bridge runs until a message has come into a state, then stands still again. */
  async carry(message: TransportMessage, state: MessageStatus['state'] = 'EXECUTED'): Promise<MessageStatus> {
    const network = NETWORK_OF[message.kind];
    await this.finalize(message);
    await this.harness.devnet.setDeliveryFaults(network, { running: true });
    const status = await this.until(message, state);
    await this.harness.devnet.setDeliveryFaults(network, { running: false });
    return status;
  }

  /** The bridge verifies a message, and nobody executes it. */
  async verifyOnly(message: TransportMessage): Promise<void> {
    const { devnet } = this.harness;
    const network = NETWORK_OF[message.kind];
    const { lost } = await devnet.deliveryStatus(network);
    await this.finalize(message);
    await devnet.setDeliveryFaults(network, { running: true, loseNext: 1 });
    await this.until(message, 'VERIFIED');
    await until('its execution is left out', async () => (await devnet.deliveryStatus(network)).lost > lost);
    await devnet.setDeliveryFaults(network, { running: false });
  }

  /** What anyone may send to have a message executed, once its time has come. */
  executionOf(message: TransportMessage, gasLimit?: bigint): Promise<ExecutionCall> {
    return until(`the execution of ${message.messageId}`, () =>
      this.transports[message.kind].executionCall(message, gasLimit === undefined ? {} : { gasLimit }),
    );
  }

  /** A stranger sends a call, whatever becomes of it. */
  async strangerSends(chainId: ChainId, { to, data, gas = 3_000_000n }: ExecutionCall): Promise<boolean> {
    const wallet = this.walletOn(chainId, STRANGER);
    const hash = await wallet.sendTransaction({ to, data, gas, chain: null });
    const { status } = await chainClient(this.harness, chainId).waitForTransactionReceipt({ hash });
    return status === 'success';
  }

  /** What the destination's Gateway has said of a statement, in order. */
  async outcomesOf({ destination, digest }: Pick<Sent, 'destination' | 'digest'>): Promise<string[]> {
    const logs = await chainClient(this.harness, destination).getContractEvents({
      abi: gatewayAbi,
      address: addressOf(this.gallery.registry, destination, 'gateway'),
      fromBlock: 0n,
      strict: true,
    });
    return logs.flatMap((log) =>
      'digest' in log.args && log.args.digest === digest && log.eventName !== 'StatementSent'
        ? [log.eventName]
        : [],
    );
  }

  liveChains(work: Work): Promise<ChainId[]> {
    return this.gallery.liveChains(work);
  }

  /** The owner's plan goes through the real queue: announced, its delay passed, then carried out by a stranger. */
  async throughTheQueue(chainId: ChainId, call: Call): Promise<void> {
    const calls = [{ target: call.to, data: call.data }];
    const queue = { abi: delayedQueueAbi, address: this.components.delayedQueue } as const;
    const client = chainClient(this.harness, chainId);
    const delay = await client.readContract({ ...queue, functionName: 'delayOf', args: [calls] });
    const order = (functionName: 'announce' | 'execute') => ({
      to: queue.address,
      data: encodeFunctionData({ abi: delayedQueueAbi, functionName, args: [calls] }),
    });
    await this.tenantSends(chainId, order('announce'));
    if (await this.strangerSends(chainId, order('execute'))) throw new Error('the queue did not wait');
    await this.harness.devnet.rpc(chainId, 'evm_increaseTime', [Number(delay)]);
    await until('the delay is over', () => this.strangerSends(chainId, order('execute')));
  }

  /** Voids a statement on its destination and tells its source over a bridge, at a stranger's cost. */
  async voidAndTell(sent: Sent, transport: TransportKind): Promise<void> {
    const { source, destination, digest, nonce, message } = sent;
    const args = [chainHashOf(source), nonce, digest] as const;
    const data = encodeFunctionData({ abi: lanesAbi, functionName: 'voidStatement', args });
    await this.throughTheQueue(destination, { to: this.components.lanes, data });
    const gateway = addressOf(this.gallery.registry, destination, 'gateway');
    const client = chainClient(this.harness, destination);
    const told = [message, TRANSPORT_NUMBER[transport]] as const;
    const contract = { abi: gatewayAbi, address: gateway } as const;
    const [value] = await client.readContract({ ...contract, functionName: 'quoteVoid', args: told });
    const hash = await this.walletOn(destination, STRANGER).writeContract({
      ...contract,
      functionName: 'sendVoid',
      args: told,
      value,
      chain: null,
    });
    const receipt = await client.waitForTransactionReceipt({ hash });
    await this.carry(this.messageIn(destination, transport, receipt));
  }

  statement({ message }: Sent): Statement {
    return decodeStatement(message);
  }

  async tenantSends(chainId: ChainId, call: Call & { readonly value?: bigint }): Promise<TransactionReceipt> {
    const account = await this.harness.domain.signers.accountFor(this.gallery.tenantId, chainId);
    const hash = await this.walletOn(chainId, account).sendTransaction({ ...call, chain: null });
    const receipt = await chainClient(this.harness, chainId).waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') throw new Error(`transaction ${hash} of the tenant reverted`);
    return receipt;
  }

  /** Bridges wait for the source’s finality; these tests need not. */
  private finalize({ source }: TransportMessage): Promise<void> {
    return this.harness.devnet.mine(source, FINALITY_BLOCKS);
  }

  private sentIn(source: ChainId, destination: ChainId, receipt: TransactionReceipt): Sent {
    const [log] = parseEventLogs({ abi: gatewayAbi, logs: receipt.logs, eventName: 'StatementSent' });
    if (log === undefined) throw new Error('a statement was sent');
    const { digest, nonce } = log.args;
    const message = statementIn(receipt, digest);
    const carried = Object.values(this.transports).flatMap((transport) =>
      transport.messagesIn(source, receipt),
    );
    return { source, destination, digest, nonce, message, carried };
  }

  private until(message: TransportMessage, state: MessageStatus['state']): Promise<MessageStatus> {
    return until(`${message.kind} message is ${state}`, async () => {
      const status = await this.status(message);
      return status.state === state && status;
    });
  }

  private walletOn(chainId: ChainId, account: LocalAccount) {
    return createWalletClient({ account, transport: http(this.harness.devnet.directUrl(chainId)) });
  }
}

/** The one message of a statement over one bridge. */
export function only({ carried }: Sent): TransportMessage {
  const [message, ...more] = carried;
  if (message === undefined || more.length > 0) throw new Error('one message expected');
  return message;
}

/** The message of a statement over one of two bridges. */
export function over(transport: TransportKind, { carried }: Sent): TransportMessage {
  const message = carried.find(({ kind }) => kind === transport);
  if (message === undefined) throw new Error(`${transport} does not carry the statement`);
  return message;
}

function seedOf({ seed, id }: Work): Hex {
  if (seed === null) throw new Error(`work ${id} has no seed`);
  return seed;
}
