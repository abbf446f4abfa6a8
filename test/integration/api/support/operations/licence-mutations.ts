import { STANDARD_TEMPLATES } from '../../../../../domain/licensing/standard-templates';
import { HOLDER, HOME, SAMPLE_GRANT } from '../samples';
import { mutation, type Operation } from './operation';

const NO_CONSENT = { nonce: '0x00', deadline: '1', signature: '0x00' };
const onOffer = (registryId: string) => ({ registryId, chainId: HOME, offerId: '0' });

/** Licences: texts, offers, grants. */
export const licenceMutations = {
  addLicenceTemplate: {
    query: mutation('addLicenceTemplate', 'AddLicenceTemplateInput', 'template { hash family odrl }'),
    scope: 'registry:write',
    foreign: 'NO_IDS',
    variables: () => ({
      input: {
        name: 'Gallery licence',
        uri: 'https://gallery.example/licence',
        text: 'You may show the work.',
        terms: { commercial: false, derivatives: 'NONE', attribution: true },
      },
    }),
    invalid: [
      ['uri', { uri: 'nowhere' }],
      ['text', { text: '' }],
      [
        'terms.revenueShareBps',
        { terms: { commercial: true, derivatives: 'NONE', attribution: true, revenueShareBps: 10_001 } },
      ],
    ],
  },
  offerLicence: {
    query: mutation('offerLicence', 'OfferLicenceInput', 'action { id kind registry { id } }'),
    scope: 'registry:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: {
        registryId: ids.registry,
        chainId: HOME,
        templateHash: STANDARD_TEMPLATES[1]?.hash,
        price: '10000000000000000',
        termSeconds: 31_536_000,
        revocable: true,
        workIds: [ids.work],
        reason: 'the spring drop',
      },
    }),
    invalid: [
      ['registryId', { registryId: 'x' }],
      ['templateHash', { templateHash: '0x00' }],
      ['price', { price: '-1' }],
      ['price', { price: `${2n ** 256n}` }],
      ['termSeconds', { termSeconds: 0 }],
      ['currency', { currency: '0x52908400098527886E0F7030069857D2E4169EE7' }],
      ['workIds', { workIds: [] }],
      ['workIds.0', { workIds: ['x'] }],
      ['consent.nonce', { consent: NO_CONSENT }],
    ],
  },
  withdrawLicenceOffer: {
    query: mutation('withdrawLicenceOffer', 'WithdrawLicenceOfferInput', 'action { id registry { id } }'),
    scope: 'registry:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { ...onOffer(ids.registry), reason: 'sold out' } }),
    invalid: [
      ['offerId', { offerId: '-1' }],
      ['reason', { reason: '' }],
    ],
  },
  grantLicence: {
    query: mutation('grantLicence', 'GrantLicenceInput', 'action { id registry { id } }'),
    scope: 'registry:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { ...onOffer(ids.registry), holder: HOLDER, reason: 'a prize' } }),
    invalid: [
      ['offerId', { offerId: '01' }],
      ['$input', { holder: '0x52908400098527886E0F7030069857D2E4169EE7' }],
    ],
  },
  revokeLicence: {
    query: mutation('revokeLicence', 'RevokeLicenceInput', 'action { id registry { id } }'),
    scope: 'registry:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: { registryId: ids.registry, grantId: SAMPLE_GRANT, reason: 'used for a hateful end' },
    }),
    invalid: [
      ['grantId', { grantId: '0x00' }],
      ['reason', { reason: ' ' }],
    ],
  },
  prepareBuyLicence: {
    query: mutation('prepareBuyLicence', 'PrepareBuyLicenceInput', 'preparedCalls { to data valueWei }'),
    scope: 'registry:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { ...onOffer(ids.registry), buyer: HOLDER } }),
    invalid: [['offerId', { offerId: 'first' }]],
  },
  replicateLicence: {
    query: mutation('replicateLicence', 'ReplicateLicenceInput', 'licence { grantId registry { id } }'),
    scope: 'dispatch:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { registryId: ids.registry, grantId: SAMPLE_GRANT } }),
    invalid: [['grantId', { grantId: 'x' }]],
  },
} satisfies Record<string, Operation>;
