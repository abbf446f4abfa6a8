import { Field, ID, ObjectType } from 'type-graphql';
import type { AccountId } from '../caip';
import type { TenantId } from '../ids';
import { AccountIdScalar } from '../scalars';
import { Member, Session } from './member';

@ObjectType({ description: 'An art platform: owns everything that its keys can see.' })
export class Tenant {
  @Field(() => ID) tenantId: TenantId;
  @Field(() => String) name: string;
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
