import { mutation, type Operation } from './operation';

/** Webhook endpoints and deliveries. */
export const webhookMutations = {
  createWebhookEndpoint: {
    query: mutation('createWebhookEndpoint', 'CreateWebhookEndpointInput', 'endpoint { id } secret'),
    scope: 'webhook:write',
    foreign: 'NO_IDS',
    variables: () => ({ input: { url: 'https://example.com/hook', eventTypes: ['work.*'] } }),
    invalid: [
      ['url', { url: '' }],
      ['eventTypes', { eventTypes: [] }],
      ['eventTypes.0', { eventTypes: ['work.sold'] }],
      ['description', { description: 'x'.repeat(501) }],
    ],
  },
  updateWebhookEndpoint: {
    query: mutation('updateWebhookEndpoint', 'UpdateWebhookEndpointInput', 'endpoint { id description }'),
    scope: 'webhook:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { endpointId: ids.webhookEndpoint, description: 'changed' } }),
    invalid: [
      ['endpointId', { endpointId: 'x' }],
      ['eventTypes.1', { eventTypes: ['*', 'everything'] }],
    ],
  },
  rotateWebhookSecret: {
    query: mutation('rotateWebhookSecret', 'RotateWebhookSecretInput', 'endpoint { id } secret'),
    scope: 'webhook:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { endpointId: ids.webhookEndpoint, overlapHours: 1 } }),
    invalid: [
      ['endpointId', { endpointId: 'x' }],
      ['overlapHours', { overlapHours: 169 }],
      ['overlapHours', { overlapHours: -1 }],
    ],
  },
  sendTestWebhook: {
    query: mutation('sendTestWebhook', 'SendTestWebhookInput', 'delivery { id endpoint { id } }'),
    scope: 'webhook:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { endpointId: ids.webhookEndpoint } }),
    invalid: [['endpointId', { endpointId: 'x' }]],
  },
  redeliverWebhook: {
    query: mutation('redeliverWebhook', 'RedeliverWebhookInput', 'delivery { id }'),
    scope: 'webhook:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { deliveryId: ids.webhookDelivery } }),
    invalid: [['deliveryId', { deliveryId: 'x' }]],
  },
  replayWebhooks: {
    query: mutation('replayWebhooks', 'ReplayWebhooksInput', 'count'),
    scope: 'webhook:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { endpointId: ids.webhookEndpoint, from: '2026-01-01T00:00:00Z' } }),
    invalid: [
      ['endpointId', { endpointId: 'x' }],
      ['to', { to: '2025-12-31T00:00:00Z' }],
    ],
  },
  // The last that looks at the endpoint.
  deleteWebhookEndpoint: {
    query: mutation('deleteWebhookEndpoint', 'DeleteWebhookEndpointInput', 'deletedEndpointId'),
    scope: 'webhook:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { endpointId: ids.webhookEndpoint } }),
    invalid: [['endpointId', { endpointId: 'x' }]],
  },
} satisfies Record<string, Operation>;
