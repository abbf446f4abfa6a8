import { randomUUID } from 'node:crypto';
import { generatePrivateKey } from 'viem/accounts';
import type { Scope } from '../../../../schema/scopes';
import { HOLDER, HOME, MIRROR, SAMPLE_MANIFEST_HASH } from './samples';

/** Global ids of one tenant's rows. */
export interface Ids {
  /** Another tenant, which is suspended and exported. */
  readonly leavingTenant: string;
  readonly project: string;
  readonly registry: string;
  readonly work: string;
  readonly dispatch: string;
  readonly guardAction: string;
  readonly webhookEndpoint: string;
  readonly webhookDelivery: string;
  readonly apiKey: string;
  readonly member: string;
  /** These two are not global. */
  readonly session: string;
  readonly tenant: string;
  readonly signingKey: string;
}

/** To be filled in as rows are made. */
export const NO_ROWS: Ids = {
  leavingTenant: '',
  project: '',
  registry: '',
  work: '',
  dispatch: '',
  guardAction: '',
  webhookEndpoint: '',
  webhookDelivery: '',
  apiKey: '',
  member: '',
  session: '',
  tenant: '',
  signingKey: '',
};

/** How an operation must answer to ids that are another tenant's. */
export const Foreign = {
  /** as if there were no such row */
  NOT_FOUND: 'NOT_FOUND',
  /** with null */
  NULL: 'NULL',
  /** with a list that shows none of that tenant's rows */
  ABSENT: 'ABSENT',
  /** it takes no id and shows no tenant's rows but the caller's */
  NO_IDS: 'NO_IDS',
  /** it asks for no key, and shows and does nothing without a secret of one of the tenant's people */
  SECRET: 'SECRET',
  /** not at all: it is the platform operator's */
  FORBIDDEN: 'FORBIDDEN',
} as const;

/** An operation of the API with valid input, for tests that go over all of them. */
export interface Operation {
  readonly query: string;
  readonly scope: Scope | 'operator' | 'person' | 'nobody';
  readonly foreign: keyof typeof Foreign;
  variables(ids: Ids): Record<string, unknown>;
  /** The code that it answers its own tenant with, for it wants a secret that is made up here. */
  readonly refused?: string;
  /** The mutation that undoes it, when other operations are refused after it. */
  readonly undoneBy?: string;
  /** Inputs that must be refused: the field that is named, and what is put into `input`. */
  readonly invalid?: readonly (readonly [field: string, over: object])[];
}

