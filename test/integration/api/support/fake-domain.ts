import type { Services } from '../../../../api/services';
import { NotFoundError } from '../../../../domain/not-found-error';
import type { ProjectService } from '../../../../domain/registry/project-service';
import type { NodeType } from '../../../../schema/global-id';
import type { TenantId } from '../../../../schema/ids';
import type { WithdrawAttribution } from '../../../../schema/inputs/sale';
import type { Page } from '../../../../schema/types/connection';
import type { Dispatch, PreparedSend } from '../../../../schema/types/dispatch';
import type { GuardAction } from '../../../../schema/types/guard-action';
import type { LicenceOffer } from '../../../../schema/types/licence';
import type { ProvenanceEvent } from '../../../../schema/types/provenance';
import type { Registry } from '../../../../schema/types/registry';
import type { PaymentAttribution, Sale, SalePayment } from '../../../../schema/types/sale';
import type { Settlement, SettlementRule } from '../../../../schema/types/settlement';
import type { Work } from '../../../../schema/types/work';
import {
  HOLDER,
  sampleDispatch,
  sampleGuardAction,
  sampleLicence,
  sampleRegistry,
  sampleSettlement,
  sampleWork,
} from './samples';

/** One tenant-walled table in memory. */
class FakeRows<Row extends { id: string }> {
  private readonly rows = new Map<string, { tenantId: TenantId; row: Row }>();
  /** How often it was read: by id, as a batch, as a page. */
  reads = 0;

  constructor(private readonly type: NodeType) {}

  put(tenantId: TenantId, row: Row): Row {
    this.rows.set(row.id, { tenantId, row });
    return row;
  }

  async get(tenantId: TenantId, id: Row['id']): Promise<Row> {
    const [row] = await this.findByIds(tenantId, [id]);
    if (row === undefined) throw new NotFoundError(this.type, id);
    return row;
  }

  async findByIds(tenantId: TenantId, ids: readonly Row['id'][]): Promise<Row[]> {
    this.reads += 1;
    return this.of(tenantId).filter(({ id }) => ids.includes(id));
  }

  of(tenantId: TenantId): Row[] {
    return [...this.rows.values()].filter((entry) => entry.tenantId === tenantId).map(({ row }) => row);
  }
}

export function onePage<Row extends object>(rows: readonly Row[]): Page<Row> {
  const edges = rows.map((node, index) => ({ node, cursor: String(index) }));
  const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
  return { edges, pageInfo, totalCount: rows.length };
}

/** The services that reach chains. */
export type FakeServices = Omit<
  Services,
  | 'tenancy'
  | 'authorityEpochs'
  | 'tenants'
  | 'managedTenants'
  | 'plans'
  | 'usage'
  | 'deletions'
  | 'exports'
  | 'audit'
  | 'apiKeys'
  | 'members'
  | 'sessions'
  | 'passwords'
  | 'wallets'
  | 'oidc'
  | 'signingKeys'
  | 'feeLimits'
  | 'rpcEndpoints'
  | 'projects'
  | 'policies'
  | 'artistConsents'
  | 'walletChanges'
  | 'ledger'
  | 'licenceTemplates'
  | 'idempotency'
  | 'webhookEndpoints'
  | 'webhookDeliveries'
>;

/** Stands in for the services that reach chains, for what the API itself must do right around them. */
export class FakeDomain {
  readonly registries = new FakeRows<Registry>('Registry');
  readonly works = new FakeRows<Work>('Work');
  readonly dispatches = new FakeRows<Dispatch>('Dispatch');
  readonly sales = new FakeRows<Sale>('Sale');
  readonly guardActions = new FakeRows<GuardAction>('GuardAction');
  readonly settlements = new FakeRows<Settlement>('Settlement');
  /** Every call of a method that changes something, by name. */
  readonly calls: string[] = [];
  /** Set to make the next read of a work fail as a bug would. */
  bug: Error | undefined;

