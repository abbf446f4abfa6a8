import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import pino, { type Logger } from 'pino';
import { generatePrivateKey } from 'viem/accounts';
import WebSocket from 'ws';
import { z } from 'zod';
import { startApi } from '../../../../api/api';
import { apiConfigSchema, serveConfigShape } from '../../../../api/config';
import { CursorSigner } from '../../../../api/cursors/cursor-signer';
import { serve } from '../../../../api/serve';
import { ChainTable } from '../../../../chains/chain-table';
import type { KmsKeys } from '../../../../chains/signers/kms-keys';
import type { Signers } from '../../../../chains/signers/signers';
import type { ComparedChains } from '../../../../chains/transactions/chain-access';
import { AuditTrail } from '../../../../domain/audit/audit-trail';
import { DeletionService } from '../../../../domain/erasure/deletion-service';
import { TombstoneRepository } from '../../../../domain/erasure/tombstone-repository';
import { ArchiveStore, CHUNK_BYTES } from '../../../../domain/export/archive-store';
import { ExportRepository } from '../../../../domain/export/export-repository';
import { ExportService } from '../../../../domain/export/export-service';
import { IdempotencyRepository } from '../../../../domain/idempotency/idempotency-repository';
import { IdempotencyService } from '../../../../domain/idempotency/idempotency-service';
import { LedgerReader } from '../../../../domain/ledger/ledger-reader';
import { LedgerService } from '../../../../domain/ledger/ledger-service';
import { LicenceTemplateRepository } from '../../../../domain/licensing/template-repository';
import { LicenceTemplateService } from '../../../../domain/licensing/template-service';
import { OutboxRepository } from '../../../../domain/outbox/outbox-repository';
import { Challenges } from '../../../../domain/people/challenges';
import { composePeople } from '../../../../domain/people/compose-people';
import { composePeopleStores } from '../../../../domain/people/people-stores';
import { ProjectRepository } from '../../../../domain/registry/project-repository';
import { ProjectService } from '../../../../domain/registry/project-service';
import { OwnChains } from '../../../../domain/rpc/own-chains';
import { RpcEndpointRepository } from '../../../../domain/rpc/rpc-endpoint-repository';
import { RpcEndpointService } from '../../../../domain/rpc/rpc-endpoint-service';
import { FeeLimitService } from '../../../../domain/signing/fee-limit-service';
import { SigningKeyRepository } from '../../../../domain/signing/signing-key-repository';
import { SigningKeyService } from '../../../../domain/signing/signing-key-service';
import { ApiKeyRepository } from '../../../../domain/tenancy/api-key-repository';
import { ApiKeyService } from '../../../../domain/tenancy/api-key-service';
import { ManagedTenantRepository } from '../../../../domain/tenancy/managed-tenant-repository';
import { ManagedTenantService } from '../../../../domain/tenancy/managed-tenant-service';
import { PlanRepository } from '../../../../domain/tenancy/plan-repository';
import { PlanService } from '../../../../domain/tenancy/plan-service';
import { QuotaRepository } from '../../../../domain/tenancy/quota-repository';
import { RequestCountRepository } from '../../../../domain/tenancy/request-counts';
import { TenancyService } from '../../../../domain/tenancy/tenancy-service';
import { TenantService } from '../../../../domain/tenancy/tenant-service';
import { UsageRepository } from '../../../../domain/tenancy/usage-repository';
import { UsageService } from '../../../../domain/tenancy/usage-service';
import { WorkerPoolRepository } from '../../../../domain/tenancy/worker-pool-repository';
import { ReceiverPolicy } from '../../../../domain/webhooks/receiver-policy';
import { encodeGlobalId } from '../../../../schema/global-id';
import type { TenantId } from '../../../../schema/ids';
import type { MemberRole } from '../../../../schema/roles';
import { SCOPES, type Scope } from '../../../../schema/scopes';
import { openDataSource } from '../../../../tenants/data-source';
import { SecretBox } from '../../../../tenants/secrets/secret-box';
import { SecretVault } from '../../../../tenants/secrets/secret-vault';
import { SystemDatabase } from '../../../../tenants/system-database';
import { TenantDatabase } from '../../../../tenants/tenant-database';
import { unreachableChain } from '../../../support/chain-entry';
import { publicKeyDer } from '../../../support/kms-stand-in';
import { policyServices } from '../../../support/policy-services';
import { withClient } from '../../../support/template-database';
import { createTestDatabase, type TestDatabase } from '../../../support/test-database';
import { webhookServices } from '../../../support/webhook-services';
import type { FakeDomain } from './fake-domain';
import { HOLDER, HOME, SAMPLE_MANIFEST_HASH } from './samples';

