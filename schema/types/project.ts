import { Field, Int, ObjectType } from 'type-graphql';
import type { AccountId } from '../caip';
import type { ProjectId } from '../ids';
import { AccountIdScalar, JsonScalar } from '../scalars';
import { connectionType } from './connection';
import { Node } from './node';

@ObjectType({ description: 'A pinned dependency of a generative script.' })
export class Dependency {
  @Field(() => String) name: string;
  @Field(() => String) version: string;
  @Field(() => String, { description: 'Content hash of the dependency: 0x and 64 hex digits.' }) hash: string;
}

@ObjectType('Project', {
  implements: Node,
  description:
    'A generative algorithm with its artist, script, pinned dependencies, cap, royalty and licence.',
})
export class Project extends Node {
  declare id: ProjectId;
  @Field(() => String) name: string;
  @Field(() => String) artistName: string;
  @Field(() => AccountIdScalar, { description: "The artist's wallet (CAIP-10)." }) artistAccount: AccountId;
  @Field(() => String) description: string;
  @Field(() => String, { description: 'keccak256 of the script’s UTF-8 bytes.' }) scriptHash: string;
  @Field(() => [Dependency]) dependencies: Dependency[];
  @Field(() => JsonScalar, { description: 'The traits that the algorithm can produce.' }) traits: unknown;
  @Field(() => Int, { description: 'The most works that will ever be minted.' }) editionCap: number;
  @Field(() => Int, { description: 'Royalty on each sale, in basis points (1/100 %).' }) royaltyBps: number;
  @Field(() => String, { description: 'SPDX id or URI of the licence.' }) licence: string;
  @Field(() => JsonScalar) metadata: unknown;
  @Field(() => Date) createdAt: Date;
}

export const ProjectConnection = connectionType(Project, 'Project');
