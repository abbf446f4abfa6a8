import { evmAccountId } from '../../schema/caip';
import { registryIdSchema } from '../../schema/ids';
import type { LicenceOffer, LicenceTemplate, LicenceTerms } from '../../schema/types/licence';
import { ADA, BOB } from '../../test/support/travel-events';
import { HOME } from '../../test/support/travel-steps';
import { licenceOdrl, offerOdrl, templateOdrl } from './odrl';
import { STANDARD_TEMPLATES } from './standard-templates';
import { ownTemplate, textHash } from './template-document';

const UUID = '6f6b1a52-9d6e-4f0e-8d2a-1f4c1a0b2c3d';
const named = (name: string): LicenceTemplate => {
  const template = STANDARD_TEMPLATES.find((candidate) => candidate.name === name);
  if (template === undefined) throw new Error(`no template ${name}`);
  return template;
};
const own = (terms: Partial<LicenceTerms>) =>
  ownTemplate('You may show it.', {
    name: 'own',
    uri: 'https://gallery.example/licence',
    terms: { ...named('CBE-PERSONAL').terms, ...terms },
  });
const offer: LicenceOffer = {
  id: UUID,
  registryId: registryIdSchema.parse(UUID),
  chainId: HOME,
  offerId: '3',
  templateHash: named('CC-BY-SA-4.0').hash,
  currency: null,
  price: '1000000000000000000',
  termSeconds: 86_400,
  closesAt: new Date('2027-01-01T00:00:00Z'),
  transferable: false,
  revocable: true,
  tokenIds: [],
  withdrawn: false,
  provisional: false,
};
const targets = [`${HOME}/erc721:0x52908400098527886E0F7030069857D2E4169EE7`];

test('every standard template has a hash of its own, which anyone can compute from its document', () => {
  expect(new Set(STANDARD_TEMPLATES.map(({ hash }) => hash)).size).toBe(STANDARD_TEMPLATES.length);
  for (const { hash, document, uri } of STANDARD_TEMPLATES) {
    expect(textHash(document)).toBe(hash);
    expect(JSON.parse(document)).toMatchObject({ uri });
  }
});

test('the hashes of standard templates never change: grants on chains carry them', () => {
  const all = STANDARD_TEMPLATES.map(({ hash }) => hash).join();
  expect(textHash(all)).toBe('0x8abd6e0d77d4da19468b6335fb65e570783bed377e0a2e06ee43425903f2818e');
});

test('an own template is known by the hash of its very text', () => {
  expect(own({})).toMatchObject({ family: 'OWN', hash: textHash('You may show it.') });
  expect(textHash('You may show it. ')).not.toBe(own({}).hash);
});

test('a template allows what its terms allow, forbids the rest, and names the duties', () => {
  expect(templateOdrl(named('CC-BY-SA-4.0'))).toMatchObject({
    '@type': 'Set',
    uid: `urn:keccak256:${named('CC-BY-SA-4.0').hash.slice(2)}`,
    'dcterms:license': 'https://creativecommons.org/licenses/by-sa/4.0/legalcode',
    permission: [
      {
        action: ['display', 'reproduce', 'distribute', 'derive', 'cc:CommercialUse'],
        duty: [{ action: 'cc:Attribution' }, { action: 'cc:ShareAlike' }],
      },
    ],
  });
  expect(templateOdrl(named('CC-BY-SA-4.0'))).not.toHaveProperty('prohibition');
  expect(templateOdrl(named('CC-BY-NC-ND-4.0'))).toMatchObject({
    permission: [{ action: ['display', 'reproduce', 'distribute'] }],
    prohibition: [{ action: ['cc:CommercialUse', 'derive'] }],
  });
});

test('what ODRL has no word for, exclusivity and hateful use, is said in words of our own', () => {
  expect(templateOdrl(named('CBE-EXCLUSIVE'))).toMatchObject({ 'colophon:exclusive': true });
  expect(templateOdrl(named('CBE-PERSONAL-NO-HATE'))).toMatchObject({ 'colophon:endsWith': 'hate' });
  expect(templateOdrl(named('CBE-PERSONAL'))).not.toHaveProperty('colophon:endsWith');
});

test('a share of revenue is a duty in per cent', () => {
  const shared = JSON.stringify(templateOdrl(named('PIL-COMMERCIAL-REMIX-5')));
  expect(shared).toContain('"leftOperand":"percentage","operator":"eq","rightOperand":{"@value":"5"');
});

test('an offer names its price in base units of its asset, its term and its end', () => {
  const odrl = offerOdrl(named('CC-BY-SA-4.0'), offer, { targets, assigner: evmAccountId(HOME, ADA) });
  expect(odrl).toMatchObject({
    '@type': 'Offer',
    permission: [
      {
        target: targets,
        assigner: evmAccountId(HOME, ADA),
        constraint: [
          { leftOperand: 'elapsedTime', operator: 'lteq', rightOperand: { '@value': 'PT86400S' } },
          { leftOperand: 'dateTime', operator: 'lt', rightOperand: { '@value': '2027-01-01T00:00:00.000Z' } },
        ],
      },
    ],
    obligation: [
      { action: [{ refinement: [{ leftOperand: 'payAmount', rightOperand: { '@value': offer.price } }] }] },
    ],
  });
  expect(offerOdrl(own({}), { ...offer, price: '0' }, { targets })).not.toHaveProperty('obligation');
});

test('a licence is an agreement with whoever has it, until it expires', () => {
  const licence = { grantId: `0x${'9'.repeat(64)}`, expiresAt: new Date('2027-01-01T00:00:00Z') };
  const scope = { targets, assigner: evmAccountId(HOME, ADA), assignee: evmAccountId(HOME, BOB) };
  expect(licenceOdrl(own({}), licence, scope)).toMatchObject({
    '@type': 'Agreement',
    permission: [{ assignee: evmAccountId(HOME, BOB), constraint: [{ leftOperand: 'dateTime' }] }],
  });
  const forEver = licenceOdrl(own({}), { ...licence, expiresAt: null }, scope) as {
    permission: readonly object[];
  };
  expect(forEver.permission[0]).not.toHaveProperty('constraint');
});
