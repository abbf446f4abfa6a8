import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountId } from '../caip';
import type { TenantId } from '../ids';
import { AccountIdScalar } from '../scalars';
import { Member, Session } from './member';

/** Whether a tenant may change anything. */
export const TenantState = { ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED' } as const;
export type TenantState = (typeof TenantState)[keyof typeof TenantState];
registerEnumType(TenantState, {
  name: 'TenantState',
  description:
    'A suspended tenant’s keys read everything and change nothing. What is under way is carried to its end.',
});

@ObjectType({ description: 'An art platform: owns everything that its keys can see. As it sees itself.' })
export class Tenant {
  @Field(() => ID) tenantId: TenantId;
  @Field(() => String) name: string;
  @Field(() => TenantState) state: TenantState;
  @Field(() => Date, { nullable: true }) suspendedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'As the platform’s operator gave it.' })
  suspensionReason: string | null;
  @Field(() => String, { description: 'Name of its plan.' }) plan: string;
  @Field(() => String, { description: 'The worker pool that runs this tenant’s jobs.' }) pool: string;
  @Field(() => [AccountIdScalar], {
    description: 'The accounts, one per chain, that mint and pay fees for this tenant: keep them funded.',
  })
  accounts: AccountId[];
  @Field(() => Date) createdAt: Date;
}

@ObjectType({ description: 'Who this request speaks for.' })
export class Viewer {
  @Field(() => Tenant) tenant: Tenant;
  @Field(() => [String], { description: 'What the caller may do.' }) scopes: string[];
  @Field(() => Member, { nullable: true, description: 'The person who asks; null for an API key.' })
  member: Member | null;
  @Field(() => [Session], { description: 'That person’s sessions, the newest first; none for an API key.' })
  sessions: Session[];
}

@ObjectType()
export class CreateTenantPayload {
  @Field(() => Tenant) tenant: Tenant;
  @Field(() => String, { description: 'The tenant’s first API key. Shown this once.' }) apiKey: string;
}