/** A GraphQL answer, as far as tests look into it. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: tests assert the shape that they asked for.
  readonly data?: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: {
      readonly code: string;
      readonly retryable?: boolean;
      readonly field?: string;
      readonly requestId?: string;
    };
  }[];
}

export interface TestTenant {
  readonly tenantId: TenantId;
  readonly apiKey: string;
}

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

type Start = (settings: Settings, logger: Logger) => Promise<Running>;
type Settings = Readonly<Record<string, string>>;

/** Of the page where the tests' people sign in. */
export const CONSOLE_ORIGIN = 'https://console.example';

export const TEST_PASSWORD = 'the tide comes in at seven';

/** A person who is signed in. */
export interface TestMember {
  readonly memberId: string;
  readonly sessionId: string;
  readonly token: string;
}
const unchanged = (url: string) => url;
const noAccount = () => Promise.reject(new Error('no chain, so no account'));
/** Only contract wallets are asked for on their chains. */
const NO_CHAINS: ComparedChains = {
  get: () => {
    throw new Error('no chain, so no access');
  },
};
const NO_ACCOUNTS: Signers = { accountFor: noAccount, accountOf: noAccount };
/** Has one key, under every name. */
const LOCAL_KMS: KmsKeys = {
  publicKey: async () => publicKeyDer(KMS_KEY),
  sign: noAccount,
};
const KMS_KEY = generatePrivateKey();

/** Nothing is sent to a chain here, so nobody asks for its access. */
function rpcEndpointService(tenants: TenantDatabase): RpcEndpointService {
  const chains = ChainTable.parse([unreachableChain(HOME, 1)]);
  const endpoints = new RpcEndpointRepository(new SecretBox([randomBytes(32)]));
  const policy = new ReceiverPolicy({ allowLoopback: true });
  const own = new OwnChains(NO_CHAINS, tenants, endpoints, chains, policy);
  return new RpcEndpointService(tenants, endpoints, own, chains, policy);
}

/** The API over real HTTP and WebSockets, on a database of its own. */
export class TestApi {
  private constructor(
    readonly database: TestDatabase,
    readonly url: string,
    readonly operatorKey: string,
    /** Every line that the server logged, parsed. */
    readonly logs: readonly Record<string, unknown>[],
    private readonly tenancy: TenancyService,
    private readonly apiKeys: ApiKeyService,
    readonly stop: () => Promise<void>,
  ) {}

