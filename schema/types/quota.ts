import { Field, Float, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Quota, QuotaLimits } from '../quotas';

/** Quotas by their names in GraphQL. */
export const QuotaName = {
  WORKS: 'works',
  DISPATCHES_PER_DAY: 'dispatchesPerDay',
  API_REQUESTS_PER_MINUTE: 'apiRequestsPerMinute',
  WEBHOOK_ENDPOINTS: 'webhookEndpoints',
  STORAGE_BYTES: 'storageBytes',
} as const satisfies Record<string, Quota>;
registerEnumType(QuotaName, { name: 'Quota', description: 'What a plan limits.' });

/** Over which stretch of time usage is told. */
export const UsageUnit = { DAY: 'day', MONTH: 'month' } as const;
export type UsageUnit = (typeof UsageUnit)[keyof typeof UsageUnit];
registerEnumType(UsageUnit, { name: 'UsageUnit', description: 'A day or a calendar month in UTC.' });

const WORKS = 'Works minted or being minted, over all time; a mint that failed does not count.';
const DISPATCHES =
  'Dispatches begun in a UTC day, of works and of revisions; holders’ own sends do not count.';
const REQUESTS = 'API requests in a minute, over all keys; the deployment’s own limit when null.';
const STORAGE = 'Bytes of scripts, descriptions, documents and metadata, each revision of it.';

@ObjectType({ description: 'The limits of a plan: whole numbers; null is no limit.' })
export class Quotas implements QuotaLimits {
  @Field(() => Float, { nullable: true, description: WORKS }) works: number | null;
  @Field(() => Float, { nullable: true, description: DISPATCHES }) dispatchesPerDay: number | null;
  @Field(() => Float, { nullable: true, description: REQUESTS }) apiRequestsPerMinute: number | null;
  @Field(() => Float, { nullable: true }) webhookEndpoints: number | null;
  @Field(() => Float, { nullable: true, description: STORAGE }) storageBytes: number | null;
}

@InputType({ description: 'Limits by quota: whole numbers; null is no limit.' })
export class QuotasInput {
  @Field(() => Float, { nullable: true, description: WORKS }) works?: number | null;
  @Field(() => Float, { nullable: true, description: DISPATCHES }) dispatchesPerDay?: number | null;
  @Field(() => Float, { nullable: true, description: REQUESTS }) apiRequestsPerMinute?: number | null;
  @Field(() => Float, { nullable: true }) webhookEndpoints?: number | null;
  @Field(() => Float, { nullable: true, description: STORAGE }) storageBytes?: number | null;
}

@ObjectType({ description: 'What tenants may use.' })
export class Plan {
  @Field(() => String) plan: string;
  @Field(() => String) description: string;
  @Field(() => Quotas) quotas: Quotas;
  @Field(() => Int, { description: 'Tenants that have it.' }) tenants: number;
  @Field(() => Date) createdAt: Date;
  @Field(() => Date) updatedAt: Date;
}

@ObjectType({ description: 'How much of a quota is used.' })
export class QuotaStatus {
  @Field(() => QuotaName) quota: Quota;
  @Field(() => Float, { nullable: true, description: 'Null is no limit.' }) limit: number | null;
  @Field(() => Float, { nullable: true, description: 'Null for requests, which the API’s headers tell.' })
  used: number | null;
  @Field(() => Date, { nullable: true, description: 'When counting begins anew; null for totals.' })
  resetsAt: Date | null;
}

@ObjectType({ description: 'What a tenant used in a day or a month.' })
export class Usage {
  @Field(() => Date, { description: 'Its beginning, in UTC.' }) from: Date;
  @Field(() => Date) to: Date;
  @Field(() => Int, { description: 'Works accepted for minting in that time whose mint has not failed.' })
  works: number;
  @Field(() => Int, { description: 'Dispatches begun in that time, but for holders’ own sends.' })
  dispatches: number;
  @Field(() => Int, { description: 'Webhooks of that time that their receivers took.' })
  webhookDeliveries: number;
  @Field(() => Float, { description: 'Bytes kept at its end.' }) storageBytes: number;
  @Field(() => Float, {
    description:
      'API requests of its keys and people, those that were refused included; the last seconds follow.',
  })
  apiRequests: number;
  @Field(() => Float, { description: 'Of those, what was beyond the limits on requests (`RATE_LIMITED`).' })
  apiRequestsRefused: number;
}