  readonly stateOnChains: Services['policies']['stateOnChains'] = async (tenantId, { registryId }) => {
    const registry = await this.registries.get(tenantId, registryId);
    this.calls.push('policies.stateOnChains');
    return [this.guardActions.put(tenantId, sampleGuardAction(registry))];
  };

  readonly setOft: Services['remittanceOfts']['set'] = async (tenantId, { registryId }) => {
    const registry = await this.registries.get(tenantId, registryId);
    this.calls.push('remittanceOfts.set');
    return this.guardActions.put(tenantId, sampleGuardAction(registry));
  };

  /** @param projects - The real ones, which a registry must belong to. */
  services(projects: ProjectService): FakeServices {
    return {
      registries: this.registryService(projects),
      mints: this.mintService(),
      consents: this.consentService(),
      adoptions: this.adoptionService(),
      works: this.workService(),
      dispatches: this.dispatchService(),
      guard: this.guardService(),
      licences: this.licenceService(),
      ownerConsents: {
        prepare: async (tenantId, { change }) => {
          const { owner } = await this.registries.get(tenantId, change.registryId);
          this.calls.push('ownerConsents.prepare');
          return { owner, nonce: `0x${'0'.repeat(64)}`, deadline: '1', typedData: '{}' };
        },
      },
      royaltyTerms: {
        onChains: async (tenantId, registryId) => {
          await this.registries.get(tenantId, registryId);
          return [];
        },
      },
      settlements: this.settlementService(),
      remittanceOfts: { set: this.setOft },
      reconciliations: {
        reconcile: async (tenantId, registryId) => {
          await this.registries.get(tenantId, registryId);
          return [];
        },
      },
      lanes: {
        lanes: async (tenantId, registryId) => {
          await this.registries.get(tenantId, registryId);
          return [];
        },
      },
      provenance: {
        page: async (tenantId, workId) => {
          await this.works.get(tenantId, workId);
          return onePage<ProvenanceEvent>([]);
        },
      },
      chains: { all: async () => [] },
      sales: {
        findByIds: (tenantId, ids) => this.sales.findByIds(tenantId, ids),
        page: async (tenantId) => onePage(this.sales.of(tenantId)),
        payments: async () => new Map(),
        suspendedPayments: async () => onePage<SalePayment>([]),
      },
      attributions: {
        attribute: (tenantId, input) => this.attribution(tenantId, input, 'attributions.attribute'),
        withdraw: (tenantId, input) => this.attribution(tenantId, input, 'attributions.withdraw'),
      },
      markets: {
        market: async (tenantId, of) => {
          if ('workId' in of) await this.works.get(tenantId, of.workId);
          else await projects.get(tenantId, of.projectId);
          return { lastSale: null, volumes: [], leftOut: 0, holderCount: 0, holders: [] };
        },
      },
    };
  }

  private async attribution(
    tenantId: TenantId,
    { paymentId, saleId }: WithdrawAttribution,
    call: string,
  ): Promise<PaymentAttribution> {
    await this.sales.get(tenantId, saleId);
    this.calls.push(call);
    const told = { amount: '5', settled: '5', reason: 'by hand', standing: true, attributedAt: new Date(0) };
    return { paymentId, saleId, ...told };
  }

  private registryService(projects: ProjectService): Services['registries'] {
    return {
      get: (tenantId, id) => this.registries.get(tenantId, id),
      findByIds: (tenantId, ids) => this.registries.findByIds(tenantId, ids),
      page: async (tenantId) => onePage(this.registries.of(tenantId)),
      create: async (tenantId, { projectId, name }) => {
        await projects.get(tenantId, projectId);
        this.calls.push('registries.create');
        return this.registries.put(tenantId, sampleRegistry(projectId, { name }));
      },
      adopt: async (tenantId, { projectId, name, collection }) => {
        await projects.get(tenantId, projectId);
        this.calls.push('registries.adopt');
        return this.registries.put(tenantId, sampleRegistry(projectId, { name, adopted: collection }));
      },
    };
  }

