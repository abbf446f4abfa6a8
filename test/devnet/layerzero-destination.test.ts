import { createClient, custom, type Hex, zeroAddress } from 'viem';
import { evmChainId } from '../../schema/caip';
import { accountAt } from './accounts';
import { ChainView } from './chain-view';
import { DeliveryGate } from './delivery-faults';
import { layerZeroLogReader, type Progress } from './layerzero-chain';
import { LayerZeroDestination, type LayerZeroPeer } from './layerzero-destination';
import { type Packet, packetKey } from './layerzero-packet';
import { type Call, Transactor } from './transactor';

const RECEIVER = '0x00000000000000000000000000000000000000aa';
const HASH: Hex = `0x${'11'.repeat(32)}`;
const packet: Packet = {
  dstEid: 2,
  origin: { srcEid: 1, sender: HASH, nonce: 28n },
  receiver: RECEIVER,
  guid: HASH,
  message: '0x01',
  header: '0x02',
  payloadHash: HASH,
  gas: 100_000n,
  value: 0n,
};

class RecordingTransactor extends Transactor {
  readonly sent: Call[] = [];

  override async submit(calls: readonly Call[]): Promise<number> {
    this.sent.push(...calls);
    return calls.length;
  }
}

function peer(lzEid: number) {
  const client = createClient({ transport: custom({ request: async () => null }) });
  const transactor = new RecordingTransactor(client, accountAt(6), lzEid, 1);
  const dvns = [20, 21].map((account) => ({
    vid: account,
    address: zeroAddress,
    signer: accountAt(account),
  }));
  const addresses = { endpoint: zeroAddress, sendUln: zeroAddress, receiveUln: zeroAddress };
  // Never asked: what it knows is set by the tests.
  const view = new ChainView('http://127.0.0.1', layerZeroLogReader('http://127.0.0.1', addresses));
  const chainId = evmChainId(lzEid);
  const rest = { receiveUln: zeroAddress, executor: zeroAddress, confirmations: 8n };
  return { chainId, lzEid, dvns, view, transactor, ...rest } satisfies LayerZeroPeer;
}

/** What the networks send for a final packet whose destination shows this progress. */
async function sentFor(progress: Partial<Progress>): Promise<number> {
  const [source, destination] = [peer(1), peer(2)];
  const key = packetKey(packet.origin, packet.receiver);
  const job = { packet, dvns: source.dvns.map(({ address }) => address), executor: source.executor };
  source.view.final.jobs.set(destination.lzEid, new Map([[key, job]]));
  const none = { attestedBy: new Map(), committed: false, executed: false };
  destination.view.final.progress.set(key, { ...none, ...progress });
  const counts = { verified: 0, executed: 0, duplicated: 0, errors: 0 };
  await new LayerZeroDestination(destination, [source], new DeliveryGate(), counts).deliver();
  return destination.transactor.sent.length;
}

test('a verification that a reorg took back is given again, although an execution was tried in vain', async () => {
  const attestationsAndCommit = 3;
  expect(await sentFor({ executed: true })).toBe(attestationsAndCommit);
});

test('a packet that is committed and was executed needs nothing more', async () => {
  expect(await sentFor({ committed: true, executed: true })).toBe(0);
  expect(await sentFor({ committed: true })).toBe(1);
});
