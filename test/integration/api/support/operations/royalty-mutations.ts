import { encodeGlobalId } from '../../../../../schema/global-id';
import { HOLDER } from '../samples';
import { mutation, type Operation } from './operation';

/** A policy as a client states it: all is the artist's. */
export const samplePolicy = {
  expectedRevision: 0,
  royaltyBps: 500,
  splits: [{ account: HOLDER, role: 'ARTIST', shareBps: 10_000 }],
  primaryWallet: HOLDER,
  paymentWindowSeconds: 86_400,
};

const PROJECT = encodeGlobalId('Project', '11111111-1111-4111-8111-111111111111');
/** A consent that is over. */
const consent = { nonce: `0x${'1'.repeat(64)}`, deadline: '1', signature: '0x00' };

/** Royalty policies, and what people tell of payments. */
export const royaltyMutations = {
  setRoyaltyPolicy: {
    query: mutation('setRoyaltyPolicy', 'SetRoyaltyPolicyInput', 'policy { revision hash }'),
    scope: 'royalty:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { projectId: ids.project, ...samplePolicy } }),
    invalid: [
      ['projectId', { projectId: 'nonsense' }],
      ['royaltyBps', { royaltyBps: 10_001 }],
      ['splits', { splits: [] }],
      ['splits.0.shareBps', { splits: [{ account: HOLDER, role: 'ARTIST', shareBps: 10_001 }] }],
      ['currencies.0.threshold', { currencies: [{ asset: 'eip155:11155111/slip44:60', threshold: '0.5' }] }],
      ['paymentWindowSeconds', { paymentWindowSeconds: -1 }],
      ['effectiveFrom', { effectiveFrom: '2100-01-01T00:00:00Z' }],
      ['consent.nonce', { consent: { ...consent, nonce: '0x00' } }],
      ['operators.0', { operators: ['nobody'] }],
      ['operators', { operators: ['0x52908400098527886E0F7030069857D2E4169EE7'] }],
      ['$input', { primaryWallet: '0x52908400098527886E0F7030069857D2E4169EE7' }],
    ],
  },
  stateRoyaltyPolicy: {
    query: mutation('stateRoyaltyPolicy', 'StateRoyaltyPolicyInput', 'actions { id registry { id } }'),
    scope: 'royalty:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: {
        registryId: ids.registry,
        revision: 1,
        hash: `0x${'1'.repeat(64)}`,
        reason: 'the Safe agreed',
      },
    }),
    invalid: [
      ['registryId', { registryId: 'nonsense' }],
      ['revision', { revision: -1 }],
      ['hash', { hash: '0x12' }],
      ['reason', { reason: '' }],
    ],
  },
  prepareArtistConsent: {
    query: mutation(
      'prepareArtistConsent',
      'PrepareArtistConsentInput',
      'preparedConsent { wallet typedData walletDelaySeconds }',
    ),
    scope: 'project:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: { operation: 'cancelRoyaltyWalletChange', change: { projectId: ids.project, number: 1 } },
    }),
    invalid: [
      ['change.projectId', { change: { projectId: 'x', number: 1 } }],
      ['change.number', { change: { projectId: PROJECT, number: 0 } }],
      ['validForSeconds', { validForSeconds: 59 }],
      ['validForSeconds', { validForSeconds: 2_592_001 }],
    ],
  },
  requestRoyaltyWalletChange: {
    query: mutation(
      'requestRoyaltyWalletChange',
      'RequestRoyaltyWalletChangeInput',
      'walletChange { number state effectiveAt }',
    ),
    scope: 'project:write',
    foreign: 'NOT_FOUND',
    refused: 'ARTIST_CONSENT_EXPIRED',
    variables: (ids) => ({
      input: { projectId: ids.project, expectedRevision: 1, newWallet: HOLDER, consent },
    }),
    invalid: [
      ['projectId', { projectId: 'nonsense' }],
      ['expectedRevision', { expectedRevision: 0 }],
      ['consent.signature', { consent: { ...consent, signature: '' } }],
    ],
  },
  cancelRoyaltyWalletChange: {
    query: mutation(
      'cancelRoyaltyWalletChange',
      'CancelRoyaltyWalletChangeInput',
      'walletChange { number state cancelledBy }',
    ),
    scope: 'project:write',
    foreign: 'NOT_FOUND',
    refused: 'ARTIST_CONSENT_EXPIRED',
    variables: (ids) => ({ input: { projectId: ids.project, number: 1, consent } }),
    invalid: [
      ['projectId', { projectId: 'nonsense' }],
      ['number', { number: 0 }],
      ['consent.deadline', { consent: { ...consent, deadline: '-1' } }],
    ],
  },
  vetoRoyaltyWalletChange: {
    query: mutation(
      'vetoRoyaltyWalletChange',
      'VetoRoyaltyWalletChangeInput',
      'walletChange { number state cancelledBy }',
    ),
    scope: 'owner:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { projectId: ids.project, number: 1 } }),
    invalid: [
      ['projectId', { projectId: 'nonsense' }],
      ['number', { number: 0 }],
    ],
  },
  attributePayment: {
    query: mutation(
      'attributePayment',
      'AttributePaymentInput',
      'attribution { amount settled standing sale { id } }',
    ),
    scope: 'royalty:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: { paymentId: ids.payment, saleId: ids.sale, amount: '5', reason: 'The buyer says so.' },
    }),
    invalid: [
      ['paymentId', { paymentId: 'nonsense' }],
      ['saleId', { saleId: 'nonsense' }],
      ['amount', { amount: '0.5' }],
      ['settles', { settles: '-1' }],
      ['reason', { reason: ' ' }],
    ],
  },
  withdrawAttribution: {
    query: mutation('withdrawAttribution', 'WithdrawAttributionInput', 'attribution { standing }'),
    scope: 'royalty:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { paymentId: ids.payment, saleId: ids.sale } }),
    invalid: [['paymentId', { paymentId: 'nonsense' }]],
  },
} satisfies Record<string, Operation>;
