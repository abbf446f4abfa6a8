import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../cli/embedded/postgres';
import { locateCluster } from '../../cli/embedded/postgres-location';
import { findProcessesIn, signalProcess } from '../../cli/embedded/processes';
import { SHARED_FOLDERS } from '../../cli/embedded/shared-folder';
import { until } from '../devnet/polling';
import { baseBackup, writeOwned } from './base-backup';
import { TcpSwitch } from './tcp-switch';
import { withClient } from './template-database';

/** Name of the standby and of its slot, by which the primary keeps the log that it has not read. */
const REPLICA = 'replica';
const WAIT_MS = 60_000;
const log = () => undefined;

export interface PairOptions {
  /** Holds both servers' data; made if missing. The database's own account must be able to pass through. */
  readonly folder: string;
  readonly maxConnections?: number;
  /** Added to the environment of both servers. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A durable PostgreSQL with a hot standby, behind one address that clients keep.
 *
 * Replication is synchronous: a commit is acknowledged once both disks have it, so losing the primary loses nothing that
 * anybody was told. While there is no standby, after {@link promote}, commits wait for the one disk that is left.
 */
export class PostgresPair {
  private standby: EmbeddedPostgres | undefined;
  private folders = 0;

  private constructor(
    private readonly options: PairOptions,
    private readonly address: TcpSwitch,
    private leader: EmbeddedPostgres,
    private readonly made: string[],
  ) {}

  static async launch(options: PairOptions): Promise<PostgresPair> {
    const address = await TcpSwitch.open();
    const dataDir = join(options.folder, 'postgres-0');
    const primary = await start(dataDir, options);
    const pair = new PostgresPair(options, address, primary, [dataDir]);
    await pair.addStandby();
    address.pointTo(primary.port);
    return pair;
  }

  /** The superuser's, at the address that stays. */
  get adminUrl(): string {
    return this.address.before(this.leader.adminUrl);
  }

  /** The superuser's, of the server that is primary now, past the address. */
  get primary(): EmbeddedPostgres {
    return this.leader;
  }

  /** @throws Error while there is none. */
  get replica(): EmbeddedPostgres {
    if (this.standby === undefined) throw new Error('there is no replica');
    return this.standby;
  }

  /** Ends the primary as the loss of its machine does. Nothing follows by itself. */
  async losePrimary(): Promise<void> {
    await kill(this.leader);
  }

  /** Starts the lost primary again, on what it had written; its standby finds it by itself. */
  async recoverPrimary(): Promise<void> {
    const dataDir = this.made.at(this.standby === undefined ? -1 : -2);
    if (dataDir === undefined) throw new Error('the pair has never had a primary');
    this.leader = await start(dataDir, this.options);
    this.address.pointTo(this.leader.port);
  }

  /** Holds all processes of the primary where they are, as storage does that does not answer. */
  freezePrimary(): void {
    signal(this.leader, 'SIGSTOP');
  }

  resumePrimary(): void {
    signal(this.leader, 'SIGCONT');
  }

  /** Makes the standby the primary and leads the address to it. The former primary must have been lost. */
  async promote(): Promise<void> {
    const promoted = this.replica;
    await withClient(promoted.adminUrl, (admin) => admin.query('select pg_promote(true, 60)'));
    this.address.pointTo(promoted.port);
    this.leader = promoted;
    this.standby = undefined;
  }

  /**
   * Gives the primary a standby again, from a new copy; resolves when commits wait for it. What a former primary had
   * and the present one has not is never joined to it.
   */
  async addStandby(): Promise<void> {
    this.folders += 1;
    const dataDir = join(this.options.folder, `postgres-${this.folders}`);
    this.made.push(dataDir);
    await this.onPrimary("select pg_create_physical_replication_slot('replica', true)");
    mkdirSync(dataDir, { mode: 0o711 });
    const { clusterDir } = locateCluster(dataDir, SHARED_FOLDERS, log);
    await baseBackup(this.leader, clusterDir);
    copyFileSync(join(this.made.at(-2) ?? '', 'password'), join(dataDir, 'password'));
    const { hostname, port, username, password } = new URL(this.leader.adminUrl);
    const source = `host=${hostname} port=${port} user=${username} password=${password} application_name=${REPLICA}`;
    const settings = `primary_conninfo = '${source}'\nprimary_slot_name = '${REPLICA}'\n`;
    writeOwned(join(clusterDir, 'postgresql.auto.conf'), settings, this.leader.dataDir);
    writeOwned(join(clusterDir, 'standby.signal'), '', this.leader.dataDir);
    this.standby = await start(dataDir, this.options);
    await this.onPrimary(`alter system set synchronous_standby_names = '${REPLICA}'`);
    await this.onPrimary('select pg_reload_conf()');
    const isSynchronous = () =>
      this.onPrimary<{ sync_state: string }>('select sync_state from pg_stat_replication').then(([row]) =>
        row?.sync_state === 'sync' ? true : undefined,
      );
    await until('the standby to stream', isSynchronous, { timeoutMs: WAIT_MS });
  }

  /** Ends both and removes their data. @param keep - Leaves it. */
  async stop({ keep = false }: { readonly keep?: boolean } = {}): Promise<void> {
    await this.address.close();
    for (const server of [this.standby, this.leader]) if (server !== undefined) await kill(server);
    if (keep) return;
    for (const dataDir of this.made) await removePostgres({ dataDir, log });
  }

  private async onPrimary<Row extends object>(sql: string): Promise<Row[]> {
    return withClient(this.leader.adminUrl, async (admin) => (await admin.query<Row>(sql)).rows);
  }
}

function start(dataDir: string, { folder: _, ...more }: PairOptions): Promise<EmbeddedPostgres> {
  return startPostgres({ dataDir, durable: true, log, ...more });
}

function signal(server: EmbeddedPostgres, name: NodeJS.Signals): void {
  for (const { pid } of findProcessesIn(server.dataDir, 'postgres')) signalProcess(pid, name);
}

/** All of its processes at once, by SIGKILL. */
async function kill(server: EmbeddedPostgres): Promise<void> {
  signal(server, 'SIGKILL');
  await server.exited;
  await server.stop();
}
