import { Client } from 'pg';
import type { Logger } from 'pino';
import { Loop } from '../../domain/loop';
import { OUTBOX_CHANNEL } from '../../domain/outbox/outbox-repository';
import { type TenantId, tenantIdSchema } from '../../schema/ids';
import { KEEP_ALIVE } from '../../tenants/data-source';

const RECONNECT_MS = 1_000;

/**
 * Wakes the relay when a transaction with a job has committed. Only a shortcut: while its connection
 * is lost, or a pooler in between drops notifications, the relay's polling finds the rows.
 */
export class OutboxListener {
  private readonly loop: Loop;
  private client: Client | undefined;

  /**
   * @param databaseUrl - A direct connection as the system role: LISTEN does not pass a transaction pooler.
   * @param onJob - Told whose job it is, or undefined when it may be anybody's.
   */
  constructor(
    private readonly databaseUrl: string,
    private readonly log: Logger,
    private readonly onJob: (tenantId: TenantId | undefined) => void,
  ) {
    this.loop = new Loop({ name: 'outbox listener', everyMs: RECONNECT_MS, pass: () => this.connect(), log });
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await this.client?.end();
  }

  /** Connects unless connected. */
  private async connect(): Promise<void> {
    if (this.client !== undefined) return;
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'colophon-outbox',
      ...KEEP_ALIVE,
    });
    this.client = client;
    client.on('error', (error) =>
      this.log.warn({ reason: error.message }, 'the outbox listener lost its connection'),
    );
    client.on('end', () => this.forget(client));
    client.on('notification', ({ payload }) => this.onJob(tenantIdSchema.safeParse(payload).data));
    try {
      await client.connect();
      await client.query(`listen ${OUTBOX_CHANNEL}`);
    } catch (error) {
      this.forget(client);
      throw error;
    }
    // What was announced while nobody listened.
    this.onJob(undefined);
  }

  private forget(client: Client): void {
    if (this.client === client) this.client = undefined;
  }
}
