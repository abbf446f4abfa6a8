import { encodeFunctionData, type Hex, pad, parseAbi, toFunctionSelector } from 'viem';
import { ccipTransportAbi } from '../../chains/abi/ccip-transport';
import { gatewayAbi } from '../../chains/abi/gateway';
import { lanesAbi } from '../../chains/abi/lanes';
import { layerZeroTransportAbi } from '../../chains/abi/layer-zero-transport';
import { layerZeroReceiveUlnAbi } from '../../chains/abi/protocol/layer-zero';
import { TRANSPORT_NUMBER } from '../../chains/evm/registry/calls';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import { ownersTree } from '../../chains/evm/registry/owners-tree';
import {
  decodeWorks,
  encodeStatement,
  encodeWorks,
  type Statement,
} from '../../chains/evm/registry/statements';
import { decodePacket } from '../../chains/layerzero/packet';
import type { TransportMessage } from '../../chains/transports';
import type { ChainId } from '../../schema/caip';
import { TransportKind } from '../../schema/types/chain';
import type { Work } from '../../schema/types/work';
import { attest } from '../devnet/attest';
import { sendOverCcip, sendOverLayerZero } from '../devnet/probe';
import { addressOf, StatementKind, tokenOf } from '../support/travel-gallery';
import { BASE, chainClient, HOME, MOONBEAM } from '../support/travel-steps';
import { Adversary, only, over, STRANGER } from './adversary';

const GAS = 1_000_000n;
const SKIP_ABI = parseAbi(['function skip(address oapp, uint32 srcEid, bytes32 sender, uint64 nonce)']);
/** viem knows the errors of the contract that is called, and this one is thrown behind it. */
const LANE_IS_PAUSED = toFunctionSelector('LaneIsPaused(bytes32,uint8)');
/** A nonce that no honest statement of these tests reaches. */
const FORGED_NONCE = 1_000n;

let adversary: Adversary;
let unused: Work[];
beforeAll(async () => {
  adversary = await Adversary.start(15);
  unused = [...adversary.works];
}, 240_000);
afterAll(async () => {
  await adversary?.stop();
}, 60_000);
afterEach(() => adversary.stopBridges());

jest.setTimeout(120_000);

describe('a stranger', () => {
  test('who sends a true statement over CCIP in the peer’s place is refused, and the peer’s own arrives', async () => {
    const sent = await adversary.send(fresh(), 'CCIP');
    const forged = await strangersMessage('CCIP', HOME, sent.message);
    expect((await adversary.carry(forged, 'FAILED')).failure).toMatchObject({ name: 'SenderUnknown' });
    await adversary.carry(only(sent));
    expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied']);
  });

  test('who does so over LayerZero finds no path: not even what all verifiers attest can be committed', async () => {
    const sent = await adversary.send(fresh(), 'LAYERZERO');
    const forged = await strangersMessage('LAYERZERO', HOME, sent.message);
    await attest(adversary.harness.devnet, adversary.chain(BASE), forged);
    expect(await commit(forged)).toBe(false);
    await adversary.carry(only(sent));
    expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied']);
  });

  test('who calls the transports without a bridge is refused', async () => {
    const client = chainClient(adversary.harness, BASE);
    const { ccipTransport, layerZeroTransport } = adversary.components;
    const sender = pad(ccipTransport);
    const ccip = client.simulateContract({
      account: STRANGER,
      abi: ccipTransportAbi,
      address: ccipTransport,
      functionName: 'ccipReceive',
      args: [
        {
          messageId: pad('0x1'),
          sourceChainSelector: adversary.chain(HOME).ccip.ccipSelector,
          sender,
          data: '0x',
          destTokenAmounts: [],
        },
      ],
    });
    await expect(ccip).rejects.toThrow('NotProtocol');
    const layerZero = client.simulateContract({
      account: STRANGER,
      abi: layerZeroTransportAbi,
      address: layerZeroTransport,
      functionName: 'lzReceive',
      args: [
        { srcEid: adversary.chain(HOME).layerZero.lzEid, sender: pad(layerZeroTransport), nonce: 1n },
        pad('0x1'),
        '0x',
        STRANGER.address,
        '0x',
      ],
    });
    await expect(layerZero).rejects.toThrow('NotProtocol');
  });
});

