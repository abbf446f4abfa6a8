import { HOLDER, HOME, MIRROR } from '../samples';
import { mutation, type Operation } from './operation';

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

/** Projects, registries, works and their travel. */
export const registryMutations = {
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
      ['$input', { owner: '0x52908400098527886E0F7030069857D2E4169EE7' }],
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
} satisfies Record<string, Operation>;
