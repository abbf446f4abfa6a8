import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Hex } from 'viem';
import type { AccountId, ChainId, MoneyId } from '../caip';
import type { RegistryId } from '../ids';
import { AccountIdScalar, ChainIdScalar } from '../scalars';
import { connectionType } from './connection';

/** Who wrote a template. */
export const LicenceFamily = {
  CANT_BE_EVIL: 'CANT_BE_EVIL',
  CREATIVE_COMMONS: 'CREATIVE_COMMONS',
  PIL: 'PIL',
  OWN: 'OWN',
} as const;
export type LicenceFamily = (typeof LicenceFamily)[keyof typeof LicenceFamily];
registerEnumType(LicenceFamily, {
  name: 'LicenceFamily',
  description:
    'a16z’s “Can’t Be Evil”, Creative Commons, Story’s Programmable IP License, or the tenant’s own.',
});

export const Derivatives = { NONE: 'NONE', ALLOWED: 'ALLOWED', SHARE_ALIKE: 'SHARE_ALIKE' } as const;
export type Derivatives = (typeof Derivatives)[keyof typeof Derivatives];
registerEnumType(Derivatives, {
  name: 'Derivatives',
  description: 'SHARE_ALIKE: allowed, under the same licence.',
});

@ObjectType({ description: 'What a licence’s text says, as far as a machine can tell. The text decides.' })
export class LicenceTerms {
  @Field(() => Boolean) commercial: boolean;
  @Field(() => Derivatives) derivatives: Derivatives;
  @Field(() => Boolean, { description: 'Whether the artist has to be named.' }) attribution: boolean;
  @Field(() => Boolean, { description: 'Whether nobody else has these rights.' }) exclusive: boolean;
  @Field(() => Boolean, { description: 'Whether it ends with hateful use.' }) prohibitsHate: boolean;
  @Field(() => Int, {
    description: 'Of the licensee’s revenue, in basis points, that is owed to the artist.',
  })
  revenueShareBps: number;
}

@ObjectType({ description: 'A licence text that can be offered. It never changes.' })
export class LicenceTemplate {
  @Field(() => String, {
    description:
      'keccak256 of `document`: the whole text of an own template; of the others, RFC 8785 JSON that names the published text and its terms.',
  })
  hash: Hex;
  @Field(() => LicenceFamily) family: LicenceFamily;
  @Field(() => String) name: string;
  @Field(() => String, { description: 'Where the text is.' }) uri: string;
  @Field(() => String) document: string;
  @Field(() => LicenceTerms) terms: LicenceTerms;
}

@ObjectType({ description: 'A licence that is for sale on one chain, as its licence book has it.' })
export class LicenceOffer {
  id: string;
  registryId: RegistryId;
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => String, { description: 'Its number in that chain’s licence book.' }) offerId: string;
  @Field(() => String) templateHash: Hex;
  @Field(() => String, {
    nullable: true,
    description: 'ERC-20 by CAIP-19; null for the chain’s native money.',
  })
  currency: MoneyId | null;
  @Field(() => String, { description: 'In base units of the currency.' }) price: string;
  @Field(() => Int, { nullable: true, description: 'How long a grant lasts, in seconds; null for ever.' })
  termSeconds: number | null;
  @Field(() => Date, { nullable: true, description: 'From when it cannot be taken any more.' })
  closesAt: Date | null;
  @Field(() => Boolean) transferable: boolean;
  @Field(() => Boolean) revocable: boolean;
  @Field(() => [String], { description: 'Token ids of the works; empty for the whole project.' })
  tokenIds: string[];
  @Field(() => Boolean) withdrawn: boolean;
  @Field(() => Boolean, { description: 'Whether a reorg could still change it.' }) provisional: boolean;
}

/** `EXPIRED` from `expiresAt` on; what is revoked stays so. */
export const LicenceState = { ACTIVE: 'ACTIVE', EXPIRED: 'EXPIRED', REVOKED: 'REVOKED' } as const;
export type LicenceState = (typeof LicenceState)[keyof typeof LicenceState];
registerEnumType(LicenceState, { name: 'LicenceState' });

@ObjectType({ description: 'A grant as another chain than its issuer knows it.' })
export class LicenceCopy {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => Int) revision: number;
  @Field(() => Boolean) provisional: boolean;
}

@ObjectType({
  description: 'A licence that somebody has. The chain that issued it decides; the others have copies.',
})
export class Licence {
  id: string;
  registryId: RegistryId;
  @Field(() => String, { description: 'Its name on every chain.' }) grantId: Hex;
  @Field(() => ChainIdScalar, { description: 'Which chain issued it.' }) chainId: ChainId;
  @Field(() => String) offerId: string;
  @Field(() => String) templateHash: Hex;
  @Field(() => AccountIdScalar) holder: AccountId;
  @Field(() => [String], { description: 'Token ids of the works; empty for the whole project.' })
  tokenIds: string[];
  @Field(() => Int) revision: number;
  @Field(() => LicenceState) state: LicenceState;
  @Field(() => Date) grantedAt: Date;
  @Field(() => Date, { nullable: true }) expiresAt: Date | null;
  @Field(() => Boolean) transferable: boolean;
  @Field(() => Boolean) revocable: boolean;
  @Field(() => String, { nullable: true, description: 'keccak256 of why it was revoked.' })
  reasonHash: Hex | null;
  @Field(() => Boolean, { description: 'Whether a reorg could still change it.' }) provisional: boolean;
  @Field(() => [LicenceCopy]) copies: LicenceCopy[];
  @Field(() => String, { nullable: true, description: 'What the other chains wait for, if they do.' })
  waitingFor: string | null;
}

@ObjectType({ description: 'What a chain’s licence book answers now.' })
export class LicensedOn {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => Boolean) licensed: boolean;
}

export const LicenceOfferConnection = connectionType(LicenceOffer, 'LicenceOffer');
export const LicenceConnection = connectionType(Licence, 'Licence');