test.each([TransportKind.CCIP, TransportKind.LAYERZERO])(
  'a peer that lies about the origin over %s is refused, and so is one that sends to the wrong chain',
  async (transport) => {
    const sent = await adversary.send(fresh(), transport);
    const elsewhere = {
      ...adversary.statement(sent),
      srcChainHash: chainHashOf(MOONBEAM),
      nonce: FORGED_NONCE,
    };
    const lie = await adversary.gatewaySends(elsewhere, transport);
    expect((await adversary.carry(lie, 'FAILED')).failure).toMatchObject({ name: 'StatementMisdirected' });

    const astray = await adversary.gatewaySends(adversary.statement(sent), transport, {
      destination: MOONBEAM,
    });
    expect((await adversary.carry(astray, 'FAILED')).failure).toMatchObject({ name: 'StatementMisdirected' });
    await adversary.carry(only(sent));
    expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied']);
    expect(await adversary.outcomesOf({ ...sent, destination: MOONBEAM })).toEqual([]);
  },
);

test('a message from a chain that is no peer is refused by its selector, and has no path by its eid', async () => {
  const sent = await adversary.send(fresh(), 'CCIP');
  const byCcip = await strangersMessage('CCIP', MOONBEAM, sent.message);
  expect((await adversary.carry(byCcip, 'FAILED')).failure).toMatchObject({ name: 'SourceUnknown' });
  const byLayerZero = await strangersMessage('LAYERZERO', MOONBEAM, sent.message);
  await attest(adversary.harness.devnet, adversary.chain(BASE), byLayerZero);
  expect(await commit(byLayerZero)).toBe(false);
  await adversary.carry(only(sent));
  expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied']);
});

test.each([TransportKind.CCIP, TransportKind.LAYERZERO])(
  'what came over %s has its effect once, whoever executes or sends it again',
  async (transport) => {
    const work = fresh();
    const sent = await adversary.send(work, transport);
    await adversary.verifyOnly(only(sent));
    const execution = await adversary.executionOf(only(sent));
    expect(await adversary.strangerSends(BASE, execution)).toBe(true);
    expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied']);
    await adversary.strangerSends(BASE, execution);
    expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied']);

    await adversary.carry(await adversary.gatewaySends(adversary.statement(sent), transport));
    expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied', 'StatementRepeated']);
    const other = transport === 'CCIP' ? TransportKind.LAYERZERO : TransportKind.CCIP;
    const crossed = await adversary.gatewaySends(adversary.statement(sent), other);
    expect((await adversary.carry(crossed, 'FAILED')).failure).toMatchObject({ name: 'PolicyNotMet' });
    expect(await adversary.liveChains(work)).toEqual([BASE]);
  },
);

test('one of two verifiers is not enough, and with the second the message arrives', async () => {
  const sent = await adversary.send(fresh(), 'LAYERZERO');
  const [first, second] = adversary.chain(BASE).layerZero.dvns;
  if (first === undefined || second === undefined) throw new Error('two verifiers expected');
  await attest(adversary.harness.devnet, adversary.chain(BASE), only(sent), [first]);
  expect(await adversary.status(only(sent))).toMatchObject({
    state: 'UNVERIFIED',
    waitsFor: [expect.any(String)],
  });
  expect(await commit(only(sent))).toBe(false);
  await attest(adversary.harness.devnet, adversary.chain(BASE), only(sent), [second]);
  expect(await commit(only(sent))).toBe(true);
  expect(await adversary.strangerSends(BASE, await adversary.executionOf(only(sent)))).toBe(true);
  expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied']);
});

describe('a delivery with too little gas', () => {
  test('leaves a CCIP message failed, for anyone to execute by hand with more', async () => {
    const sent = await adversary.send(fresh(), 'CCIP');
    await adversary.verifyOnly(only(sent));
    const poor = await adversary.gatewaySends(adversary.statement(sent), 'CCIP', { gas: 200_000n });
    await adversary.carry(poor, 'FAILED');
    expect(await adversary.outcomesOf(sent)).toEqual([]);
    expect(await adversary.strangerSends(BASE, await adversary.executionOf(poor, GAS))).toBe(true);
    expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied']);
    await adversary.strangerSends(BASE, await adversary.executionOf(only(sent)));
    expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied', 'StatementRepeated']);
  });

  test('leaves a LayerZero message as it was', async () => {
    const sent = await adversary.send(fresh(), 'LAYERZERO');
    await adversary.verifyOnly(only(sent));
    const execution = await adversary.executionOf(only(sent));
    expect(await adversary.strangerSends(BASE, { ...execution, gas: 300_000n })).toBe(false);
    expect(await adversary.outcomesOf(sent)).toEqual([]);
    expect(await adversary.strangerSends(BASE, execution)).toBe(true);
    expect(await adversary.outcomesOf(sent)).toEqual(['StatementApplied']);
  });
});

