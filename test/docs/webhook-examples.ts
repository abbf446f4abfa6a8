import { ExportTooLargeError } from '../../domain/export/export-errors';
import type { EventArgs, RegistryEvent, RegistryEventName } from '../../domain/provenance/registry-event';
import type { Announcement } from '../../domain/webhooks/announcement';
import { cloudEventBody, type EventContent } from '../../domain/webhooks/cloud-event';
import { dispatchAnnouncements } from '../../domain/webhooks/dispatch-announcer';
import { announceLicence, LICENCE_EVENT_TYPES } from '../../domain/webhooks/licence-announcer';
import { registryAnnouncement } from '../../domain/webhooks/registry-announcer';
import { walletChangeAnnouncement } from '../../domain/webhooks/royalty-announcer';
import { saleAnnouncement, unpaidAnnouncement } from '../../domain/webhooks/sale-announcer';
import { settlementAnnouncements } from '../../domain/webhooks/settlement-announcer';
import {
  exportFailed,
  exportReady,
  quotaWarning,
  tenantResumed,
  tenantSuspended,
  webhookDisabled,
  webhookTest,
} from '../../domain/webhooks/tenant-events';
import { announce, WORK_EVENT_TYPES } from '../../domain/webhooks/work-announcer';
import { accountIdSchema, chainIdSchema } from '../../schema/caip';
import {
  dispatchIdSchema,
  exportIdSchema,
  projectIdSchema,
  registryIdSchema,
  saleIdSchema,
  settlementIdSchema,
  tenantIdSchema,
  webhookEndpointIdSchema,
  webhookEventIdSchema,
  workIdSchema,
} from '../../schema/ids';
import { DispatchState } from '../../schema/types/dispatch';
import { RegistryState } from '../../schema/types/registry';
import type { RoyaltyWalletChange } from '../../schema/types/royalty-wallet';
import { SettlementState } from '../../schema/types/settlement';
import type { WebhookEventType } from '../../schema/webhook-events';
import {
  HOLDER,
  sampleDispatch,
  sampleRegistry,
  sampleSale,
  sampleSettlement,
  sampleWork,
} from '../integration/api/support/samples';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const hash = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`;
const ADDRESS = HOLDER.split(':').at(-1) ?? '';
const COLLECTOR = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const TOKEN = '1461501637330902918203684832716283019655932542975';

const tenantId = tenantIdSchema.parse(id(1));
const endpointId = webhookEndpointIdSchema.parse(id(2));
const exportId = exportIdSchema.parse(id(20));
const registry = sampleRegistry(projectIdSchema.parse(id(3)), { id: registryIdSchema.parse(id(4)) });
const work = sampleWork(registry, {
  id: workIdSchema.parse(id(5)),
  tokenId: TOKEN,
});
const WALLET_CHANGE = {
  projectId: registry.projectId,
  number: 1,
  oldWallet: accountIdSchema.parse(`eip155:84532:${COLLECTOR}`),
  newWallet: accountIdSchema.parse(HOLDER),
  requestedAt: new Date('2026-11-01T12:00:00Z'),
  effectiveAt: new Date('2026-11-04T12:00:00Z'),
  endedAt: null,
  appliedRevision: null,
  cancelledBy: null,
};
const walletChanges: readonly RoyaltyWalletChange[] = [
  { ...WALLET_CHANGE, state: 'PENDING' },
  { ...WALLET_CHANGE, state: 'CANCELLED', cancelledBy: 'ARTIST' },
  { ...WALLET_CHANGE, state: 'APPLIED', appliedRevision: 2 },
];
const dispatch = { ...sampleDispatch(work, { id: dispatchIdSchema.parse(id(7)) }), permit: null, attempt: 1 };
const sale = sampleSale(work, { id: saleIdSchema.parse(id(8)) });
const settlement = {
  ...sampleSettlement(registry, {
    id: settlementIdSchema.parse(id(8)),
    route: 'CCIP',
    amount: '123456789',
    credits: [{ payee: HOLDER, claimant: `0x${'0'.repeat(40)}`, amount: '123456789', received: null }],
    feeWei: '1200000000000000',
  }),
  attempt: 1,
  digest: null,
};
const SENT = {
  digest: hash('d'),
  messageId: hash('e'),
  sourceTransactionHash: hash('a'),
  feeWei: '1200000000000000',
};
const FAILURE = {
  code: 'EXECUTION_REVERTED',
  reason: 'The source refused it: CollectionWorkFrozen()',
  nextStep: 'Remove the cause, then call retryDispatch.',
  missingWei: null,
};

/** The arguments of each contract event, as the ABI has them. */
export const WORK_ARGS: { readonly [Name in RegistryEventName]?: EventArgs } = {
  WorkMinted: {
    workId: TOKEN,
    to: ADDRESS,
    edition: '1',
    seed: hash('2'),
    documentHash: hash('1'),
    commitment: hash('3'),
  },
  WorkAdopted: { workId: TOKEN, tokenId: '42', documentHash: hash('1'), holder: ADDRESS },
  WorkDeparted: {
    workId: TOKEN,
    dstChainHash: hash('4'),
    hop: '1',
    holder: ADDRESS,
    to: `0x${ADDRESS.slice(2).toLowerCase().padStart(64, '0')}`,
    nonce: '9',
  },
  WorkArrived: { workId: TOKEN, srcChainHash: hash('6'), hop: '1', holder: ADDRESS, digest: hash('d') },
  WorkRecredited: { workId: TOKEN, hop: '1', holder: ADDRESS, digest: hash('d') },
  WorkReclaimed: { workId: TOKEN, chainHash: hash('4'), hop: '1', holder: ADDRESS },
  WorkHeld: { workId: TOKEN, fallbackTo: ADDRESS },
  ReleaseHeld: { workId: TOKEN, claimant: ADDRESS },
  ReleaseClaimed: { workId: TOKEN, recipient: ADDRESS },
  WorkBurned: { workId: TOKEN, holder: ADDRESS },
  WorkFrozen: { workId: TOKEN },
  WorkUnfrozen: { workId: TOKEN },
  Transfer: { from: ADDRESS, to: COLLECTOR, tokenId: TOKEN },
  RevisionStated: { workId: TOKEN, revision: '1', stateHash: hash('5') },
  RevisionApplied: { workId: TOKEN, revision: '1', stateHash: hash('5') },
};

const GRANT = hash('9');
const GRANT_ARGS: EventArgs = {
  issuerChainHash: hash('4'),
  templateHash: hash('8'),
  holder: ADDRESS,
  serial: '1',
  revision: '1',
  grantedAt: '1793534400',
  expiresAt: '1825070400',
  transferable: false,
  revocable: true,
  revoked: false,
  workIds: TOKEN,
};

/** The arguments of the events of licence books, with the fields of their structs among them. */
export const LICENCE_ARGS: { readonly [Name in RegistryEventName]?: EventArgs } = {
  LicenceOffered: {
    offerId: '0',
    templateHash: hash('8'),
    currency: `0x${'0'.repeat(40)}`,
    price: '10000000000000000',
    termSeconds: '31536000',
    closesAt: '0',
    transferable: false,
    revocable: true,
    workIds: TOKEN,
  },
  OfferWithdrawn: { offerId: '0' },
  LicenceBought: { grantId: GRANT, offerId: '0', buyer: COLLECTOR, ...GRANT_ARGS },
  LicenceTransferred: { grantId: GRANT, from: ADDRESS, to: COLLECTOR, revision: '2' },
  LicenceRevoked: { grantId: GRANT, holder: ADDRESS, reasonHash: hash('7'), revision: '2' },
  GrantApplied: { grantId: GRANT, ...GRANT_ARGS },
};

/** One body of each type, made by what makes the real ones. */
export function webhookExamples(): Map<WebhookEventType, string> {
  const announced: readonly Announcement[] = [
    ...Object.keys(WORK_EVENT_TYPES).map((name) =>
      // CAST: the keys of a record by event name.
      announce(work, contractEvent(name as RegistryEventName), 'provisional'),
    ),
    ...entering(DispatchState.REQUESTED, {}),
    ...entering(DispatchState.SUBMITTED, {}),
    ...entering(DispatchState.SENT, SENT),
    ...entering(DispatchState.DELIVERED, { ...SENT, destinationTransactionHash: hash('b') }),
    ...entering(DispatchState.HELD, {
      failure: { ...FAILURE, code: 'INSUFFICIENT_FUNDS', missingWei: '42' },
    }),
    ...entering(DispatchState.FAILED, { failure: FAILURE }),
    ...entering(DispatchState.VOIDED, { failure: { ...FAILURE, code: 'CONFLICT' } }),
    ...Object.values(RegistryState).map((state) => registryAnnouncement({ ...registry, state })),
    ...Object.keys(LICENCE_EVENT_TYPES).map((name) =>
      // CAST: as above.
      announceLicence(registry, licenceEvent(name as RegistryEventName), 'provisional'),
    ),
    webhookDisabled(tenantId, endpointId, 'The receiver answered 410: it wants no more.'),
    tenantSuspended(tenantId, 'The invoice of October is not paid.'),
    tenantResumed(tenantId),
    quotaWarning(tenantId, {
      quota: 'DISPATCHES_PER_DAY',
      percent: 80,
      limit: 1_000,
      used: 800,
      resetsAt: new Date('2026-11-02T00:00:00Z'),
    }),
  ];
  const contents: EventContent[] = [
    ...announced.map((one) => ({
      ...one,
      finality: 'standing' in one ? ('provisional' as const) : ('final' as const),
    })),
    webhookTest(endpointId),
    { ...saleAnnouncement({ ...sale, state: 'PROVISIONAL' }), finality: 'provisional' },
    ...settling(SettlementState.REQUESTED, { route: null, feeWei: null }),
    ...settling(SettlementState.AWAITING_APPROVAL, { approvalReason: 'OVER_LIMIT' }),
    ...settling(SettlementState.APPROVED, { approvalReason: 'OVER_LIMIT' }),
    ...settling(SettlementState.SENT, SETTLED),
    ...settling(SettlementState.CREDITED, {
      ...SETTLED,
      credits: settlement.credits.map((credit) => ({ ...credit, received: credit.amount })),
      destinationTransactionHash: hash('b'),
    }),
    ...settling(SettlementState.FAILED, {
      route: null,
      feeWei: null,
      failure: {
        code: 'SETTLEMENT_NO_ROUTE',
        reason: 'No bridge carries it: CCIP: NativeHasNoRoute(); LAYERZERO: no OFT moves the token.',
        nextStep: 'It stays credited on eip155:84532, where its payee can withdraw it.',
      },
    }),
    {
      ...unpaidAnnouncement({ ...sale, state: 'FINAL', verdict: 'UNPAID', paid: '0' }),
      finality: 'final' as const,
    },
    {
      ...exportReady(tenantId, {
        id: exportId,
        sha256: hash('c').slice(2),
        expiresAt: new Date('2026-11-04T12:00:00Z'),
      }),
      finality: 'final',
    },
    { ...exportFailed(tenantId, exportId, new ExportTooLargeError(1_073_741_824)), finality: 'final' },
    ...walletChanges.map((change) => ({ ...walletChangeAnnouncement(change), finality: 'final' as const })),
  ];
  return new Map(contents.map((content, index) => [content.type, bodyOf(content, 100 + index)]));
}

function entering(state: DispatchState, over: object): Announcement[] {
  return dispatchAnnouncements({ ...dispatch, ...over, state }).filter(
    (one) => !('standing' in one) || one.standing !== 'absent',
  );
}

const SETTLED = {
  provisional: true,
  digest: hash('d'),
  messageId: hash('e'),
  sourceTransactionHash: hash('a'),
};

function settling(state: SettlementState, over: object): EventContent[] {
  return settlementAnnouncements({ ...settlement, ...over, state }, undefined)
    .filter((one) => !('standing' in one) || one.standing !== 'absent')
    .map((one) => ({ ...one, finality: 'standing' in one ? 'provisional' : 'final' }));
}

function bodyOf(content: EventContent, n: number): string {
  return cloudEventBody(content, {
    tenantId,
    id: webhookEventIdSchema.parse(id(n)),
    at: new Date('2026-11-01T12:00:00Z'),
    priorId: undefined,
  });
}

function licenceEvent(name: RegistryEventName): RegistryEvent {
  return { ...contractEvent(name), tokenId: null, args: LICENCE_ARGS[name] ?? {} };
}

function contractEvent(name: RegistryEventName): RegistryEvent {
  return {
    chainId: chainIdSchema.parse('eip155:11155111'),
    blockNumber: 8_000_000,
    logIndex: 3,
    blockHash: hash('b'),
    transactionHash: hash('a'),
    name,
    tokenId: TOKEN,
    digest: null,
    args: WORK_ARGS[name] ?? {},
    final: false,
  };
}
