import { decodeFunctionData, type Hex } from 'viem';
import { gatewayAbi } from '../../chains/abi/gateway';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import { tellCall } from '../../chains/evm/registry/statement-offers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainTransaction, TransactionState } from '../../chains/transactions/transaction';
import type { ChainId } from '../../schema/caip';
import { registryIdSchema, tenantIdSchema } from '../../schema/ids';
import type { Licence } from '../../schema/types/licence';
import type { Registry } from '../../schema/types/registry';
import { ADA } from '../../test/support/travel-events';
import { BASE, HOME, MOONBEAM } from '../../test/support/travel-steps';
import { StatementCarrier } from '../dispatch/statement-carrier';
import { LicenceReplicator } from './licence-replicator';

const UUID = '6f6b1a52-9d6e-4f0e-8d2a-1f4c1a0b2c3d';
const GRANT: Hex = `0x${'9'.repeat(64)}`;
const CHAINS = [HOME, BASE, MOONBEAM];
const tenantId = tenantIdSchema.parse(UUID);
const registryId = registryIdSchema.parse(UUID);

/** What was sent: from which chain, to which, and under which intent. */
interface Sent {
  readonly from: ChainId;
  readonly to: ChainId | undefined;
  readonly intentKey: string;
}

interface World {
  /** The revision that each chain's book knows. */
  readonly known: Partial<Record<ChainId, number>>;
  readonly licence?: Partial<Licence> | undefined;
  readonly retired?: readonly ChainId[];
  /** What became of the transactions under intents that contain a text. */
  readonly before?: Readonly<Record<string, Partial<ChainTransaction>>>;
  readonly isPaused?: boolean;
}

/** Runs the replicator once over a world of fakes at its ports. */
async function run({ known, licence = {}, retired = [], before = {}, isPaused = false }: World) {
  const sent: Sent[] = [];
  const texts: (string | null)[] = [];
  const carried: unknown[] = [];
  const contracts = CHAINS.map((chainId) => ({ chainId, gateway: ADA, licenceBook: ADA }));
  // CAST: here and below, the ports by what is called of them.
  const registry = {
    id: registryId,
    homeChainId: HOME,
    chainIds: CHAINS,
    contracts,
    releasePolicy: 'ONE',
  } as unknown as Registry;
  const grant = { grantId: GRANT, chainId: BASE, revision: 1, provisional: false, ...licence } as Licence;
  const answers = (chainId: ChainId): Record<string, unknown> => ({
    grantOf: { revision: BigInt(known[chainId] ?? 0) },
    laneOf: { open: true, paused: isPaused },
    quoteLicence: [100n, '0x', 1n],
  });
  const accesses = {
    get: (chainId: ChainId) => ({
      public: {
        readContract: async ({ functionName }: { functionName: string }) => answers(chainId)[functionName],
      },
    }),
  } as unknown as ChainAccesses;
  const replicator = new LicenceReplicator(
    { transaction: async (_tenant: unknown, work: (tx: object) => unknown) => work({}) } as never,
    {
      registries: { get: async () => registry },
      licences: {
        findLicence: async () => grant,
        setWaitingFor: async (_tx: unknown, _registry: unknown, _grant: unknown, text: string | null) => {
          texts.push(text);
        },
      },
      guardActions: { chainsGivenUp: async () => new Set(retired) },
    } as never,
    accesses,
    new StatementCarrier({
      transactions: {
        find: async (_tenant: unknown, key: string) =>
          Object.entries(before).find(([part]) => key.includes(part))?.[1],
        submit: async ({ chainId, data, intentKey }: { chainId: ChainId; data: Hex; intentKey: string }) => {
          const { args } = decodeFunctionData({ abi: gatewayAbi, data });
          sent.push({ from: chainId, to: CHAINS.find((one) => chainHashOf(one) === args?.[0]), intentKey });
          return { state: TransactionState.Broadcast };
        },
      } as never,
      accesses,
      messages: {
        moveOn: async (_tenant: unknown, message: unknown) => {
          carried.push(message);
          return { status: { state: 'SENT' } };
        },
      } as never,
    }),
  );
  const again = await replicator.advance(tenantId, registryId, GRANT);
  return { again, sent, carried, text: texts.at(-1) };
}

