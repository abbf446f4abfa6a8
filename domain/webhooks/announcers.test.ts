import { randomUUID } from 'node:crypto';
import type { Hex } from 'viem';
import { chainIdSchema } from '../../schema/caip';
import {
  dispatchIdSchema,
  projectIdSchema,
  registryIdSchema,
  tenantIdSchema,
  workIdSchema,
} from '../../schema/ids';
import { DispatchState } from '../../schema/types/dispatch';
import type { Registry } from '../../schema/types/registry';
import type { Work } from '../../schema/types/work';
import { isEventPattern, WEBHOOK_EVENT_TYPES, wantsEvent } from '../../schema/webhook-events';
import type { TenantTx } from '../../tenants/tenant-database';
import type { DispatchRecord } from '../dispatch/dispatch-record';
import { historyKind } from '../provenance/provenance-entry';
import { REGISTRY_EVENTS, type RegistryEvent, type RegistryEventName } from '../provenance/registry-event';
import type { Announcement } from './announcement';
import { clip } from './clip';
import { cloudEventBody } from './cloud-event';
import { dispatchAnnouncements } from './dispatch-announcer';
import { LicenceAnnouncer } from './licence-announcer';
import { WORK_EVENT_TYPES, WorkAnnouncer } from './work-announcer';

const HOME = chainIdSchema.parse('eip155:11155111');
const MIRROR = chainIdSchema.parse('eip155:84532');
const DOCUMENT: Hex = `0x${'d'.repeat(64)}`;

/** Short form: type and how it stands. */
const told = (announcements: readonly Announcement[]) =>
  announcements.map((one) => `${one.type} ${'standing' in one ? one.standing : 'happened'}`);

describe('a dispatch that enters', () => {
  const entering = (state: DispatchState, digest: string | null = null) => {
    const ids = { id: dispatchIdSchema.parse(randomUUID()), workId: workIdSchema.parse(randomUUID()) };
    // CAST: only what is announced is filled in.
    const dispatch = {
      ...ids,
      registryId: ids.id,
      state,
      digest,
      failure: null,
    } as unknown as DispatchRecord;
    return told(dispatchAnnouncements(dispatch));
  };
  const gone = ['dispatch.delivered absent', 'dispatch.sent absent'];

  test.each([
    ['REQUESTED', null, [...gone, 'dispatch.requested happened']],
    ['SUBMITTED', null, [...gone, 'dispatch.submitted happened']],
    ['SENT', '0x1', ['dispatch.delivered absent', 'dispatch.sent provisional']],
    ['SOURCE_FINAL', '0x1', ['dispatch.delivered absent', 'dispatch.sent final']],
    ['DELIVERED', '0x1', ['dispatch.delivered provisional']],
    ['CONFIRMED', '0x1', ['dispatch.sent final', 'dispatch.delivered final']],
    ['HELD', null, [...gone, 'dispatch.held happened']],
    ['HELD', '0x1', ['dispatch.delivered absent', 'dispatch.held happened']],
    ['FAILED', null, [...gone, 'dispatch.failed happened']],
    ['FAILED', '0x1', ['dispatch.delivered absent', 'dispatch.failed happened']],
    ['VOIDED', null, [...gone, 'dispatch.voided happened']],
    ['VOIDED', '0x1', ['dispatch.delivered absent', 'dispatch.voided happened']],
  ] as const)('%s (digest %s) tells %j', (state, digest, expected) => {
    expect(entering(state, digest)).toEqual(expected);
  });

  test('any state tells something', () => {
    for (const state of Object.values(DispatchState)) expect(entering(state)).not.toEqual([]);
  });
});

