import { type ChainId, erc721AssetId } from '../../schema/caip';
import type { Licence, LicenceOffer, LicenceTemplate } from '../../schema/types/licence';
import type { Registry } from '../../schema/types/registry';
import { contractsOn } from '../registry/registry-contracts';
import { licenceOdrl, offerOdrl } from './odrl';

/** An offer as ODRL: the works by their tokens on its chain, offered by the registry's owner. */
export function exportOffer(registry: Registry, template: LicenceTemplate, offer: LicenceOffer): object {
  const targets = targetsOf(registry, offer.chainId, offer.tokenIds);
  return offerOdrl(template, offer, { targets, assigner: registry.owner });
}

/** A licence as ODRL: what its holder may do with the works. */
export function exportLicence(registry: Registry, template: LicenceTemplate, licence: Licence): object {
  const targets = targetsOf(registry, licence.chainId, licence.tokenIds);
  return licenceOdrl(template, licence, { targets, assigner: registry.owner, assignee: licence.holder });
}

function targetsOf(registry: Registry, chainId: ChainId, tokenIds: readonly string[]): string[] {
  const { collection } = contractsOn(registry, chainId);
  if (tokenIds.length === 0) return [`${chainId}/erc721:${collection}`];
  return tokenIds.map((tokenId) => erc721AssetId(chainId, collection, BigInt(tokenId)));
}
