import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountId, ChainId } from '../caip';
import type { ProjectId, RegistryId, WorkId } from '../ids';
import { AccountIdScalar, ChainIdScalar, JsonScalar } from '../scalars';
import { connectionType } from './connection';
import { Node } from './node';
import { Project } from './project';
import { Registry } from './registry';

/** The state of a work's representation on one chain. */
export const LegState = {
  LIVE: 'LIVE',
  ESCROWED: 'ESCROWED',
  IN_FLIGHT: 'IN_FLIGHT',
  BURNED: 'BURNED',
} as const;
export type LegState = (typeof LegState)[keyof typeof LegState];
registerEnumType(LegState, { name: 'LegState' });

/** Where a work stands as a whole. */
export const WorkState = {
  /** accepted; its mint or adoption is not on chain yet */
  MINTING: 'MINTING',
  /** lives on exactly one chain */
  LIVE: 'LIVE',
  /** sent, and not yet arrived */
  IN_FLIGHT: 'IN_FLIGHT',
  BURNED: 'BURNED',
  /** the mint or adoption cannot be done; `failure` says why */
  MINT_FAILED: 'MINT_FAILED',
} as const;
export type WorkState = (typeof WorkState)[keyof typeof WorkState];
registerEnumType(WorkState, { name: 'WorkState' });

@ObjectType({ description: 'A representation of a work on one chain.' })
export class Leg {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => String, { description: 'The token (CAIP-19).' }) assetId: string;
  @Field(() => LegState) state: LegState;
  @Field(() => AccountIdScalar, { nullable: true, description: 'Who owns it, while it is live.' })
  holder: AccountId | null;
  @Field(() => Int, { description: 'How many moves had been made when this leg last changed.' }) hop: number;
  @Field(() => Int, { description: 'The revision that this chain knows.' }) revision: number;
  @Field(() => Boolean, { description: 'True until the block of its last change is final.' })
  provisional: boolean;
}

@ObjectType('Work', { implements: Node, description: 'One output of a project.' })
export class Work extends Node {
  declare id: WorkId;
  projectId: ProjectId;
  registryId: RegistryId;
  @Field(() => WorkState) state: WorkState;
  @Field(() => Boolean, {
    description: 'True while any of what is shown rests on a block that is not final.',
  })
  provisional: boolean;
  @Field(() => Boolean, { description: 'A frozen work can be neither sent nor transferred.' })
  frozen: boolean;
  @Field(() => String, { nullable: true, description: 'Why it is frozen.' }) freezeReason: string | null;
  @Field(() => String, {
    description:
      'keccak256 of the canonical (RFC 8785) provenance document; for an adopted work, of its token as the contracts encode it.',
  })
  documentHash: `0x${string}`;
  @Field(() => JsonScalar, {
    description:
      'The provenance document: what made this work, known before the mint. For an adopted work, the token that it is.',
  })
  document: unknown;
  @Field(() => Int, {
    nullable: true,
    description: 'Edition number; null before the mint, 0 for an adopted work.',
  })
  edition: number | null;
  @Field(() => String, { nullable: true }) seed: `0x${string}` | null;
  @Field(() => String, { nullable: true, description: 'keccak256(abi.encode(documentHash, seed, edition)).' })
  commitment: string | null;
  @Field(() => String, { nullable: true, description: 'The uint256 token id on every chain, decimal.' })
  tokenId: string | null;
  @Field(() => ChainIdScalar, { nullable: true, description: 'Where the live leg is; null while in flight.' })
  chainId: ChainId | null;
  @Field(() => AccountIdScalar, { nullable: true }) holder: AccountId | null;
  @Field(() => Int, { description: 'How many moves have been begun.' }) hop: number;
  @Field(() => Int, { description: 'Revision of the mutable state; home decides.' }) revision: number;
  @Field(() => JsonScalar, {
    description: 'The current metadata (of this revision); empty for an adopted work.',
  })
  metadata: unknown;
  @Field(() => [Leg]) legs: Leg[];
  @Field(() => String, { nullable: true, description: 'Why the mint or adoption failed.' }) failure:
    | string
    | null;
  @Field(() => Date) createdAt: Date;
  @Field(() => Project) project?: Project;
  @Field(() => Registry) registry?: Registry;
}

@ObjectType({ description: 'A work that could be minted, once the artist has signed it.' })
export class PreparedMint {
  @Field(() => String, { description: 'What makes its document unique: goes back with the signature.' })
  nonce: string;
  @Field(() => JsonScalar, { description: 'The provenance document that the artist consents to.' })
  document: unknown;
  @Field(() => String, { description: 'keccak256 of the canonical (RFC 8785) document.' })
  documentHash: string;
  @Field(() => AccountIdScalar, { description: 'Who signs: a key, or a contract by EIP-1271.' })
  artist: AccountId;
  @Field(() => String, {
    description: 'EIP-712 typed data (JSON) over document and royalty policy, for eth_signTypedData_v4.',
  })
  typedData: string;
}

export const WorkConnection = connectionType(Work, 'Work');
