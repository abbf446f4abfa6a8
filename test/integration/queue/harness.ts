import { Pool } from 'pg';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { pollUntil } from '../../../cli/embedded/poll';
import type { JobTicket } from '../../../domain/outbox/job-ticket';
import { type AddOptions, OutboxRepository } from '../../../domain/outbox/outbox-repository';
import { type OutboxId, type TenantId, tenantIdSchema } from '../../../schema/ids';
import { openDataSource } from '../../../tenants/data-source';
import { SystemDatabase } from '../../../tenants/system-database';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { bindJob, defineJob, type Job, type JobContext } from '../../../workers/jobs/define-job';
import type { RetryPolicy } from '../../../workers/jobs/retry-policy';
import type { JobQueue } from '../../../workers/queue/job-queue';
import type { Here } from '../../../workers/relay/relay';
import { DEFAULT_WORKER_SETTINGS, WorkerRuntime, type WorkerSettings } from '../../../workers/worker-runtime';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

/** A job that records that it ran: `n` tells the requests apart, but for those of one `subject`. */
export const touch = {
  name: 'touch',
  payload: z.strictObject({ tenantId: tenantIdSchema, n: z.int(), subject: z.string().optional() }),
  subject: (payload: { readonly subject?: string | undefined }) => payload.subject,
} as const;
export type Touch = z.output<typeof touch.payload>;

/** Short leases and pauses, so that what time must heal heals within a test. */
export const QUICK: WorkerSettings = {
  ...DEFAULT_WORKER_SETTINGS,
  pollMs: 50,
  sweepMs: 100,
  queuedLeaseMs: 400,
  runLeaseMs: 900,
  drainMs: 5_000,
};

/** What the tenants table gives a new tenant. */
const DEFAULT_IN_FLIGHT = 256;

export const silent = pino({ level: 'silent' });

export interface OutboxRow {
  readonly id: OutboxId;
  readonly tenant_id: TenantId;
  readonly state: string;
  readonly attempts: number;
  readonly deliveries: number;
  readonly last_error: string | null;
  readonly next_try_at: Date;
  readonly pool: string | null;
}

/** A database with an outbox, and what the queue tests do to it. */
export class QueueHarness {
  readonly outbox = new OutboxRepository();
  private readonly runtimes: WorkerRuntime[] = [];

  private constructor(
    private readonly testDatabase: TestDatabase,
    readonly admin: Pool,
    private readonly sources: readonly DataSource[],
    readonly tenants: TenantDatabase,
    readonly system: SystemDatabase,
  ) {}

  static async create(): Promise<QueueHarness> {
    const database = await createTestDatabase();
    const app = await openDataSource({ url: database.appUrl, poolSize: 5, applicationName: 'test-app' });
    const system = await openDataSource({
      url: database.systemUrl,
      poolSize: 20,
      applicationName: 'test-system',
    });
    const admin = new Pool({ connectionString: database.adminUrl, max: 3 });
    await admin.query('create table effects (tenant_id uuid, n int, primary key (tenant_id, n))');
    return new QueueHarness(
      database,
      admin,
      [app, system],
      new TenantDatabase(app),
      new SystemDatabase(system),
    );
  }

  async destroy(): Promise<void> {
    await this.stopRuntimes();
    for (const source of this.sources) await source.destroy();
    await this.admin.end();
    await this.testDatabase.drop();
  }

  async stopRuntimes(): Promise<void> {
    await Promise.all(this.runtimes.splice(0).map((runtime) => runtime.stop()));
  }

  get systemUrl(): string {
    return this.testDatabase.systemUrl;
  }

