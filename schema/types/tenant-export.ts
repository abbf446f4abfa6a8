import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ErrorCode } from '../error-codes';
import { encodeGlobalId } from '../global-id';
import type { ExportId } from '../ids';
import { connectionType } from './connection';
import { Node } from './node';

/** How far an export is. */
export const ExportState = {
  REQUESTED: 'REQUESTED',
  RUNNING: 'RUNNING',
  READY: 'READY',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
  EXPIRED: 'EXPIRED',
} as const;
export type ExportState = (typeof ExportState)[keyof typeof ExportState];
registerEnumType(ExportState, {
  name: 'ExportState',
  description:
    'How far an export is. The archive can be downloaded while it is READY; a later export that gets there has it EXPIRED.',
});

@ObjectType({ description: 'Why there is no archive.' })
export class ExportFailure {
  @Field(() => String) code: ErrorCode;
  @Field(() => String) message: string;
}

@ObjectType('TenantExport', {
  implements: Node,
  description: 'All that is held of the tenant as one signed archive (see docs/exit-kit.md).',
})
export class TenantExport extends Node {
  declare id: ExportId;
  @Field(() => ExportState) state: ExportState;
  @Field(() => Date) createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'When a worker began it, for the last time.' })
  startedAt: Date | null;
  @Field(() => Date, { nullable: true }) finishedAt: Date | null;
  @Field(() => Date, { nullable: true, description: 'Until when the archive is kept.' })
  expiresAt: Date | null;
  @Field(() => Int, { description: 'The tables that are written, in per cent; 100 once it is READY.' })
  percent: number;
  @Field(() => Float, { description: 'Rows that are written.' }) rows: number;
  @Field(() => Float, { nullable: true, description: 'Of the archive.' }) sizeBytes: number | null;
  @Field(() => String, { nullable: true, description: 'Of the archive, in hex.' }) sha256: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'SHA-256, in hex, of the archive’s manifest.json: what it is known by.',
  })
  manifestHash: string | null;
  @Field(() => Date, { nullable: true, description: 'The moment that it shows.' }) snapshotAt: Date | null;
  @Field(() => String, {
    nullable: true,
    description: 'Where the archive is, at this API’s address, while it is READY; with the same key as here.',
  })
  archivePath: string | null;
  @Field(() => ExportFailure, { nullable: true }) failure: ExportFailure | null;
  @Field(() => Int, { description: 'How often a download was begun.' }) downloads: number;
  @Field(() => Date, { nullable: true }) lastDownloadedAt: Date | null;
}

export const TenantExportConnection = connectionType(TenantExport, 'TenantExport');

/** Below this, archives are downloaded: under the address that an ingress serves anyhow. */
export const EXPORTS_PATH = '/graphql/exports';

/** Where the archive of an export is. */
export function archivePathOf(id: ExportId): string {
  return `${EXPORTS_PATH}/${encodeGlobalId('TenantExport', id)}`;
}
