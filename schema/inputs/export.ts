import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { ExportState } from '../types/tenant-export';
import { exportGlobalIdSchema } from './ids';

@InputType()
export class CancelExportInput {
  @Field(() => ID) exportId: string;
}

@InputType()
export class TenantExportFilterInput {
  @Field(() => ExportState, { nullable: true }) state?: ExportState | null;
}

export const cancelExportSchema = z.strictObject({ exportId: exportGlobalIdSchema });
export const exportFilterSchema = z.strictObject({ state: z.enum(ExportState).nullish() }).nullish();

export type ExportFilter = z.output<typeof exportFilterSchema>;
