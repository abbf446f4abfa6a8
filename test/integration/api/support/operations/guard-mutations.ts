import { HOLDER, HOME, MIRROR } from '../samples';
import { mutation, type Operation } from './operation';

const NONCE = `0x${'1'.repeat(64)}`;

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

/** Lanes, works and statements that are guarded. */
export const guardMutations = {
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
  setRegistryRole: {
    query: mutation(
      'setRegistryRole',
      'SetRegistryRoleInput',
      'action { id registry { id } preparedCalls { from } }',
    ),
    scope: 'owner:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: { registryId: ids.registry, role: 'GUARDIAN', account: HOLDER, reason: 'a security council' },
    }),
    invalid: [
      ['registryId', { registryId: 'x' }],
      ['account', { account: `${HOME}:0x${'0'.repeat(40)}` }],
      ['reason', { reason: '' }],
      ['consent.nonce', { consent: { nonce: '0x00', deadline: '1', signature: '0x00' } }],
      ['consent.deadline', { consent: { nonce: NONCE, deadline: '-1', signature: '0x00' } }],
    ],
  },
  prepareOwnerConsent: {
    query: mutation('prepareOwnerConsent', 'PrepareOwnerConsentInput', 'preparedConsent { owner typedData }'),
    scope: 'registry:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: {
        operation: 'setRegistryRole',
        change: { registryId: ids.registry, role: 'GUARDIAN', account: HOLDER, reason: 'a council' },
      },
    }),
    invalid: [
      ['change.registryId', { change: { registryId: 'x', role: 'OWNER', account: HOLDER, reason: 'r' } }],
      ['validForSeconds', { validForSeconds: 59 }],
      ['validForSeconds', { validForSeconds: 2_592_001 }],
    ],
  },
} satisfies Record<string, Operation>;
