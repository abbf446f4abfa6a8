import { Field, ID, ObjectType } from 'type-graphql';
import type { TenantId } from '../ids';

@ObjectType({ description: 'What stays of a deleted tenant.' })
export class Tombstone {
  @Field(() => ID) tenantId: TenantId;
  @Field(() => Date) deletedAt: Date;
  @Field(() => String, { description: 'SHA-256 of the manifest of the export that was made before.' })
  manifestHash: string;
  @Field(() => String, {
    description: 'Number of the last entry of the tenant’s audit log; 0 if it had none.',
  })
  auditSequence: string;
  @Field(() => String, { description: 'Hash of that entry; 64 zeros if there was none.' })
  auditHash: string;
  @Field(() => Date, {
    nullable: true,
    description: 'When the last row was erased; null while there are some.',
  })
  erasedAt: Date | null;
}

@ObjectType()
export class DeleteTenantPayload {
  @Field(() => Tombstone) tombstone: Tombstone;
}
