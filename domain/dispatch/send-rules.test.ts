import { chainIdSchema, evmAccountId } from '../../schema/caip';
import { projectIdSchema, registryIdSchema, workIdSchema } from '../../schema/ids';
import type { Registry } from '../../schema/types/registry';
import type { Work } from '../../schema/types/work';
import { ADA, BOB } from '../../test/support/travel-events';
import { ALL_CHAINS, BASE, HOME, MOONBEAM } from '../../test/support/travel-steps';
import { planMove } from './send-rules';

const UUID = '6f6b1a52-9d6e-4f0e-8d2a-1f4c1a0b2c3d';

const WORK: Work = {
  id: workIdSchema.parse(UUID),
  projectId: projectIdSchema.parse(UUID),
  registryId: registryIdSchema.parse(UUID),
  state: 'LIVE',
  provisional: false,
  frozen: false,
  freezeReason: null,
  documentHash: '0xd0',
  document: {},
  edition: 1,
  seed: '0x5e',
  commitment: '0xc0',
  tokenId: '7',
  chainId: HOME,
  holder: evmAccountId(HOME, ADA),
  hop: 4,
  revision: 0,
  metadata: {},
  legs: [],
  failure: null,
  createdAt: new Date(0),
};
const REGISTRY: Registry = {
  id: WORK.registryId,
  projectId: WORK.projectId,
  name: 'Tides',
  symbol: 'TIDE',
  state: 'ACTIVE',
  homeChainId: HOME,
  chainIds: [...ALL_CHAINS],
  owner: evmAccountId(HOME, ADA),
  contracts: [],
  artistSigned: false,
  adopted: null,
  releasePolicy: 'ONE',
  progress: '27/27',
  waitingFor: null,
  preparedCalls: [],
  createdAt: new Date(0),
};

const plan = (work: Partial<Work>, destinationChainId = BASE, to: string | null = null) =>
  planMove({ ...WORK, ...work }, REGISTRY, {
    workId: WORK.id,
    destinationChainId,
    lane: 'CCIP',
    to: to === null ? null : evmAccountId(chainIdSchema.parse(to.split('/')[0]), to.split('/')[1] ?? ''),
  });

test('a move starts where the work is, gets the next number, and keeps the holder unless told otherwise', () => {
  expect(plan({})).toEqual({
    sourceChainId: HOME,
    destinationChainId: BASE,
    tokenId: '7',
    documentHash: '0xd0',
    seed: '0x5e',
    holder: ADA,
    to: ADA,
    currentHop: 4,
    hop: 5,
  });
  expect(plan({}, BASE, `${BASE}/${BOB}`)).toMatchObject({ holder: ADA, to: BOB });
});

test.each<[string, Partial<Work>, string]>([
  ['frozen', { frozen: true }, 'WORK_FROZEN'],
  ['burned', { state: 'BURNED', holder: null }, 'WORK_BURNED'],
  ['in flight', { state: 'IN_FLIGHT', chainId: null, holder: null }, 'WORK_IN_FLIGHT'],
  ['not minted', { state: 'MINTING', tokenId: null, chainId: null, holder: null }, 'WORK_NOT_MINTED'],
  ['there already', { chainId: BASE, holder: evmAccountId(BASE, ADA) }, 'WORK_ALREADY_THERE'],
  ['on another mirror', { chainId: MOONBEAM, holder: evmAccountId(MOONBEAM, ADA) }, 'LANE_NOT_SUPPORTED'],
])('a work that is %s cannot be sent', (_what, work, code) => {
  expect(() => plan(work)).toThrow(expect.objectContaining({ code }));
});

test('a mirror sends home, home to mirrors of the registry only', () => {
  expect(plan({ chainId: BASE, holder: evmAccountId(BASE, ADA) }, HOME).destinationChainId).toBe(HOME);
  const elsewhere = chainIdSchema.parse('eip155:592');
  expect(() => plan({}, elsewhere)).toThrow(expect.objectContaining({ code: 'LANE_NOT_SUPPORTED' }));
});

test('the receiver must be an account of the destination', () => {
  expect(() => plan({}, BASE, `${HOME}/${BOB}`)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
});