  private adoptionService(): Services['adoptions'] {
    return {
      adopt: async (tenantId, { registryId, tokenIds }) => {
        const registry = await this.registries.get(tenantId, registryId);
        this.calls.push('adoptions.adopt');
        return tokenIds.map(() => this.works.put(tenantId, sampleWork(registry)));
      },
      posture: async () => ({ owner: HOLDER, implementation: null, proxyAdmin: null, codeChanged: false }),
    };
  }

  private mintService(): Services['mints'] {
    return {
      mint: async (tenantId, { registryId, works }) => {
        const registry = await this.registries.get(tenantId, registryId);
        this.calls.push('mints.mint');
        return works.map(({ to }) => this.works.put(tenantId, sampleWork(registry, { holder: to })));
      },
    };
  }

  private consentService(): Services['consents'] {
    return {
      prepare: async (tenantId, { registryId, count }) => {
        await this.registries.get(tenantId, registryId);
        this.calls.push('consents.prepare');
        const prepared = { nonce: '', document: {}, documentHash: '0x', artist: HOLDER, typedData: '{}' };
        return Array.from({ length: count }, () => prepared);
      },
    };
  }

  private workService(): Services['works'] {
    return {
      get: async (tenantId, id) => {
        const { bug } = this;
        this.bug = undefined;
        if (bug !== undefined) throw bug;
        return this.works.get(tenantId, id);
      },
      findByIds: (tenantId, ids) => this.works.findByIds(tenantId, ids),
      page: async (tenantId) => onePage(this.works.of(tenantId)),
      updateMetadata: async (tenantId, { workId, metadata }) => {
        const work = await this.works.get(tenantId, workId);
        this.calls.push('works.updateMetadata');
        return { work: this.works.put(tenantId, { ...work, metadata }), dispatches: [] };
      },
    };
  }

  private dispatchService(): Services['dispatches'] {
    return {
      get: (tenantId, id) => this.dispatches.get(tenantId, id),
      findByIds: (tenantId, ids) => this.dispatches.findByIds(tenantId, ids),
      page: async (tenantId, _request, filter) =>
        onePage(
          this.dispatches
            .of(tenantId)
            .filter(({ workId }) => filter?.workId == null || filter.workId === workId),
        ),
      send: async (tenantId, { workId }) => {
        const work = await this.works.get(tenantId, workId);
        this.calls.push('dispatches.send');
        return this.dispatches.put(tenantId, sampleDispatch(work));
      },
      prepareSend: async (tenantId, { workId, destinationChainId }): Promise<PreparedSend> => {
        await this.works.get(tenantId, workId);
        this.calls.push('dispatches.prepareSend');
        return {
          chainId: destinationChainId,
          transport: 'CCIP',
          to: `0x${'0'.repeat(40)}`,
          data: '0x',
          valueWei: '1',
          permitTypedData: '{}',
          permitDeadline: '1',
          escrowApproval: null,
        };
      },
      retry: async (tenantId, id) => {
        const dispatch = await this.dispatches.get(tenantId, id);
        this.calls.push('dispatches.retry');
        return dispatch;
      },
    };
  }