test('CCIP’s SUCCESS at a receiver without code is no arrival: the work is given back, and sent again', async () => {
  const work = fresh();
  const sent = await adversary.send(work, 'CCIP');
  const { ccipTransport } = adversary.components;
  const code = await chainClient(adversary.harness, BASE).getCode({ address: ccipTransport });
  await adversary.harness.devnet.rpc(BASE, 'anvil_setCode', [ccipTransport, '0x']);
  await adversary.carry(only(sent), 'EXECUTED');
  await adversary.harness.devnet.rpc(BASE, 'anvil_setCode', [ccipTransport, code]);
  expect(await adversary.outcomesOf(sent)).toEqual([]);
  expect(await adversary.liveChains(work)).toEqual([]);

  await adversary.voidAndTell(sent, 'LAYERZERO');
  expect(await adversary.liveChains(work)).toEqual([HOME]);
  await adversary.carry(only(await adversary.send(work, 'CCIP')));
  expect(await adversary.liveChains(work)).toEqual([BASE]);
});

test('a lane paused in mid-flight stops what would leave, not what has left', async () => {
  const [work, another] = [fresh(), fresh()];
  const sent = await adversary.send(work, 'CCIP');
  await pause('pauseLane');
  await expect(adversary.send(another, 'CCIP')).rejects.toThrow(LANE_IS_PAUSED);
  await adversary.carry(only(sent));
  expect(await adversary.liveChains(work)).toEqual([BASE]);
  await pause('resumeLane');
  await adversary.carry(only(await adversary.send(another, 'CCIP')));
  expect(await adversary.liveChains(another)).toEqual([BASE]);
});

test('two bridges that bring two different statements bring none: the work is given back', async () => {
  const work = fresh();
  const sent = await adversary.send(work, 'BOTH');
  await adversary.verifyOnly(over('LAYERZERO', sent));
  await adversary.carry(over('CCIP', sent));
  expect(await adversary.outcomesOf(sent)).toEqual(['StatementAttested']);

  const forged = forThe(STRANGER.address, adversary.statement(sent));
  await adversary.carry(await adversary.gatewaySends(forged, 'LAYERZERO'));
  const digest = await chainClient(adversary.harness, BASE).readContract({
    abi: gatewayAbi,
    address: addressOf(adversary.gallery.registry, BASE, 'gateway'),
    functionName: 'digestOf',
    args: [encodeStatement(forged)],
  });
  expect(await adversary.outcomesOf({ destination: BASE, digest })).toEqual(['StatementDisputed']);
  await adversary.strangerSends(BASE, await adversary.executionOf(over('LAYERZERO', sent)));
  expect(await adversary.outcomesOf(sent)).toEqual(['StatementAttested', 'StatementRepeated']);
  expect(await adversary.liveChains(work)).toEqual([]);

  await adversary.voidAndTell(sent, 'LAYERZERO');
  expect(await adversary.liveChains(work)).toEqual([HOME]);
});

test('a LayerZero nonce that is never verified is skipped through the queue, and its work given back and sent again', async () => {
  const work = fresh();
  const lost = await adversary.send(work, 'LAYERZERO');
  const { nonce, srcEid, sender } = decodePacket(only(lost).encoded);
  const { layerZeroTransport } = adversary.components;
  const skip = encodeFunctionData({ abi: SKIP_ABI, args: [layerZeroTransport, srcEid, sender, nonce] });
  const data = encodeFunctionData({ abi: layerZeroTransportAbi, functionName: 'callEndpoint', args: [skip] });
  await adversary.throughTheQueue(BASE, { to: layerZeroTransport, data });
  await adversary.voidAndTell(lost, 'LAYERZERO');
  expect(await adversary.liveChains(work)).toEqual([HOME]);

  await attest(adversary.harness.devnet, adversary.chain(BASE), only(lost));
  expect(await commit(only(lost))).toBe(false);
  const again = await adversary.send(work, 'LAYERZERO');
  await adversary.carry(only(again));
  expect(await adversary.outcomesOf(again)).toEqual(['StatementApplied']);
  expect(await adversary.outcomesOf(lost)).toEqual([]);
  expect(await adversary.liveChains(work)).toEqual([BASE]);
});

