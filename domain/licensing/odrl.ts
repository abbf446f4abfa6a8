import type { LicenceOffer, LicenceTemplate, LicenceTerms } from '../../schema/types/licence';
import { Derivatives } from '../../schema/types/licence';

/** What a rule of ODRL is about. */
interface OdrlScope {
  /** The works by CAIP-19, or the project. */
  readonly targets: readonly string[];
  readonly assigner?: string;
  readonly assignee?: string;
  readonly constraints?: readonly object[];
}

const CONTEXT = [
  'http://www.w3.org/ns/odrl.jsonld',
  { cc: 'http://creativecommons.org/ns#', colophon: 'urn:colophon:' },
];

/** The policy of a template, of the W3C's ODRL 2.2 (https://www.w3.org/TR/odrl-model, read 2026-11): it names no parties. */
export function templateOdrl({ hash, uri, terms }: LicenceTemplate): object {
  return policy('Set', `urn:keccak256:${hash.slice(2)}`, uri, terms, { targets: [] });
}

/** What an offer lets whoever pays its price do. */
export function offerOdrl(
  template: LicenceTemplate,
  offer: LicenceOffer,
  scope: Pick<OdrlScope, 'targets' | 'assigner'>,
): object {
  const { chainId, offerId, price, currency, termSeconds, closesAt } = offer;
  const compensation = {
    action: [
      {
        'rdf:value': { '@id': 'odrl:compensate' },
        refinement: [
          {
            leftOperand: 'payAmount',
            operator: 'eq',
            rightOperand: { '@value': price, '@type': 'xsd:integer' },
            // base units of the asset, by CAIP-19
            unit: currency ?? `${chainId}/native`,
          },
        ],
      },
    ],
  };
  const constraints = [
    ...(termSeconds === null ? [] : [compare('elapsedTime', 'lteq', `PT${termSeconds}S`, 'xsd:duration')]),
    ...(closesAt === null ? [] : [compare('dateTime', 'lt', closesAt.toISOString(), 'xsd:dateTime')]),
  ];
  const uid = `urn:colophon:offer:${chainId}:${offerId}`;
  const made = policy('Offer', uid, template.uri, template.terms, { ...scope, constraints });
  return BigInt(price) === 0n ? made : { ...made, obligation: [compensation] };
}

/** What somebody who has a licence may do. */
export function licenceOdrl(
  template: LicenceTemplate,
  { grantId, expiresAt }: { readonly grantId: string; readonly expiresAt: Date | null },
  scope: Pick<OdrlScope, 'targets' | 'assigner' | 'assignee'>,
): object {
  const constraints =
    expiresAt === null ? [] : [compare('dateTime', 'lt', expiresAt.toISOString(), 'xsd:dateTime')];
  const uid = `urn:colophon:licence:${grantId}`;
  return policy('Agreement', uid, template.uri, template.terms, { ...scope, constraints });
}

function policy(type: string, uid: string, uri: string, terms: LicenceTerms, scope: OdrlScope): object {
  const rule = (actions: readonly string[], more: object = {}) => ({
    ...(scope.targets.length > 0 && { target: [...scope.targets] }),
    ...(scope.assigner !== undefined && { assigner: scope.assigner }),
    ...(scope.assignee !== undefined && { assignee: scope.assignee }),
    action: [...actions],
    ...more,
  });
  const duties = [
    ...(terms.attribution ? [{ action: 'cc:Attribution' }] : []),
    ...(terms.derivatives === Derivatives.SHARE_ALIKE ? [{ action: 'cc:ShareAlike' }] : []),
    ...(terms.revenueShareBps > 0 ? [revenueShare(terms.revenueShareBps)] : []),
  ];
  const forbidden = [
    ...(terms.commercial ? [] : ['cc:CommercialUse']),
    ...(terms.derivatives === Derivatives.NONE ? ['derive'] : []),
  ];
  const allowed = ['display', 'reproduce', 'distribute'];
  if (terms.derivatives !== Derivatives.NONE) allowed.push('derive');
  if (terms.commercial) allowed.push('cc:CommercialUse');
  return {
    '@context': CONTEXT,
    '@type': type,
    uid,
    'dcterms:license': uri,
    // ODRL has no word for these.
    ...(terms.exclusive && { 'colophon:exclusive': true }),
    ...(terms.prohibitsHate && { 'colophon:endsWith': 'hate' }),
    permission: [
      rule(allowed, {
        ...((scope.constraints ?? []).length > 0 && { constraint: scope.constraints }),
        ...(duties.length > 0 && { duty: duties }),
      }),
    ],
    ...(forbidden.length > 0 && { prohibition: [rule(forbidden)] }),
  };
}

function revenueShare(bps: number): object {
  return {
    action: [
      {
        'rdf:value': { '@id': 'odrl:compensate' },
        refinement: [compare('percentage', 'eq', String(bps / 100), 'xsd:decimal')],
      },
    ],
  };
}

function compare(leftOperand: string, operator: string, value: string, type: string): object {
  return { leftOperand, operator, rightOperand: { '@value': value, '@type': type } };
}
