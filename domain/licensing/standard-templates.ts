import {
  Derivatives,
  LicenceFamily,
  type LicenceTemplate,
  type LicenceTerms,
} from '../../schema/types/licence';
import { referenceTemplate } from './template-document';

const CLOSED: LicenceTerms = {
  commercial: false,
  derivatives: Derivatives.NONE,
  attribution: false,
  exclusive: false,
  prohibitsHate: false,
  revenueShareBps: 0,
};
const terms = (over: Partial<LicenceTerms>): LicenceTerms => ({ ...CLOSED, ...over });

/** a16z crypto's licences for NFTs, by their numbers (https://github.com/a16z/a16z-contracts, read 2026-11). */
const CANT_BE_EVIL: readonly (readonly [name: string, LicenceTerms])[] = [
  ['CBE-PUBLIC', terms({ commercial: true, derivatives: Derivatives.ALLOWED })],
  ['CBE-EXCLUSIVE', terms({ commercial: true, derivatives: Derivatives.ALLOWED, exclusive: true })],
  ['CBE-COMMERCIAL', terms({ commercial: true, derivatives: Derivatives.ALLOWED })],
  [
    'CBE-COMMERCIAL-NO-HATE',
    terms({ commercial: true, derivatives: Derivatives.ALLOWED, prohibitsHate: true }),
  ],
  // Using and displaying, no changing.
  ['CBE-PERSONAL', terms({})],
  ['CBE-PERSONAL-NO-HATE', terms({ prohibitsHate: true })],
];
const CANT_BE_EVIL_URI = 'ar://zmc1WTspIhFyVY82bwfAIcIExLFH5lUcHHUN0wXg4W8';

/** By SPDX id, with the part of the address (https://spdx.org/licenses, https://creativecommons.org/licenses, read 2026-11). */
const CREATIVE_COMMONS: readonly (readonly [name: string, path: string, LicenceTerms])[] = [
  ['CC0-1.0', 'publicdomain/zero/1.0', terms({ commercial: true, derivatives: Derivatives.ALLOWED })],
  [
    'CC-BY-4.0',
    'licenses/by/4.0',
    terms({ commercial: true, derivatives: Derivatives.ALLOWED, attribution: true }),
  ],
  [
    'CC-BY-SA-4.0',
    'licenses/by-sa/4.0',
    terms({ commercial: true, derivatives: Derivatives.SHARE_ALIKE, attribution: true }),
  ],
  ['CC-BY-ND-4.0', 'licenses/by-nd/4.0', terms({ commercial: true, attribution: true })],
  ['CC-BY-NC-4.0', 'licenses/by-nc/4.0', terms({ derivatives: Derivatives.ALLOWED, attribution: true })],
  [
    'CC-BY-NC-SA-4.0',
    'licenses/by-nc-sa/4.0',
    terms({ derivatives: Derivatives.SHARE_ALIKE, attribution: true }),
  ],
  ['CC-BY-NC-ND-4.0', 'licenses/by-nc-nd/4.0', terms({ attribution: true })],
];

/**
 * Flavours of Story's Programmable IP License. Their terms are files of the repository of its text, at one commit each
 * (https://docs.story.foundation/concepts/programmable-ip-license/pil-flavors, read 2026-11). The share of revenue
 * belongs to the terms, so that each share is a text of its own.
 */
const PIL: readonly (readonly [name: string, commitAndFile: string, LicenceTerms])[] = [
  [
    'PIL-NON-COMMERCIAL-SOCIAL-REMIXING',
    '998c13e6ee1d04eb817aefd1fe16dfe8be3cd7a2/off-chain-terms/NCSR.json',
    terms({ derivatives: Derivatives.SHARE_ALIKE, attribution: true }),
  ],
  [
    'PIL-COMMERCIAL-USE',
    '9a1f803fcf8101a8a78f1dcc929e6014e144ab56/off-chain-terms/CommercialUse.json',
    terms({ commercial: true, attribution: true }),
  ],
  ...[5, 10, 20].map(
    (percent) =>
      [
        `PIL-COMMERCIAL-REMIX-${percent}`,
        'ad67bb632a310d2557f8abcccd428e4c9c798db1/off-chain-terms/CommercialRemix.json',
        terms({
          commercial: true,
          derivatives: Derivatives.SHARE_ALIKE,
          attribution: true,
          revenueShareBps: percent * 100,
        }),
      ] as const,
  ),
];
const PIL_URI = 'https://github.com/piplabs/pil-document/blob';

/** The licence texts that every tenant can offer. A released one never changes: grants carry its hash. */
export const STANDARD_TEMPLATES: readonly LicenceTemplate[] = [
  ...CANT_BE_EVIL.map(([name, of], number) =>
    referenceTemplate({
      family: LicenceFamily.CANT_BE_EVIL,
      name,
      uri: `${CANT_BE_EVIL_URI}/${number}`,
      terms: of,
    }),
  ),
  ...CREATIVE_COMMONS.map(([name, path, of]) =>
    referenceTemplate({
      family: LicenceFamily.CREATIVE_COMMONS,
      name,
      uri: `https://creativecommons.org/${path}/legalcode`,
      terms: of,
    }),
  ),
  ...PIL.map(([name, commitAndFile, of]) =>
    referenceTemplate({
      family: LicenceFamily.PIL,
      name,
      uri: `${PIL_URI}/${commitAndFile}`,
      terms: of,
    }),
  ),
];