describe('the works of a projection', () => {
  const registry = { id: registryIdSchema.parse(randomUUID()) };
  const work = {
    id: workIdSchema.parse(randomUUID()),
    projectId: projectIdSchema.parse(randomUUID()),
    registryId: registry.id,
    documentHash: DOCUMENT,
    tokenId: '7',
  };

  function event(name: RegistryEventName, block: number, over: Partial<RegistryEvent> = {}): RegistryEvent {
    return {
      chainId: HOME,
      blockNumber: block,
      logIndex: 0,
      blockHash: `0x${String(block).padStart(64, '0')}`,
      transactionHash: `0x${'1'.repeat(64)}`,
      name,
      tokenId: '7',
      digest: null,
      args: name === 'WorkMinted' ? { documentHash: DOCUMENT } : {},
      final: false,
      ...over,
    };
  }

  async function announced(
    present: RegistryEvent[],
    change: { touched: RegistryEvent[]; fallen?: RegistryEvent[]; tokenId?: string | null },
  ): Promise<string[]> {
    const published: Announcement[] = [];
    const publisher = {
      hasAudience: async () => true,
      publish: async (_tx: TenantTx, announcements: readonly Announcement[]) => {
        published.push(...announcements);
      },
    };
    // CAST: doubles of the two ports, and rows of which only what is announced is filled in.
    const announcer = new WorkAnnouncer(
      ...([publisher, { find: async () => present }] as unknown as ConstructorParameters<
        typeof WorkAnnouncer
      >),
    );
    const tokenId = change.tokenId === undefined ? work.tokenId : change.tokenId;
    await announcer.projected({ tenantId: tenantIdSchema.parse(randomUUID()) } as TenantTx, {
      registry: registry as Registry,
      works: [{ ...work, tokenId } as Work],
      touched: change.touched,
      fallen: change.fallen ?? [],
    });
    return told(published);
  }

  test('are told of what is new and what became final, and of nothing else', async () => {
    const minted = event('WorkMinted', 1);
    const final = { ...minted, final: true };
    const transferred = event('Transfer', 2);
    expect(await announced([minted], { touched: [minted] })).toEqual(['work.minted provisional']);
    expect(await announced([final, transferred], { touched: [minted, final] })).toEqual([
      'work.minted final',
    ]);
  });

  test('take back what fell, the last first, though the mint fell with it', async () => {
    const [minted, departed] = [event('WorkMinted', 1), event('WorkDeparted', 2, { args: { hop: '1' } })];
    const change = { touched: [minted, departed], fallen: [minted, departed], tokenId: null };
    expect(await announced([], change)).toEqual(['work.departed absent', 'work.minted absent']);
  });

  test('have causes told before effects, whatever the chains’ order', async () => {
    const departed = event('WorkDeparted', 9, { chainId: MIRROR, args: { hop: '2' } });
    const arrived = event('WorkArrived', 3, { args: { hop: '2' } });
    expect(await announced([arrived, departed], { touched: [arrived, departed] })).toEqual([
      'work.departed provisional',
      'work.arrived provisional',
    ]);
  });

  test('have an effect told that is seen before its cause', async () => {
    const arrived = event('WorkArrived', 3, { args: { hop: '2' } });
    expect(await announced([arrived], { touched: [arrived] })).toEqual(['work.arrived provisional']);
  });

  test('are told nothing of other works, nor of events that no history shows', async () => {
    const other = event('WorkMinted', 1, { tokenId: '8', args: { documentHash: `0x${'e'.repeat(64)}` } });
    const sent = event('StatementSent', 2);
    expect(await announced([other, sent], { touched: [other, sent] })).toEqual([]);
  });

  test('are told anew of what was recorded otherwise than it is', async () => {
    const lied = event('Transfer', 2, { args: { to: '0xa' } });
    const [minted, transferred] = [
      { ...event('WorkMinted', 1), final: true },
      { ...lied, args: { to: '0xb' }, final: true },
    ];
    const change = { touched: [lied, transferred], fallen: [lied] };
    expect(await announced([minted, transferred], change)).toEqual([
      'work.transferred absent',
      'work.transferred final',
    ]);
  });

  test('announce every event that enters a history', () => {
    const inHistory = REGISTRY_EVENTS.filter((name) => historyKind(event(name, 1)) !== undefined);
    expect(Object.keys(WORK_EVENT_TYPES).sort()).toEqual([...inHistory].sort());
  });
});

describe('the licences of a projection', () => {
  const registry = {
    id: registryIdSchema.parse(randomUUID()),
    projectId: projectIdSchema.parse(randomUUID()),
  };
  const bought = {
    chainId: HOME,
    blockNumber: 1,
    logIndex: 0,
    blockHash: DOCUMENT,
    transactionHash: DOCUMENT,
    name: 'LicenceBought',
    tokenId: null,
    digest: null,
    args: { grantId: '1' },
    final: false,
  } as const satisfies RegistryEvent;
  const final = { ...bought, final: true };

  async function announced(touched: RegistryEvent[], fallen: RegistryEvent[]): Promise<string[]> {
    const published: Announcement[] = [];
    const publisher = {
      hasAudience: async () => true,
      publish: async (_tx: TenantTx, announcements: readonly Announcement[]) => {
        published.push(...announcements);
      },
    };
    // CAST: a double of the port, and a registry of which only what is announced is filled in.
    const announcer = new LicenceAnnouncer(publisher as never);
    const change = { registry: registry as Registry, works: [], touched, fallen };
    await announcer.projected({ tenantId: tenantIdSchema.parse(randomUUID()) } as TenantTx, change);
    return told(published);
  }

  test('are told of what became final, of what fell, and anew of what was recorded otherwise than it is', async () => {
    expect(await announced([bought, final], [])).toEqual(['licence.bought final']);
    expect(await announced([bought], [bought])).toEqual(['licence.bought absent']);
    const right = { ...final, args: { grantId: '2' } };
    expect(await announced([bought, right], [bought])).toEqual([
      'licence.bought absent',
      'licence.bought final',
    ]);
  });
});

describe('event types', () => {
  test('are asked for one by one, by family, or all', () => {
    expect(
      WEBHOOK_EVENT_TYPES.filter((type) => wantsEvent(['work.*'], type)).every((type) =>
        type.startsWith('work.'),
      ),
    ).toBe(true);
    expect(WEBHOOK_EVENT_TYPES.filter((type) => wantsEvent(['work.minted'], type))).toEqual(['work.minted']);
    expect(WEBHOOK_EVENT_TYPES.filter((type) => wantsEvent(['*'], type))).toEqual([...WEBHOOK_EVENT_TYPES]);
  });

  test.each(['', 'work', 'work.', 'work.sold', '*.minted', 'w*', 'report.*', 'Work.*'])(
    '%j is none',
    (pattern) => {
      expect(isEventPattern(pattern)).toBe(false);
    },
  );
});

test('a body beyond the limit goes out without its data, and says so', () => {
  const identity = {
    tenantId: tenantIdSchema.parse(randomUUID()),
    id: randomUUID() as never,
    at: new Date(),
    priorId: undefined,
  };
  const content = { type: 'work.minted', finality: 'final', subject: 'x' } as const;
  const body = cloudEventBody({ ...content, data: { text: 'ü'.repeat(40_000) } }, identity);
  expect(JSON.parse(body)).toMatchObject({ type: 'work.minted', data: { omitted: true } });
});

test('a long text is cut without halving a character', () => {
  expect(clip('short')).toBe('short');
  const cut = clip(`${'x'.repeat(998)}😀😀`);
  expect(cut).toBe(`${'x'.repeat(998)}…`);
});