const FAILED = { state: TransactionState.Dropped } as const;

test('a mirror’s licence goes home first, and to the other mirrors from there', async () => {
  const first = await run({ known: { [BASE]: 1 } });
  expect(first.sent.map(({ from, to }) => [from, to])).toEqual([[BASE, HOME]]);
  expect(first).toMatchObject({
    again: expect.any(Number),
    text: expect.stringContaining(`${MOONBEAM}: ${HOME} to know it`),
  });
  const then = await run({ known: { [BASE]: 1, [HOME]: 1 } });
  expect(then.sent.map(({ from, to }) => [from, to])).toEqual([[HOME, MOONBEAM]]);
});

test('home’s own licence goes to every mirror that has an older one', async () => {
  const { sent } = await run({
    known: { [HOME]: 2, [BASE]: 1, [MOONBEAM]: 2 },
    licence: { chainId: HOME, revision: 2 },
  });
  expect(sent.map(({ from, to }) => [from, to])).toEqual([[HOME, BASE]]);
});

test('once every chain has it nothing is sent, and nothing waited for', async () => {
  const done = await run({ known: { [BASE]: 1, [HOME]: 1, [MOONBEAM]: 3 } });
  expect(done).toEqual({ again: undefined, sent: [], carried: [], text: null });
});

test('nothing is told of what may still fall, nor to a chain that is given up', async () => {
  expect((await run({ known: { [BASE]: 1 }, licence: { provisional: true } })).sent).toEqual([]);
  const left = await run({ known: { [BASE]: 1, [HOME]: 1 }, retired: [MOONBEAM] });
  expect(left).toMatchObject({ again: undefined, sent: [] });
});

test('what is on its way is not sent twice, and is carried once it is final', async () => {
  const known = { [BASE]: 1, [HOME]: 1 };
  const underWay = await run({ known, before: { [`${MOONBEAM}:1`]: { state: TransactionState.Broadcast } } });
  expect(underWay.sent).toEqual([]);
  expect(underWay.carried).toEqual([]);
  const { data } = tellCall(ADA, MOONBEAM, 'BOTH', { kind: 'LICENCE', grantId: GRANT });
  const inclusion = { hash: GRANT, succeeded: true };
  const final = { state: TransactionState.Final, data, inclusion } as Partial<ChainTransaction>;
  const arriving = await run({ known, before: { [`${MOONBEAM}:1`]: final } });
  expect(arriving.carried).toMatchObject([
    { sourceChainId: HOME, destinationChainId: MOONBEAM, transport: 'CCIP', transactionHash: GRANT },
    { transport: 'LAYERZERO' },
  ]);
  const { sent } = await run({ known });
  expect(sent[0]?.intentKey).toBe(`licence:${registryId}:${GRANT}:1:${MOONBEAM}:1`);
});

test('a refused statement is sent anew under another intent, three times, and then given up in words', async () => {
  const known = { [BASE]: 1, [HOME]: 1 };
  const second = await run({ known, before: { [`${MOONBEAM}:1`]: FAILED } });
  expect(second.sent.map(({ intentKey }) => intentKey.at(-1))).toEqual(['2']);
  const over = await run({ known, before: { [`${MOONBEAM}:`]: FAILED } });
  expect(over).toMatchObject({ again: undefined, sent: [], text: expect.stringContaining('given up') });
});

test('while no lane is open it waits, and costs nothing', async () => {
  const shut = await run({ known: { [BASE]: 1, [HOME]: 1 }, isPaused: true });
  expect(shut).toMatchObject({
    again: expect.any(Number),
    sent: [],
    text: expect.stringContaining('an open lane'),
  });
});