  async tenant(limits: { weight?: number; inFlight?: number } = {}): Promise<TenantId> {
    const { rows } = await this.admin.query<{ tenant_id: TenantId }>(
      `insert into tenants (name, relay_weight, max_jobs_in_flight) values ('t', $1, $2) returning tenant_id`,
      [limits.weight ?? 1, limits.inFlight ?? DEFAULT_IN_FLIGHT],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('no tenant was made');
    return row.tenant_id;
  }

  async add(
    tenantId: TenantId,
    n: number,
    { subject, ...options }: AddOptions & { readonly subject?: string } = {},
  ): Promise<OutboxId> {
    const payload = { tenantId, n, subject };
    return this.tenants.transaction(tenantId, (tx) => this.outbox.add(tx, touch, payload, options));
  }

  /** As many `add`s with n = 0, 1, 2…, in one statement. */
  async addMany(tenantId: TenantId, count: number): Promise<void> {
    await this.admin.query(
      `insert into outbox (tenant_id, job, payload)
       select $1, 'touch', jsonb_build_object('tenantId', $1::uuid, 'n', n) from generate_series(0, $2 - 1) n`,
      [tenantId, count],
    );
  }

  /** The effect of a job, guarded as every job's must be. @returns True if it was made now. */
  async effect({ tenantId, n }: Touch): Promise<boolean> {
    const { rowCount } = await this.admin.query(
      'insert into effects values ($1, $2) on conflict do nothing',
      [tenantId, n],
    );
    return rowCount === 1;
  }

  async effects(tenantId: TenantId): Promise<number> {
    const { rows } = await this.admin.query('select 1 from effects where tenant_id = $1', [tenantId]);
    return rows.length;
  }

  async rows(tenantId: TenantId): Promise<OutboxRow[]> {
    const { rows } = await this.admin.query<OutboxRow>(
      'select * from outbox where tenant_id = $1 order by created_at, id',
      [tenantId],
    );
    return rows;
  }

  async row(outboxId: OutboxId): Promise<OutboxRow> {
    const { rows } = await this.admin.query<OutboxRow>('select * from outbox where id = $1', [outboxId]);
    const [row] = rows;
    if (row === undefined) throw new Error('the row is gone');
    return row;
  }

  async count(state: string, tenantId: TenantId): Promise<number> {
    const { rows } = await this.admin.query<{ count: number }>(
      'select count(*)::int as count from outbox where state = $1 and tenant_id = $2',
      [state, tenantId],
    );
    return rows[0]?.count ?? 0;
  }

  async until(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
    if (!(await pollUntil(condition, timeoutMs))) throw new Error(`never happened: ${what}`);
  }

  async untilState(outboxId: OutboxId, state: string): Promise<OutboxRow> {
    await this.until(`${outboxId} is ${state}`, async () => (await this.row(outboxId)).state === state);
    return this.row(outboxId);
  }

  /** A runtime that {@link stopRuntimes} stops. */
  start(
    queue: JobQueue,
    jobs: readonly Job[],
    settings: Partial<WorkerSettings> = {},
    log = silent,
    pools: readonly string[] = ['shared'],
  ): WorkerRuntime {
    const runtime = new WorkerRuntime({
      database: this.system,
      databaseUrl: this.systemUrl,
      queue,
      jobs,
      pools,
      settings: { ...QUICK, ...settings },
      log,
    });
    this.runtimes.push(runtime);
    runtime.start();
    return runtime;
  }
}

export interface TouchLimits {
  readonly concurrency?: number;
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
}

/** The job `touch` with a body of the test's own. */
export function touchJob(
  run: (payload: Touch, context: JobContext) => Promise<unknown>,
  { concurrency = 4, timeoutMs = 10_000, retry = {} }: TouchLimits = {},
): Job {
  const definition = defineJob({
    contract: touch,
    concurrency,
    timeoutMs,
    retry: { limit: 5, firstDelayMs: 20, maxDelayMs: 100, ...retry },
    run: async (payload, _services: undefined, context) => {
      await run(payload, context);
    },
  });
  return bindJob(definition, undefined);
}

/** A promise that the test settles. */
export function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A process that runs nothing past the queue. */
export const NOWHERE: Here = {
  rooms: [],
  run: ({ job }) => {
    throw new Error(`no room was said for ${job}`);
  },
};

/** Collects tickets instead of carrying them. */
export class RecordingQueue implements JobQueue {
  readonly adapter = 'in-process';
  readonly tickets: JobTicket[] = [];

  async enqueue(_queueName: string, tickets: readonly JobTicket[]): Promise<void> {
    this.tickets.push(...tickets);
  }

  async held(_queueName: string, tickets: readonly JobTicket[]): Promise<readonly JobTicket[]> {
    return tickets;
  }

  process(): void {
    // Nothing ever runs.
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}