  /**
   * With services in place of those that reach chains.
   *
   * @param via - Where the API is to find its database, by the database's own URL.
   */
  static async start(domain: FakeDomain, settings: Settings = {}, via = unchanged): Promise<TestApi> {
    const start: Start = async (env, logger) => {
      const config = z.object({ ...serveConfigShape, APP_DATABASE_URL: z.url() }).parse(env);
      const app = await openDataSource({
        url: config.APP_DATABASE_URL,
        poolSize: 5,
        applicationName: 'test',
        pipelined: true,
      });
      const system = await openDataSource({
        url: config.SYSTEM_DATABASE_URL,
        poolSize: 5,
        applicationName: 'test',
      });
      const tenants = new TenantDatabase(app);
      const systemDatabase = new SystemDatabase(system);
      const { quotas, publisher, ...webhooks } = webhookServices(tenants);
      const projects = new ProjectService(tenants, new ProjectRepository(), quotas);
      const { policies, artistConsents, walletChanges } = policyServices(tenants, {
        knowsChain: (chainId) => chainId === HOME,
      });
      const people = composePeopleStores(new SecretBox([randomBytes(32)]));
      const services = {
        ...domain.services(projects),
        projects,
        policies: {
          set: policies.set.bind(policies),
          all: policies.all.bind(policies),
          stateOnChains: domain.stateOnChains,
        },
        artistConsents,
        walletChanges,
        ledger: new LedgerService(tenants, new LedgerReader()),
        licenceTemplates: new LicenceTemplateService(tenants, new LicenceTemplateRepository()),
        ...webhooks,
        managedTenants: new ManagedTenantService(
          { tenants, system: systemDatabase },
          new ManagedTenantRepository(),
          new WorkerPoolRepository(),
          publisher,
        ),
        plans: new PlanService(systemDatabase, new PlanRepository()),
        usage: new UsageService(
          tenants,
          new QuotaRepository(),
          new UsageRepository(),
          systemDatabase,
          new RequestCountRepository(),
        ),
        ...composePeople(
          {
            tenants,
            system: systemDatabase,
            chainTable: new ChainTable([]),
            chains: NO_CHAINS,
            signIn: { origin: new URL(CONSOLE_ORIGIN), challenges: new Challenges(randomBytes(32)) },
          },
          people,
          new ReceiverPolicy({ allowLoopback: true }),
        ),
        audit: new AuditTrail(tenants, people.audit),
        apiKeys: new ApiKeyService(tenants, new ApiKeyRepository()),
        tenancy: new TenancyService(systemDatabase),
        authorityEpochs: tenants.authorityEpochs,
        exports: new ExportService(tenants, {
          exports: new ExportRepository(),
          archives: new ArchiveStore(),
          outbox: new OutboxRepository(),
        }),
        deletions: new DeletionService(systemDatabase, new TombstoneRepository()),
        idempotency: new IdempotencyService(
          tenants,
          new IdempotencyRepository(),
          new SecretBox([randomBytes(32)]),
        ),
        // Without chains no account is asked for.
        tenants: new TenantService(tenants, new ChainTable([]), NO_ACCOUNTS),
        feeLimits: new FeeLimitService(tenants, ChainTable.parse([unreachableChain(HOME, 1)])),
        rpcEndpoints: rpcEndpointService(tenants),
        signingKeys: new SigningKeyService(tenants, new SigningKeyRepository(), {
          vault: new SecretVault(tenants, new SecretBox([randomBytes(32)])),
          kms: LOCAL_KMS,
          signers: NO_ACCOUNTS,
          chains: new ChainTable([]),
        }),
      };
      const checkReady = async () => {
        await Promise.all([app.query('select 1'), system.query('select 1')]);
      };
      const server = await serve(config, services, {
        logger,
        checkReady,
        cursors: new CursorSigner([randomBytes(32)]),
      });
      return {
        url: server.url,
        async stop() {
          await server.stop();
          await Promise.all([app.destroy(), system.destroy()]);
        },
      };
    };
    return TestApi.run(settings, start, via);
  }

  /** The whole of it, as its process composes it. */
  static async startWhole(settings: Settings): Promise<TestApi> {
    return TestApi.run(settings, (env, logger) => startApi(apiConfigSchema.parse(env), logger));
  }

  private static async run(settings: Settings, start: Start, via = unchanged): Promise<TestApi> {
    const database = await createTestDatabase();
    const operatorKey = randomBytes(24).toString('hex');
    const logs: Record<string, unknown>[] = [];
    const logger = pino({ level: 'debug' }, { write: (line: string) => logs.push(JSON.parse(line)) });
    const env = {
      APP_DATABASE_URL: via(database.appUrl),
      SYSTEM_DATABASE_URL: via(database.systemUrl),
      OPERATOR_KEY: operatorKey,
      PORT: '0',
      GRAPHQL_INTROSPECTION: 'true',
      RATE_LIMIT_SIGN_IN: '10000',
      ...settings,
    };
    const server = await start(env, logger);
    const own = { poolSize: 1, applicationName: 'test' };
    const [app, system] = await Promise.all([
      openDataSource({ url: database.appUrl, ...own }),
      openDataSource({ url: database.systemUrl, ...own }),
    ]);
    const tenancy = new TenancyService(new SystemDatabase(system));
    const apiKeys = new ApiKeyService(new TenantDatabase(app), new ApiKeyRepository());
    return new TestApi(database, server.url, operatorKey, logs, tenancy, apiKeys, async () => {
      await server.stop();
      await Promise.all([app.destroy(), system.destroy()]);
      await database.drop();
    });
  }

  async tenant(name = 'a tenant'): Promise<TestTenant> {
    return this.tenancy.createTenant(name);
  }

  /** Puts a change of the primary wallet down for each project of a tenant, which waits for its time. */
  async pendingWalletChanges(tenantId: string): Promise<void> {
    await withClient(this.database.adminUrl, (client) =>
      client.query(
        `insert into royalty_wallet_changes (tenant_id, project_id, number, old_wallet, new_wallet, seen_revision,
                                             requested_at, effective_at)
         select tenant_id, id, 1, $2, 'eip155:1:0x1', 1, now(), now() + interval '3 days' from projects where tenant_id = $1`,
        [tenantId, HOLDER],
      ),
    );
  }

