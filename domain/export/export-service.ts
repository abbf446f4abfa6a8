import { ErrorCode } from '../../schema/error-codes';
import type { ExportId, TenantId } from '../../schema/ids';
import type { ExportFilter } from '../../schema/inputs/export';
import type { PageRequest } from '../../schema/inputs/page';
import { clearExport, exportTenant } from '../../schema/jobs';
import type { Page } from '../../schema/types/connection';
import { ExportState, type TenantExport } from '../../schema/types/tenant-export';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { isUniqueViolation } from '../../tenants/transaction';
import { NotFoundError } from '../not-found-error';
import type { OutboxRepository } from '../outbox/outbox-repository';
import { type ArchiveStore, CHUNK_BYTES } from './archive-store';
import {
  ExportInProgressError,
  ExportLimitReachedError,
  ExportNotReadyError,
  ExportOverError,
} from './export-errors';
import type { ArchiveFacts, ExportRepository, ExportRun } from './export-repository';

/** An export reads all that there is of a tenant: so many are begun in a UTC day. */
export const EXPORTS_PER_DAY = 10;

export interface ExportStores {
  readonly exports: ExportRepository;
  readonly archives: ArchiveStore;
  readonly outbox: OutboxRepository;
}

/** An archive that is there. */
export interface Archive {
  readonly sizeBytes: number;
  /** In hex. */
  readonly sha256: string;
  readonly fileName: string;
  /** The bytes from `start` to `end`, both included. @throws {@link ExportOverError} if it goes meanwhile. */
  read(start: number, end: number): AsyncGenerator<Buffer>;
}

/** Exports that tenants ask for themselves. */
export class ExportService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: ExportStores,
  ) {}

  /** @throws {@link ExportInProgressError}, {@link ExportLimitReachedError} */
  async request(tenantId: TenantId): Promise<TenantExport> {
    const { exports, outbox } = this.stores;
    try {
      return await this.database.transaction(tenantId, async (tx) => {
        // First, as it waits for another request that is being made: both count only one of them.
        const requested = await exports.insert(tx);
        if ((await exports.countToday(tx)) > EXPORTS_PER_DAY)
          throw new ExportLimitReachedError(EXPORTS_PER_DAY);
        await outbox.add(tx, exportTenant, { tenantId, exportId: requested.id });
        return requested;
      });
    } catch (error) {
      if (isUniqueViolation(error, 'one_export_at_a_time')) throw new ExportInProgressError({ cause: error });
      throw error;
    }
  }

  /**
   * Stops an export that is under way, and removes an archive that is there.
   *
   * @throws {@link NotFoundError}, {@link ExportOverError}
   */
  async cancel(tenantId: TenantId, id: ExportId): Promise<TenantExport> {
    const { exports, outbox } = this.stores;
    return this.database.transaction(tenantId, async (tx) => {
      const cancelled = await exports.cancel(tx, id);
      if (cancelled !== undefined) {
        await outbox.add(tx, clearExport, { tenantId, exportId: id });
        return cancelled;
      }
      const [known] = await exports.findByIds(tx, [id]);
      throw known === undefined ? new NotFoundError('TenantExport', id) : new ExportOverError(known.state);
    });
  }

  async findByIds(tenantId: TenantId, ids: readonly ExportId[]): Promise<TenantExport[]> {
    return this.database.read(tenantId, (tx) => this.stores.exports.findByIds(tx, ids));
  }

  async page(tenantId: TenantId, request: PageRequest, filter: ExportFilter): Promise<Page<TenantExport>> {
    return this.database.read(tenantId, (tx) => this.stores.exports.page(tx, request, filter));
  }

  /**
   * Opens an archive, and counts that.
   *
   * @throws {@link NotFoundError}, {@link ExportNotReadyError}, {@link ExportOverError}
   */
  async download(tenantId: TenantId, id: ExportId): Promise<Archive> {
    const { exports } = this.stores;
    const found = await this.database.transaction(tenantId, async (tx) => {
      const facts = await exports.noteDownload(tx, id);
      if (facts !== undefined) return facts;
      const [known] = await exports.findByIds(tx, [id]);
      if (known === undefined) throw new NotFoundError('TenantExport', id);
      if (known.state === ExportState.REQUESTED || known.state === ExportState.RUNNING)
        throw new ExportNotReadyError();
      throw new ExportOverError(known.state);
    });
    return this.archive(tenantId, found);
  }

  private archive(tenantId: TenantId, { sizeBytes, sha256, snapshotAt, ...run }: ArchiveFacts & ExportRun) {
    const { archives } = this.stores;
    const { database } = this;
    return {
      sizeBytes,
      sha256,
      fileName: `colophon-export-${snapshotAt.slice(0, 10)}-${sha256.slice(0, 8)}.tar.gz`,
      async *read(start: number, end: number): AsyncGenerator<Buffer> {
        for (let position = Math.floor(start / CHUNK_BYTES); position * CHUNK_BYTES <= end; position += 1) {
          const chunk = await database.read(tenantId, (tx) => archives.read(tx, run, position));
          if (chunk === undefined) throw new ExportOverError(ExportState.EXPIRED);
          const offset = position * CHUNK_BYTES;
          yield chunk.subarray(Math.max(0, start - offset), end + 1 - offset);
        }
      },
    };
  }
}

/** Why an export failed for a reason that its tenant can do nothing about. */
export const INTERNAL_FAILURE = {
  code: ErrorCode.Internal,
  message: 'The archive could not be written. Ask for it again, or tell the platform’s operator.',
} as const;