const none = () => ({});
const mutation = (name: string, type: string, selection: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
const byId = (name: string) => `query ($id: ID!) { ${name}(id: $id) { id } }`;
const list = (name: string) => `{ ${name} { totalCount edges { node { id } } } }`;
const gateLane = (name: string): Operation => ({
  query: mutation(name, 'GateLaneInput', 'action { id registry { id } }'),
  scope: 'guard:write',
  foreign: 'NOT_FOUND',
  variables: (ids) => ({
    input: {
      registryId: ids.registry,
      sourceChainId: HOME,
      destinationChainId: MIRROR,
      transport: 'CCIP',
      reason: 'a verifier was changed',
    },
  }),
  invalid: [
    ['registryId', { registryId: 'x' }],
    ['reason', { reason: ' ' }],
    ['$input', { transport: 'PIGEON' }],
  ],
});
const freezeWork = (name: string): Operation => ({
  query: mutation(name, 'FreezeWorkInput', 'action { id work { id } }'),
  scope: 'guard:write',
  foreign: 'NOT_FOUND',
  variables: (ids) => ({ input: { workId: ids.work, reason: 'reported as stolen' } }),
  invalid: [
    ['workId', { workId: 'x' }],
    ['reason', { reason: 'x'.repeat(501) }],
  ],
});
const onStatement = (name: string): Operation => ({
  query: mutation(name, 'StatementInput', 'action { id dispatch { id } }'),
  scope: 'guard:write',
  foreign: 'NOT_FOUND',
  variables: (ids) => ({ input: { dispatchId: ids.dispatch, reason: 'it looks forged' } }),
  invalid: [
    ['dispatchId', { dispatchId: 'x' }],
    ['reason', { reason: '' }],
  ],
});
/** Of no account, and of no message that anybody asked for. */
const SIGNED = { message: 'hello', signature: '0x00' };
const onTenant = (
  name: string,
  type: string,
  more: object,
  invalid: Operation['invalid'] = [],
): Operation => ({
  query: mutation(name, type, 'tenant { tenantId state pool }'),
  scope: 'operator',
  foreign: 'FORBIDDEN',
  variables: (ids) => ({ input: { tenantId: ids.tenant, ...more } }),
  invalid: [['tenantId', { tenantId: 'x' }], ...invalid],
});
const NONCE = '0f0e0d0c-0b0a-4908-8706-050403020100';
const tooLarge = { note: 'x'.repeat(1_048_577) };

export const sampleProjectInput = {
  name: 'Tides',
  artistName: 'Ada',
  artistAccount: HOLDER,
  script: 'draw()',
  editionCap: 10,
  royaltyBps: 0,
  licence: 'CC0-1.0',
};

/** Every mutation of the schema; a test fails when one is missing here. */
export const MUTATIONS: Readonly<Record<string, Operation>> = {
  createTenant: {
    query: mutation('createTenant', 'CreateTenantInput', 'tenant { tenantId }'),
    scope: 'operator',
    foreign: 'NO_IDS',
    variables: () => ({ input: { name: 'Gallery' } }),
    invalid: [['name', { name: '' }]],
  },
  suspendTenant: {
    ...onTenant('suspendTenant', 'SuspendTenantInput', { reason: 'not paid' }, [
      ['reason', { reason: ' ' }],
      ['reason', { reason: 'x'.repeat(501) }],
    ]),
    undoneBy: 'resumeTenant',
  },
  resumeTenant: onTenant('resumeTenant', 'ResumeTenantInput', {}),
  setPlan: {
    query: mutation('setPlan', 'SetPlanInput', 'plan { plan quotas { works } tenants }'),
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: () => ({ input: { plan: 'gallery', quotas: { works: 10_000 } } }),
    invalid: [
      ['plan', { plan: 'The Best' }],
      ['quotas.works', { quotas: { works: -1 } }],
      ['quotas.dispatchesPerDay', { quotas: { dispatchesPerDay: 1.5 } }],
      ['quotas.apiRequestsPerMinute', { quotas: { apiRequestsPerMinute: 0 } }],
    ],
  },
  assignPlan: onTenant('assignPlan', 'AssignPlanInput', { plan: 'unlimited', overrides: { works: null } }, [
    ['plan', { plan: '' }],
    ['overrides.storageBytes', { overrides: { storageBytes: -1 } }],
  ]),
  assignPool: onTenant('assignPool', 'AssignPoolInput', { pool: 'shared', relayWeight: 2 }, [
    ['pool', { pool: 'Fast.Lane' }],
    ['relayWeight', { relayWeight: 101 }],
    ['maxJobsInFlight', { maxJobsInFlight: 0 }],
  ]),
  deleteTenant: {
    query: mutation(
      'deleteTenant',
      'DeleteTenantInput',
      'tombstone { tenantId manifestHash auditHash erasedAt }',
    ),
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: (ids) => ({ input: { tenantId: ids.leavingTenant, manifestHash: SAMPLE_MANIFEST_HASH } }),
    invalid: [
      ['tenantId', { tenantId: 'x' }],
      ['manifestHash', { manifestHash: 'x' }],
    ],
  },
  createProject: {
    query: mutation('createProject', 'CreateProjectInput', 'project { id }'),
    scope: 'project:write',
    foreign: 'NO_IDS',
    variables: () => ({ input: sampleProjectInput }),
    invalid: [['name', { name: '' }]],
  },
  createRegistry: {
    query: mutation('createRegistry', 'CreateRegistryInput', 'registry { id project { id } }'),
    scope: 'registry:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: {
        projectId: ids.project,
        name: 'Tides',
        symbol: 'TIDE',
        homeChainId: HOME,
        mirrorChainIds: [MIRROR],
        travelLimit: { capacity: 10, perDay: 20 },
      },
    }),
    invalid: [
      ['projectId', { projectId: 'nonsense' }],
      ['symbol', { symbol: 'x'.repeat(21) }],
      ['mirrorChainIds', { mirrorChainIds: [] }],
      ['mirrorChainIds', { mirrorChainIds: [HOME] }],
      ['travelLimit', { travelLimit: { capacity: 0, perDay: 20 } }],
      ['$input', { homeChainId: '11155111' }],
      ['$input', { releasePolicy: 'NONE' }],
    ],
  },
  mintWork: {
    query: mutation('mintWork', 'MintWorkInput', 'work { id registry { id } }'),
    scope: 'work:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { registryId: ids.registry, to: HOLDER } }),
    invalid: [
      ['registryId', { registryId: '' }],
      ['$input', { to: '0x52908400098527886E0F7030069857D2E4169EE7' }],
      ['metadata', { metadata: tooLarge }],
      ['artistSignature.nonce', { artistSignature: { nonce: 'any', signature: '0x00' } }],
      ['artistSignature.signature', { artistSignature: { nonce: NONCE, signature: 'signed' } }],
    ],
  },
  adoptCollection: {
    query: mutation(
      'adoptCollection',
      'AdoptCollectionInput',
      'registry { id adoptedCollection adoptedPosture { owner codeChanged } project { id } }',
    ),
    scope: 'registry:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: {
        projectId: ids.project,
        name: 'Tides',
        symbol: 'TIDE',
        collection: `${HOME}/erc721:0x52908400098527886E0F7030069857D2E4169EE7`,
        mirrorChainIds: [MIRROR],
      },
    }),
    invalid: [
      ['collection', { collection: '0x52908400098527886E0F7030069857D2E4169EE7' }],
      ['collection', { collection: `${HOME}/erc721:0x52908400098527886e0f7030069857d2e4169EE7` }],
      ['collection', { collection: `${HOME}/erc20:0x52908400098527886E0F7030069857D2E4169EE7` }],
      ['mirrorChainIds', { mirrorChainIds: [HOME] }],
    ],
  },
  adoptWorks: {
    query: mutation('adoptWorks', 'AdoptWorksInput', 'works { id project { id } }'),
    scope: 'work:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { registryId: ids.registry, tokenIds: ['0', '42'] } }),
    invalid: [
      ['tokenIds', { tokenIds: [] }],
      ['tokenIds', { tokenIds: Array.from({ length: 51 }, (_, index) => `${index}`) }],
      ['tokenIds', { tokenIds: ['7', '7'] }],
      ['tokenIds.0', { tokenIds: ['007'] }],
      ['tokenIds.0', { tokenIds: [`${2n ** 256n}`] }],
    ],
  },
  mintWorks: {
    query: mutation('mintWorks', 'MintWorksInput', 'works { id project { id } }'),
    scope: 'work:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { registryId: ids.registry, works: [{ to: HOLDER }, { to: HOLDER }] } }),
    invalid: [
      ['works', { works: [] }],
      ['works', { works: Array.from({ length: 51 }, () => ({ to: HOLDER })) }],
      ['works.1.metadata', { works: [{ to: HOLDER }, { to: HOLDER, metadata: 'text' }] }],
    ],
  },
  prepareMintWorks: {
    query: mutation('prepareMintWorks', 'PrepareMintWorksInput', 'preparedMints { nonce typedData }'),
    scope: 'work:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { registryId: ids.registry, count: 2 } }),
    invalid: [
      ['registryId', { registryId: 'x' }],
      ['count', { count: 0 }],
      ['count', { count: 51 }],
    ],
  },
  updateMetadata: {
    query: mutation('updateMetadata', 'UpdateMetadataInput', 'work { id } dispatches { id }'),
    scope: 'work:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { workId: ids.work, metadata: { title: 'New' } } }),
    invalid: [
      ['workId', { workId: 'UHJvamVjdDox' }],
      ['metadata', { metadata: [] }],
      ['metadata', { metadata: tooLarge }],
    ],
  },
  prepareSendWork: {
    query: mutation('prepareSendWork', 'PrepareSendWorkInput', 'preparedSend { data }'),
    scope: 'dispatch:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { workId: ids.work, destinationChainId: MIRROR } }),
    invalid: [
      ['workId', { workId: 'x' }],
      ['$input', { destinationChainId: 'base' }],
    ],
  },
  sendWork: {
    query: mutation('sendWork', 'SendWorkInput', 'dispatch { id work { id } registry { id } }'),
    scope: 'dispatch:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { workId: ids.work, destinationChainId: MIRROR, lane: 'FASTEST' } }),
    invalid: [
      ['workId', { workId: 'x' }],
      ['$input', { lane: 'SLOWEST' }],
      ['permit.signature', { permit: { transport: 'CCIP', deadline: '1', signature: 'signed' } }],
      ['permit.deadline', { permit: { transport: 'CCIP', deadline: '-1', signature: '0x00' } }],
    ],
  },
  retryDispatch: {
    query: mutation('retryDispatch', 'RetryDispatchInput', 'dispatch { id }'),
    scope: 'dispatch:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { dispatchId: ids.dispatch } }),
    invalid: [['dispatchId', { dispatchId: 'x' }]],
  },
  pauseLane: gateLane('pauseLane'),
  resumeLane: gateLane('resumeLane'),
  setTravelLimit: {
    query: mutation(
      'setTravelLimit',
      'SetTravelLimitInput',
      'actions { id registry { id } limit { capacity } }',
    ),
    scope: 'guard:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: {
        registryId: ids.registry,
        sourceChainId: HOME,
        destinationChainId: MIRROR,
        capacity: 500,
        perDay: 2_000,
        reason: 'a drop',
      },
    }),
    invalid: [
      ['capacity', { capacity: 0 }],
      ['perDay', { perDay: 1_000_000_001 }],
      ['reason', { reason: ' ' }],
    ],
  },
  freezeWork: freezeWork('freezeWork'),
  unfreezeWork: freezeWork('unfreezeWork'),
  holdStatement: {
    query: mutation('holdStatement', 'HoldStatementInput', 'action { id dispatch { id } }'),
    scope: 'guard:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { dispatchId: ids.dispatch, seconds: 3_600, reason: 'it looks forged' } }),
    invalid: [
      ['dispatchId', { dispatchId: 'x' }],
      ['seconds', { seconds: 0 }],
      ['seconds', { seconds: 259_201 }],
    ],
  },
  releaseStatement: onStatement('releaseStatement'),
  voidMessage: onStatement('voidMessage'),
  retireChain: {
    query: mutation('retireChain', 'RetireChainInput', 'action { id registry { id } ownersFile }'),
    scope: 'guard:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: { registryId: ids.registry, chainId: MIRROR, reason: 'its sequencer is gone' },
    }),
    invalid: [
      ['registryId', { registryId: 'x' }],
      ['chainId', { chainId: '1' }],
      ['reason', { reason: '' }],
    ],
  },
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
  inviteMember: {
    query: mutation('inviteMember', 'InviteMemberInput', 'member { id email role state } invitation'),
    scope: 'member:write',
    foreign: 'NO_IDS',
    variables: () => ({ input: { email: `${randomUUID()}@example.org`, name: 'Ada', role: 'OPERATOR' } }),
    invalid: [
      ['email', { email: 'ada' }],
      ['name', { name: ' ' }],
      ['$input', { role: 'EMPEROR' }],
    ],
  },
  renewInvitation: {
    query: mutation('renewInvitation', 'MemberInput', 'member { id } invitation'),
    scope: 'member:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { memberId: ids.member } }),
    invalid: [['memberId', { memberId: 'x' }]],
  },
  changeMemberRole: {
    query: mutation('changeMemberRole', 'ChangeMemberRoleInput', 'member { id role }'),
    scope: 'member:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { memberId: ids.member, role: 'ARTIST' } }),
    invalid: [
      ['memberId', { memberId: 'x' }],
      ['$input', { role: 'EMPEROR' }],
    ],
  },
  removeMember: {
    query: mutation('removeMember', 'MemberInput', 'member { id state }'),
    scope: 'member:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { memberId: ids.member } }),
    invalid: [['memberId', { memberId: 'x' }]],
  },
  setIdentityProvider: {
    query: mutation('setIdentityProvider', 'SetIdentityProviderInput', 'identityProvider { issuer }'),
    scope: 'owner:write',
    foreign: 'NO_IDS',
    variables: () => ({ input: { issuer: 'http://127.0.0.1:1', clientId: 'us', clientSecret: 'secret' } }),
    refused: 'IDENTITY_PROVIDER_FAILED',
    invalid: [
      ['issuer', { issuer: 'login' }],
      ['issuer', { issuer: 'https://10.0.0.1' }],
      ['clientId', { clientId: '' }],
      ['clientSecret', { clientSecret: '' }],
    ],
  },
  removeIdentityProvider: {
    query: 'mutation { removeIdentityProvider { identityProvider { issuer } } }',
    scope: 'owner:write',
    foreign: 'NO_IDS',
    variables: none,
  },
  acceptInvitation: {
    query: mutation('acceptInvitation', 'AcceptInvitationInput', 'token member { id }'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({
      input: {
        invitation: `colophon_invitation_${ids.tenant}_${'x'.repeat(43)}`,
        password: 'the tide comes in at six',
      },
    }),
    refused: 'INVITATION_OVER',
    invalid: [
      ['password', { password: 'short' }],
      ['password', { password: 'aaaaaaaaaaaaaaaaaaaaaaaa' }],
      ['password', { password: null }],
      ['password', { wallet: SIGNED }],
      ['wallet.signature', { wallet: { ...SIGNED, signature: 'ink' } }],
    ],
  },
  signIn: {
    query: mutation('signIn', 'SignInInput', 'token member { id }'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({ input: { tenantId: ids.tenant, email: 'ada@example.org', password: 'wrong' } }),
    refused: 'SIGN_IN_FAILED',
    invalid: [
      ['tenantId', { tenantId: 'x' }],
      ['email', { email: 'ada' }],
      ['password', { password: 'x'.repeat(201) }],
    ],
  },
  challengeWallet: {
    query: mutation('challengeWallet', 'ChallengeWalletInput', 'message nonce expiresAt'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({ input: { tenantId: ids.tenant, account: HOLDER } }),
    invalid: [
      ['tenantId', { tenantId: 'x' }],
      [
        'account',
        { account: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv' },
      ],
    ],
  },
  signInWithWallet: {
    query: mutation('signInWithWallet', 'SignInWithWalletInput', 'token member { id }'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({ input: { tenantId: ids.tenant, ...SIGNED } }),
    refused: 'SIGN_IN_FAILED',
    invalid: [
      ['tenantId', { tenantId: 'x' }],
      ['signature', { signature: 'ink' }],
      ['message', { message: 'x'.repeat(4_001) }],
    ],
  },
  beginOidcSignIn: {
    query: mutation('beginOidcSignIn', 'BeginOidcSignInInput', 'url state'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({ input: { tenantId: ids.tenant } }),
    refused: 'IDENTITY_PROVIDER_MISSING',
    invalid: [['tenantId', { tenantId: 'x' }]],
  },
  completeOidcSignIn: {
    query: mutation('completeOidcSignIn', 'CompleteOidcSignInInput', 'token member { id }'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({
      input: {
        tenantId: ids.tenant,
        state: '0',
        callbackUrl: 'https://console.example/sign-in/callback?code=1',
      },
    }),
    refused: 'SIGN_IN_EXPIRED',
    invalid: [
      ['tenantId', { tenantId: 'x' }],
      ['callbackUrl', { callbackUrl: '?code=1' }],
    ],
  },
  changePassword: {
    query: mutation('changePassword', 'ChangePasswordInput', 'sessions { method }'),
    scope: 'person',
    foreign: 'NO_IDS',
    variables: () => ({ input: { currentPassword: 'wrong', newPassword: 'the tide comes in at five' } }),
    refused: 'SIGN_IN_FAILED',
    invalid: [['newPassword', { newPassword: 'too short' }]],
  },
  linkWallet: {
    query: mutation('linkWallet', 'SignedMessageInput', 'sessions { method }'),
    scope: 'person',
    foreign: 'NO_IDS',
    variables: () => ({ input: SIGNED }),
    refused: 'SIGN_IN_FAILED',
    invalid: [['signature', { signature: 'ink' }]],
  },
  unlinkWallet: {
    query: mutation('unlinkWallet', 'UnlinkWalletInput', 'sessions { method }'),
    scope: 'person',
    foreign: 'NO_IDS',
    variables: () => ({ input: { account: HOLDER } }),
    refused: 'NOT_FOUND',
    invalid: [['$input', { account: 'ada' }]],
  },
  revokeSession: {
    query: mutation('revokeSession', 'RevokeSessionInput', 'sessions { method }'),
    scope: 'person',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { sessionId: ids.session } }),
    invalid: [['sessionId', { sessionId: 'x' }]],
  },
  signOut: {
    query: 'mutation { signOut { sessions { method } } }',
    scope: 'person',
    foreign: 'NO_IDS',
    variables: none,
  },
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
};

/** Every query of the schema. */
export const QUERIES: Readonly<Record<string, Operation>> = {
  me: { query: '{ me { tenant { tenantId } } }', scope: 'read', foreign: 'NO_IDS', variables: none },
  tenants: {
    query: '{ tenants { totalCount edges { node { tenantId name } } } }',
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: none,
  },
  tenant: {
    query: 'query ($id: ID!) { tenant(id: $id) { tenantId name } }',
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: (ids) => ({ id: ids.tenant }),
  },
  plans: {
    query: '{ plans { plan tenants quotas { works } } }',
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: none,
  },
  workerPools: {
    query: '{ workerPools { pool workers tenants } }',
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: none,
  },
  platformAuditLog: {
    query: '{ platformAuditLog { totalCount edges { node { operation actor hash } } } }',
    scope: 'operator',
    foreign: 'FORBIDDEN',
    variables: none,
  },
  chains: { query: '{ chains { chainId } }', scope: 'read', foreign: 'NO_IDS', variables: none },
  project: {
    query: byId('project'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.project }),
  },
  registry: {
    query: byId('registry'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.registry }),
  },
  work: { query: byId('work'), scope: 'read', foreign: 'NOT_FOUND', variables: (ids) => ({ id: ids.work }) },
  dispatch: {
    query: byId('dispatch'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.dispatch }),
  },
  projects: { query: list('projects'), scope: 'read', foreign: 'ABSENT', variables: none },
  registries: { query: list('registries'), scope: 'read', foreign: 'ABSENT', variables: none },
  works: {
    query: `query ($id: ID!) { works { edges { node { id } } } filtered: works(filter: { registryId: $id }) { totalCount edges { node { id } } } }`,
    scope: 'read',
    foreign: 'ABSENT',
    variables: (ids) => ({ id: ids.registry }),
  },
  dispatches: {
    query: `query ($id: ID!) { dispatches { edges { node { id } } } filtered: dispatches(filter: { workId: $id }) { totalCount edges { node { id } } } }`,
    scope: 'read',
    foreign: 'ABSENT',
    variables: (ids) => ({ id: ids.work }),
  },
  provenance: {
    query: 'query ($id: ID!) { provenance(workId: $id) { totalCount } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.work }),
  },
  lanes: {
    query: 'query ($id: ID!) { lanes(registryId: $id) { transport } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.registry }),
  },
  auditLog: {
    query: '{ auditLog { totalCount edges { node { operation actor hash } } } }',
    scope: 'audit:read',
    foreign: 'ABSENT',
    variables: none,
  },
  signingKeys: { query: list('signingKeys'), scope: 'read', foreign: 'ABSENT', variables: none },
  feeLimits: {
    query: '{ feeLimits { chainId maxFeePerGasWei maxTotalFeeWei } }',
    scope: 'read',
    foreign: 'NO_IDS',
    variables: none,
  },
  rpcEndpoints: {
    query: '{ rpcEndpoints { chainId hosts fallback lastErrorCode lastErrorAt } }',
    scope: 'read',
    foreign: 'NO_IDS',
    variables: none,
  },
  apiKeys: { query: list('apiKeys'), scope: 'read', foreign: 'ABSENT', variables: none },
  guardActions: { query: list('guardActions'), scope: 'read', foreign: 'ABSENT', variables: none },
  webhookEndpoint: {
    query: byId('webhookEndpoint'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.webhookEndpoint }),
  },
  webhookEndpoints: { query: list('webhookEndpoints'), scope: 'read', foreign: 'ABSENT', variables: none },
  webhookDelivery: {
    query: byId('webhookDelivery'),
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.webhookDelivery }),
  },
  webhookDeliveries: {
    query:
      'query ($id: ID!) { webhookDeliveries(endpointId: $id) { totalCount edges { node { id endpoint { id } } } } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.webhookEndpoint }),
  },
  members: {
    query: list('members'),
    scope: 'member:read',
    foreign: 'ABSENT',
    variables: none,
  },
  identityProvider: {
    query: '{ identityProvider { issuer } }',
    scope: 'member:read',
    foreign: 'NO_IDS',
    variables: none,
  },
  node: {
    query: `query ($p: ID!, $r: ID!, $w: ID!, $d: ID!, $g: ID!, $e: ID!, $v: ID!, $k: ID!, $m: ID!, $s: ID!) {
      p: node(id: $p) { id } r: node(id: $r) { id } w: node(id: $w) { id } d: node(id: $d) { id }
      g: node(id: $g) { id } e: node(id: $e) { id } v: node(id: $v) { id } k: node(id: $k) { id }
      m: node(id: $m) { id } s: node(id: $s) { id } }`,
    scope: 'read',
    foreign: 'NULL',
    variables: (ids) => ({
      p: ids.project,
      r: ids.registry,
      w: ids.work,
      d: ids.dispatch,
      g: ids.guardAction,
      e: ids.webhookEndpoint,
      v: ids.webhookDelivery,
      k: ids.apiKey,
      m: ids.member,
      s: ids.signingKey,
    }),
  },
};

/** Every subscription of the schema. */
export const SUBSCRIPTIONS: Readonly<Record<string, Operation>> = {
  workUpdated: {
    query: 'subscription ($id: ID!) { workUpdated(workId: $id) { id } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.work }),
  },
  dispatchUpdated: {
    query: 'subscription ($id: ID) { dispatchUpdated(dispatchId: $id) { id } }',
    scope: 'read',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ id: ids.dispatch }),
  },
};
