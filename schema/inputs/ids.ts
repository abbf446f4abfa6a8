import { z } from 'zod';
import { decodeGlobalId, type NodeType } from '../global-id';
import type {
  ApiKeyId,
  DispatchId,
  ExportId,
  MemberId,
  ProjectId,
  RegistryId,
  SaleId,
  SettlementId,
  SigningKeyId,
  WebhookDeliveryId,
  WebhookEndpointId,
  WorkId,
} from '../ids';

function globalIdSchema<Id>(type: NodeType) {
  return z.string().transform((value, context) => {
    const decoded = decodeGlobalId(value);
    if (decoded?.type !== type) {
      context.addIssue({ code: 'custom', message: `must be the id of a ${type}` });
      return z.NEVER;
    }
    // CAST: the id was just decoded as one of this type.
    return decoded.id as Id;
  });
}

/** Parse the opaque ids that clients send into row ids of the type that the field asks for. */
export const projectGlobalIdSchema = globalIdSchema<ProjectId>('Project');
export const registryGlobalIdSchema = globalIdSchema<RegistryId>('Registry');
export const workGlobalIdSchema = globalIdSchema<WorkId>('Work');
export const dispatchGlobalIdSchema = globalIdSchema<DispatchId>('Dispatch');
export const saleGlobalIdSchema = globalIdSchema<SaleId>('Sale');
export const settlementGlobalIdSchema = globalIdSchema<SettlementId>('Settlement');
export const webhookEndpointGlobalIdSchema = globalIdSchema<WebhookEndpointId>('WebhookEndpoint');
export const apiKeyGlobalIdSchema = globalIdSchema<ApiKeyId>('ApiKey');
export const memberGlobalIdSchema = globalIdSchema<MemberId>('Member');
export const signingKeyGlobalIdSchema = globalIdSchema<SigningKeyId>('SigningKey');
export const exportGlobalIdSchema = globalIdSchema<ExportId>('TenantExport');
export const webhookDeliveryGlobalIdSchema = globalIdSchema<WebhookDeliveryId>('WebhookDelivery');