  /** A tenant that may be deleted: suspended, and exported since. @returns its id. */
  async leavingTenant(): Promise<string> {
    const { tenantId } = await this.tenant('a leaving tenant');
    await withClient(this.database.adminUrl, (client) =>
      client.query(
        `with suspended as (update tenants set suspended_at = now(), suspension_reason = 'leaves' where tenant_id = $1 returning *)
         insert into tenant_exports (tenant_id, manifest_hash, signer, snapshot_at, suspended_at)
         select tenant_id, $2, 'ed25519:0', now(), suspended_at from suspended`,
        [tenantId, SAMPLE_MANIFEST_HASH],
      ),
    );
    return tenantId;
  }

  async keyWith(tenantId: TenantId, scopes: readonly Scope[]): Promise<string> {
    const wanted = { label: 'test', scopes: [...scopes] };
    return (await this.apiKeys.create(tenantId, SCOPES, wanted)).secret;
  }

  /** An export whose archive, of these bytes, can be downloaded. @returns its global id. */
  async readyExport({ tenantId }: TestTenant, bytes: Buffer = Buffer.from('an archive')): Promise<string> {
    return withClient(this.database.adminUrl, async (client) => {
      const { rows } = await client.query(
        `insert into export_requests (tenant_id, state, attempt, percent, size_bytes, sha256, manifest_hash, snapshot_at,
                                      finished_at, expires_at)
         values ($1, 'READY', 1, 100, $2, $3, $4, '2026-11-30T12:00:00Z', now(), now() + interval '1 hour') returning id`,
        [tenantId, bytes.length, createHash('sha256').update(bytes).digest('hex'), SAMPLE_MANIFEST_HASH],
      );
      for (let position = 0; position * CHUNK_BYTES < bytes.length; position += 1)
        await client.query('insert into export_chunks values ($1, $2, 1, $3, $4)', [
          tenantId,
          rows[0].id,
          position,
          bytes.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES),
        ]);
      return encodeGlobalId('TenantExport', rows[0].id);
    });
  }

  /** A person who has joined by an invitation, and is signed in. */
  async member(
    { apiKey }: TestTenant,
    role: MemberRole,
    email = `${randomUUID()}@example.org`,
  ): Promise<TestMember> {
    const { inviteMember } = await this.ask(
      `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation member { id } } }`,
      { input: { email, role, name: 'Ada' } },
      apiKey,
    );
    const { data } = await this.send(
      `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { token session { sessionId } } }`,
      { input: { invitation: inviteMember.invitation, password: TEST_PASSWORD } },
    );
    const { token, session } = data.acceptInvitation;
    return { memberId: inviteMember.member.id, sessionId: session.sessionId, token };
  }

  /** Sends one operation over HTTP. */
  async send(query: string, variables: object = {}, apiKey?: string): Promise<Answer> {
    const response = await this.post({ query, variables }, apiKey);
    // CAST: the endpoint answers GraphQL's own shape; tests assert what is in it.
    return (await response.json()) as Answer;
  }

  /** As {@link send}, and expects an answer without errors. @returns its data. */
  async ask(query: string, variables: object, apiKey: string): Promise<Answer['data']> {
    const { data, errors } = await this.send(query, variables, apiKey);
    expect(errors).toBeUndefined();
    return data;
  }

  async post(
    body: unknown,
    apiKey?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey && { authorization: `Bearer ${apiKey}` }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Subscribes over a WebSocket of its own. */
  subscribe(query: string, variables: Record<string, unknown>, apiKey?: string): TestSubscription {
    const client = createClient({
      url: this.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      ...(apiKey && { connectionParams: { authorization: `Bearer ${apiKey}` } }),
    });
    const answers = client.iterate({ query, variables });
    return {
      // CAST: as for `send`.
      next: async () => (await answers.next()).value as Answer | undefined,
      close: async () => {
        await answers.return?.();
        await client.dispose();
      },
    };
  }
}

export interface TestSubscription {
  /** The next answer; undefined when the server has completed the subscription. */
  next(): Promise<Answer | undefined>;
  close(): Promise<void>;
}
