import { generatePrivateKey } from 'viem/accounts';
import { HOME } from '../samples';
import { mutation, type Operation } from './operation';

/** API keys, signing keys, fee limits and RPC endpoints. */
export const keyMutations = {
  createApiKey: {
    query: mutation('createApiKey', 'CreateApiKeyInput', 'apiKey { id label scopes hint } secret'),
    scope: 'key:write',
    foreign: 'NO_IDS',
    variables: () => ({ input: { label: 'the indexer', scopes: ['read'] } }),
    invalid: [
      ['label', { label: ' ' }],
      ['scopes', { scopes: [] }],
      ['scopes.0', { scopes: ['operator'] }],
      ['expiresAt', { expiresAt: '2020-01-01T00:00:00Z' }],
    ],
  },
  importSigningKey: {
    query: mutation('importSigningKey', 'ImportSigningKeyInput', 'signingKey { id kind address chainIds }'),
    scope: 'signing:write',
    foreign: 'NO_IDS',
    variables: () => ({ input: { label: 'minter', privateKey: generatePrivateKey() } }),
    invalid: [
      ['label', { label: '' }],
      ['privateKey', { privateKey: '0x00' }],
      ['privateKey', { privateKey: `0x${'f'.repeat(64)}` }],
      ['input', { privateKey: null }],
      ['input', { keystore: '{}' }],
    ],
  },
  useKmsKey: {
    query: mutation('useKmsKey', 'UseKmsKeyInput', 'signingKey { id kmsKeyArn }'),
    scope: 'signing:write',
    foreign: 'NO_IDS',
    variables: () => ({
      input: { label: 'minter', awsAccountId: '111122223333', region: 'eu-central-1', aliasName: 'minter' },
    }),
    invalid: [
      ['awsAccountId', { awsAccountId: '1' }],
      ['region', { region: 'eu-central-1.evil.example' }],
      ['aliasName', { aliasName: '../other' }],
    ],
  },
  useSigningKey: {
    query: mutation('useSigningKey', 'UseSigningKeyInput', 'signingKey { id chainIds } accounts'),
    scope: 'signing:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { signingKeyId: ids.signingKey, leaveRoles: true } }),
    invalid: [
      ['signingKeyId', { signingKeyId: 'x' }],
      ['chainIds', { chainIds: [] }],
    ],
  },
  setFeeLimit: {
    query: mutation('setFeeLimit', 'SetFeeLimitInput', 'feeLimit { chainId maxFeePerGasWei maxTotalFeeWei }'),
    scope: 'signing:write',
    foreign: 'NO_IDS',
    variables: () => ({ input: { chainId: HOME, maxTotalFeeWei: '10000000000000000' } }),
    invalid: [
      ['maxFeePerGasWei', { maxFeePerGasWei: '0' }],
      ['maxTotalFeeWei', { maxTotalFeeWei: '1 ether' }],
    ],
  },
  setRpcEndpoints: {
    query: mutation('setRpcEndpoints', 'SetRpcEndpointsInput', 'rpcEndpoints { chainId hosts fallback }'),
    scope: 'signing:write',
    foreign: 'NO_IDS',
    variables: () => ({ input: { chainId: HOME, urls: ['https://10.0.0.1/v2/key'], fallback: false } }),
    // No node is there to be asked.
    refused: 'RPC_URL_REFUSED',
    invalid: [
      ['urls', { urls: [] }],
      ['urls', { urls: ['a', 'b', 'c', 'd'].map((host) => `https://${host}.invalid`) }],
    ],
  },
  removeRpcEndpoints: {
    query: 'mutation ($chainId: ChainId!) { removeRpcEndpoints(chainId: $chainId) { chainId } }',
    scope: 'signing:write',
    foreign: 'NO_IDS',
    variables: () => ({ chainId: HOME }),
  },
  rotateApiKey: {
    query: mutation('rotateApiKey', 'RotateApiKeyInput', 'apiKey { id } secret'),
    scope: 'key:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { apiKeyId: ids.apiKey, overlapHours: 1 } }),
    invalid: [
      ['apiKeyId', { apiKeyId: 'x' }],
      ['overlapHours', { overlapHours: 169 }],
    ],
  },
  revokeApiKey: {
    query: mutation('revokeApiKey', 'RevokeApiKeyInput', 'apiKey { id revokedAt }'),
    scope: 'key:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { apiKeyId: ids.apiKey } }),
    invalid: [['apiKeyId', { apiKeyId: 'x' }]],
  },
} satisfies Record<string, Operation>;