test('a retired chain is heard no more, and thirty days after the announcement its works are claimed, each once', async () => {
  const there: Work[] = [];
  for (const work of adversary.works) if ((await adversary.liveChains(work)).includes(BASE)) there.push(work);
  const [leaving] = there;
  if (leaving === undefined) throw new Error('works on Base expected');
  const late = await adversary.send(leaving, 'LAYERZERO', BASE, HOME);

  const owners = there.map((work) => ({ workId: tokenOf(work), holder: adversary.gallery.account }));
  const tree = ownersTree(chainHashOf(BASE), owners);
  const args = [chainHashOf(BASE), tree.root] as const;
  const data = encodeFunctionData({ abi: lanesAbi, functionName: 'retireChain', args });
  await adversary.throughTheQueue(HOME, { to: adversary.components.lanes, data });
  expect((await adversary.carry(only(late), 'FAILED')).failure).toMatchObject({ name: 'ChainRetired' });

  const gateway = addressOf(adversary.gallery.registry, HOME, 'gateway');
  for (const [index, { workId, holder }] of owners.entries()) {
    const proof = tree.proofs[index] ?? [];
    const claim = encodeFunctionData({
      abi: gatewayAbi,
      functionName: 'claimRetired',
      args: [chainHashOf(BASE), workId, holder, proof],
    });
    expect(await adversary.strangerSends(HOME, { to: gateway, data: claim })).toBe(true);
    expect(await adversary.strangerSends(HOME, { to: gateway, data: claim })).toBe(false);
  }
  for (const work of there)
    expect(await adversary.gallery.legOn(HOME, work)).toMatchObject({
      state: 1,
      holder: adversary.gallery.account,
    });
});

test('after all of it no work is lost or doubled at home, which alone knows where each is', async () => {
  expect(adversary.works).toHaveLength(15);
  for (const work of adversary.works) {
    const { state, holder } = await adversary.gallery.legOn(HOME, work);
    expect({ state, holder }).toEqual({ state: 1, holder: adversary.gallery.account });
  }
  // One for each send of a holder, two for the one that took both bridges; forgeries never passed our Gateway.
  expect(await adversary.gallery.statementsSent(StatementKind.Works)).toBe(19);
});

/** A work that is still at home and was not sent before. */
function fresh(): Work {
  const work = unused.shift();
  if (work === undefined) throw new Error('more works are needed');
  return work;
}

/** What a stranger sends to our transport on Base. */
async function strangersMessage(
  transport: TransportKind,
  source: ChainId,
  data: Hex,
): Promise<TransportMessage> {
  const { ccipTransport, layerZeroTransport } = adversary.components;
  const [from, to] = [adversary.chain(source), adversary.chain(BASE)];
  const receipt =
    transport === 'CCIP'
      ? await sendOverCcip(from, { to, receiver: ccipTransport, data, gas: GAS })
      : await sendOverLayerZero(from, { to, receiver: layerZeroTransport, data, gas: GAS });
  return adversary.messageIn(source, transport, receipt);
}

/** Anyone's commit of what verifiers attested. */
function commit({ encoded }: TransportMessage): Promise<boolean> {
  const { header, payloadHash } = decodePacket(encoded);
  const args = [header, payloadHash] as const;
  return adversary.strangerSends(BASE, {
    to: adversary.chain(BASE).layerZero.receiveUln,
    data: encodeFunctionData({ abi: layerZeroReceiveUlnAbi, functionName: 'commitVerification', args }),
  });
}

/** The same statement with another receiver. */
function forThe(receiver: Hex, statement: Statement): Statement {
  const works = decodeWorks(statement.payload).map((work) => ({ ...work, to: pad(receiver) }));
  return { ...statement, payload: encodeWorks(works) };
}

async function pause(functionName: 'pauseLane' | 'resumeLane'): Promise<void> {
  const args = [chainHashOf(BASE), TRANSPORT_NUMBER.CCIP] as const;
  const data = encodeFunctionData({ abi: lanesAbi, functionName, args });
  await adversary.tenantSends(HOME, { to: adversary.components.lanes, data });
}
