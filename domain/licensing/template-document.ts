import { type Hex, keccak256, stringToBytes } from 'viem';
import type { LicenceTemplate } from '../../schema/types/licence';
import { canonicalJson } from '../canonical-json';

/** A template as it is published, before it has a hash. */
export type PublishedTemplate = Omit<LicenceTemplate, 'hash' | 'document'>;

/** What contracts call a licence text by: keccak256 of its UTF-8 bytes. */
export function textHash(text: string): Hex {
  return keccak256(stringToBytes(text));
}

/**
 * A template of somebody else's text. The text is incorporated by reference, as licensors do: the document that is
 * hashed names it by its published address, beside what it says in terms that a machine can read.
 */
export function referenceTemplate(published: PublishedTemplate): LicenceTemplate {
  const document = canonicalJson(published);
  return { ...published, document, hash: textHash(document) };
}

/** A template whose text is at hand: the text itself is hashed. */
export function ownTemplate(text: string, published: Omit<PublishedTemplate, 'family'>): LicenceTemplate {
  return { ...published, family: 'OWN', document: text, hash: textHash(text) };
}
