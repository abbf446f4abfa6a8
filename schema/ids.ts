import { z } from 'zod';

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Row identifiers: UUIDs, branded so that one aggregate's id cannot be passed for another's. */
export type TenantId = Branded<string, 'TenantId'>;
export type ApiKeyId = Branded<string, 'ApiKeyId'>;
export type SigningKeyId = Branded<string, 'SigningKeyId'>;
export type ProjectId = Branded<string, 'ProjectId'>;
export type RegistryId = Branded<string, 'RegistryId'>;
export type MintId = Branded<string, 'MintId'>;
export type WorkId = Branded<string, 'WorkId'>;
export type DispatchId = Branded<string, 'DispatchId'>;
export type GuardActionId = Branded<string, 'GuardActionId'>;
export type MemberId = Branded<string, 'MemberId'>;
export type SessionId = Branded<string, 'SessionId'>;
export type ExportId = Branded<string, 'ExportId'>;
export type OutboxId = Branded<string, 'OutboxId'>;
export type TransactionId = Branded<string, 'TransactionId'>;
export type AuditEntryId = Branded<string, 'AuditEntryId'>;
export type SaleId = Branded<string, 'SaleId'>;
export type PaymentId = Branded<string, 'PaymentId'>;
export type SettlementId = Branded<string, 'SettlementId'>;
export type MovementId = Branded<string, 'MovementId'>;
export type WebhookEndpointId = Branded<string, 'WebhookEndpointId'>;
export type WebhookEventId = Branded<string, 'WebhookEventId'>;
export type WebhookDeliveryId = Branded<string, 'WebhookDeliveryId'>;

// CAST: the one place where an unbranded UUID becomes an id; every caller passes parsed input or a database value.
const idSchema = <Id>() => z.uuid().transform((value) => value as Id);

export const tenantIdSchema = idSchema<TenantId>();
export const apiKeyIdSchema = idSchema<ApiKeyId>();
export const signingKeyIdSchema = idSchema<SigningKeyId>();
export const projectIdSchema = idSchema<ProjectId>();
export const registryIdSchema = idSchema<RegistryId>();
export const mintIdSchema = idSchema<MintId>();
export const workIdSchema = idSchema<WorkId>();
export const dispatchIdSchema = idSchema<DispatchId>();
export const guardActionIdSchema = idSchema<GuardActionId>();
export const memberIdSchema = idSchema<MemberId>();
export const sessionIdSchema = idSchema<SessionId>();
export const exportIdSchema = idSchema<ExportId>();
export const outboxIdSchema = idSchema<OutboxId>();
export const transactionIdSchema = idSchema<TransactionId>();
export const saleIdSchema = idSchema<SaleId>();
export const paymentIdSchema = idSchema<PaymentId>();
export const settlementIdSchema = idSchema<SettlementId>();
export const movementIdSchema = idSchema<MovementId>();
export const webhookEndpointIdSchema = idSchema<WebhookEndpointId>();
export const webhookEventIdSchema = idSchema<WebhookEventId>();
export const webhookDeliveryIdSchema = idSchema<WebhookDeliveryId>();
