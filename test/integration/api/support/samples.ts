import { randomUUID } from 'node:crypto';
import { accountIdSchema, chainIdSchema, erc20MoneyId, moneyIdSchema } from '../../../../schema/caip';
import {
  dispatchIdSchema,
  guardActionIdSchema,
  type ProjectId,
  registryIdSchema,
  saleIdSchema,
  settlementIdSchema,
  workIdSchema,
} from '../../../../schema/ids';
import { TransportKind } from '../../../../schema/types/chain';
import {
  type Dispatch,
  DispatchKind,
  DispatchOrigin,
  DispatchState,
  LaneChoice,
} from '../../../../schema/types/dispatch';
import { type GuardAction, GuardActionKind, GuardActionState } from '../../../../schema/types/guard-action';
import { Ground } from '../../../../schema/types/ledger';
import type { Licence } from '../../../../schema/types/licence';
import { type Registry, RegistryState } from '../../../../schema/types/registry';
import { type Sale, SaleState, SaleVenue, Verdict } from '../../../../schema/types/sale';
import { type Settlement, SettlementState } from '../../../../schema/types/settlement';
import { type Work, WorkState } from '../../../../schema/types/work';

export const HOME = chainIdSchema.parse('eip155:11155111');
export const MIRROR = chainIdSchema.parse('eip155:84532');
/** Of an export that was not made. */
export const SAMPLE_MANIFEST_HASH = '0'.repeat(64);
export const HOLDER = accountIdSchema.parse('eip155:11155111:0x52908400098527886E0F7030069857D2E4169EE7');

/** Whole rows as the domain returns them; `over` sets what a test is about. */
/** A licence that every sample registry has granted. */
export const SAMPLE_GRANT: `0x${string}` = `0x${'9'.repeat(64)}`;

export function sampleLicence({ id }: Registry): Licence {
  return {
    id: randomUUID(),
    registryId: id,
    grantId: SAMPLE_GRANT,
    chainId: HOME,
    offerId: '0',
    templateHash: `0x${'8'.repeat(64)}`,
    holder: HOLDER,
    tokenIds: [],
    revision: 1,
    state: 'ACTIVE',
    grantedAt: new Date('2026-11-01T00:00:00Z'),
    expiresAt: null,
    transferable: false,
    revocable: true,
    reasonHash: null,
    provisional: false,
    copies: [{ chainId: MIRROR, revision: 1, provisional: false }],
    waitingFor: null,
  };
}

export function sampleRegistry(projectId: ProjectId, over: Partial<Registry> = {}): Registry {
  return {
    id: registryIdSchema.parse(randomUUID()),
    projectId,
    name: 'Tides',
    symbol: 'TIDE',
    state: RegistryState.ACTIVE,
    homeChainId: HOME,
    chainIds: [HOME, MIRROR],
    owner: HOLDER,
    artistSigned: false,
    adopted: null,
    releasePolicy: 'ONE',
    contracts: [],
    progress: '24/24',
    waitingFor: null,
    preparedCalls: [],
    createdAt: new Date('2026-11-01T00:00:00Z'),
    ...over,
  };
}

export function sampleWork({ id, projectId }: Registry, over: Partial<Work> = {}): Work {
  return {
    id: workIdSchema.parse(randomUUID()),
    projectId,
    registryId: id,
    state: WorkState.LIVE,
    provisional: false,
    frozen: false,
    freezeReason: null,
    documentHash: `0x${'1'.repeat(64)}`,
    document: {},
    edition: 1,
    seed: `0x${'2'.repeat(64)}`,
    commitment: `0x${'3'.repeat(64)}`,
    tokenId: '1',
    chainId: HOME,
    holder: HOLDER,
    hop: 0,
    revision: 1,
    metadata: {},
    legs: [],
    failure: null,
    createdAt: new Date('2026-11-01T00:00:00Z'),
    ...over,
  };
}

export function sampleDispatch({ id, registryId }: Work, over: Partial<Dispatch> = {}): Dispatch {
  return {
    id: dispatchIdSchema.parse(randomUUID()),
    workId: id,
    registryId,
    kind: DispatchKind.WORK,
    state: DispatchState.REQUESTED,
    origin: DispatchOrigin.PLATFORM,
    sourceChainId: HOME,
    destinationChainId: MIRROR,
    laneChoice: LaneChoice.CHEAPEST,
    transport: TransportKind.CCIP,
    to: HOLDER,
    hop: 1,
    revision: null,
    feeWei: null,
    digest: null,
    messageId: null,
    messages: [],
    sourceTransactionHash: null,
    destinationTransactionHash: null,
    failure: null,
    waitingFor: null,
    alert: null,
    createdAt: new Date('2026-11-01T00:00:00Z'),
    stateSince: new Date('2026-11-01T00:00:00Z'),
    ...over,
  };
}

export function sampleGuardAction({ id }: Registry, over: Partial<GuardAction> = {}): GuardAction {
  return {
    id: guardActionIdSchema.parse(randomUUID()),
    registryId: id,
    workId: null,
    dispatchId: null,
    kind: GuardActionKind.PAUSE_LANE,
    state: GuardActionState.REQUESTED,
    reason: 'a bridge looks odd',
    chainId: HOME,
    peerChainId: MIRROR,
    transport: TransportKind.CCIP,
    holdSeconds: null,
    limit: null,
    role: null,
    account: null,
    asset: null,
    amount: null,
    licence: null,
    policy: null,
    consentNonce: null,
    preparedCalls: [],
    effectBlock: null,
    ownersRoot: null,
    waitingFor: null,
    failure: null,
    createdAt: new Date('2026-11-01T00:00:00Z'),
    ...over,
  };
}

export function sampleSale({ id, projectId, registryId }: Work, over: Partial<Sale> = {}): Sale {
  return {
    id: saleIdSchema.parse(randomUUID()),
    projectId,
    registryId,
    workId: id,
    state: SaleState.FINAL,
    venue: SaleVenue.SEAPORT,
    orderHash: `0x${'4'.repeat(64)}`,
    seller: HOLDER,
    buyer: HOLDER,
    asset: moneyIdSchema.parse(`${HOME}/slip44:60`),
    price: '1000',
    bundled: false,
    marks: [],
    policyRevision: 0,
    ground: Ground.PROVEN,
    verdict: Verdict.EXACT,
    expected: '50',
    paid: '50',
    dueAt: null,
    soldAt: new Date('2026-11-01T00:00:00Z'),
    evidence: {
      chainId: HOME,
      blockNumber: '7',
      blockHash: `0x${'5'.repeat(64)}`,
      transactionHash: `0x${'6'.repeat(64)}`,
      logPlace: 0,
    },
    createdAt: new Date('2026-11-01T00:00:00Z'),
    ...over,
  };
}

export function sampleSettlement({ id }: Registry, over: Partial<Settlement> = {}): Settlement {
  return {
    id: settlementIdSchema.parse(randomUUID()),
    registryId: id,
    state: SettlementState.REQUESTED,
    provisional: false,
    sourceChainId: MIRROR,
    destinationChainId: HOME,
    asset: erc20MoneyId(MIRROR, '0x52908400098527886E0F7030069857D2E4169EE7'),
    laneChoice: LaneChoice.CHEAPEST,
    route: null,
    credits: [],
    amount: '0',
    feeWei: null,
    approvalReason: null,
    approvals: [],
    messageId: null,
    sourceTransactionHash: null,
    destinationTransactionHash: null,
    failure: null,
    waitingFor: null,
    createdAt: new Date('2026-11-01T00:00:00Z'),
    stateSince: new Date('2026-11-01T00:00:00Z'),
    ...over,
  };
}