  private licenceService(): Services['licences'] {
    const act =
      (name: string) =>
      async (tenantId: TenantId, { registryId }: { readonly registryId: Registry['id'] }) => {
        const registry = await this.registries.get(tenantId, registryId);
        this.calls.push(`licences.${name}`);
        return this.guardActions.put(tenantId, sampleGuardAction(registry));
      };
    return {
      offer: act('offer'),
      withdrawOffer: act('withdrawOffer'),
      grant: act('grant'),
      revoke: act('revoke'),
      prepareBuy: async (tenantId, { registryId }) => {
        await this.registries.get(tenantId, registryId);
        this.calls.push('licences.prepareBuy');
        return [];
      },
      replicate: async (tenantId, { registryId }) => {
        const registry = await this.registries.get(tenantId, registryId);
        this.calls.push('licences.replicate');
        return sampleLicence(registry);
      },
      isLicensed: async (tenantId, { registryId }) => {
        const { homeChainId } = await this.registries.get(tenantId, registryId);
        return [{ chainId: homeChainId, licensed: true }];
      },
      offers: async () => onePage<LicenceOffer>([]),
      licences: async (tenantId) => onePage(this.registries.of(tenantId).map(sampleLicence)),
    };
  }

  private settlementService(): Services['settlements'] {
    const rules = new Map<TenantId, SettlementRule>();
    return {
      get: (tenantId, id) => this.settlements.get(tenantId, id),
      findByIds: (tenantId, ids) => this.settlements.findByIds(tenantId, ids),
      page: async (tenantId) => onePage(this.settlements.of(tenantId)),
      request: async (tenantId, { registryId }) => {
        const registry = await this.registries.get(tenantId, registryId);
        this.calls.push('settlements.request');
        return [this.settlements.put(tenantId, sampleSettlement(registry))];
      },
      approve: async (tenantId, _memberId, { settlementId }) => {
        const settlement = await this.settlements.get(tenantId, settlementId);
        this.calls.push('settlements.approve');
        return settlement;
      },
      cancel: async (tenantId, { settlementId }) => {
        const settlement = await this.settlements.get(tenantId, settlementId);
        this.calls.push('settlements.cancel');
        return settlement;
      },
      setRule: async (tenantId, rule) => {
        this.calls.push('settlements.setRule');
        rules.set(tenantId, rule);
        return rule;
      },
      rules: async (tenantId) => [rules.get(tenantId)].filter((rule) => rule !== undefined),
    };
  }

  private guardService(): Services['guard'] {
    const act = (tenantId: TenantId, name: string, registry: Registry) => {
      this.calls.push(`guard.${name}`);
      return this.guardActions.put(tenantId, sampleGuardAction(registry));
    };
    const onLane =
      (name: string): Services['guard']['pauseLane'] =>
      async (tenantId, { registryId }) =>
        act(tenantId, name, await this.registries.get(tenantId, registryId));
    const onWork =
      (name: string): Services['guard']['freezeWork'] =>
      async (tenantId, { workId }) => {
        const { registryId } = await this.works.get(tenantId, workId);
        return act(tenantId, name, await this.registries.get(tenantId, registryId));
      };
    const onStatement =
      (name: string): Services['guard']['voidMessage'] =>
      async (tenantId, { dispatchId }) => {
        const { registryId } = await this.dispatches.get(tenantId, dispatchId);
        return act(tenantId, name, await this.registries.get(tenantId, registryId));
      };
    return {
      pauseLane: onLane('pauseLane'),
      resumeLane: onLane('resumeLane'),
      setTravelLimit: async (tenantId, { registryId }) => [
        act(tenantId, 'setTravelLimit', await this.registries.get(tenantId, registryId)),
      ],
      freezeWork: onWork('freezeWork'),
      unfreezeWork: onWork('unfreezeWork'),
      holdStatement: onStatement('holdStatement'),
      releaseStatement: onStatement('releaseStatement'),
      voidMessage: onStatement('voidMessage'),
      retireChain: async (tenantId, { registryId }) =>
        act(tenantId, 'retireChain', await this.registries.get(tenantId, registryId)),
      setRegistryRole: async (tenantId, { registryId }) =>
        act(tenantId, 'setRegistryRole', await this.registries.get(tenantId, registryId)),
      ownersFiles: async () => [],
      findByIds: (tenantId, ids) => this.guardActions.findByIds(tenantId, ids),
      page: async (tenantId) => onePage(this.guardActions.of(tenantId)),
    };
  }
}
