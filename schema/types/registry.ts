import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountId, ChainId, Erc721Contract, EvmAddress } from '../caip';
import type { ProjectId, RegistryId } from '../ids';
import { AccountIdScalar, ChainIdScalar } from '../scalars';
import { connectionType } from './connection';
import { Node } from './node';
import { PreparedCall } from './prepared-call';
import { Project } from './project';

/** `DEPLOYING` until every contract stands and every lane is open; `FAILED` names the step that cannot go on. */
export const RegistryState = { DEPLOYING: 'DEPLOYING', ACTIVE: 'ACTIVE', FAILED: 'FAILED' } as const;
export type RegistryState = (typeof RegistryState)[keyof typeof RegistryState];
registerEnumType(RegistryState, { name: 'RegistryState' });

/** What a registry asks of its bridges: ONE suffices, or BOTH must bring the same. */
export const ReleasePolicy = { ONE: 'ONE', BOTH: 'BOTH' } as const;
export type ReleasePolicy = (typeof ReleasePolicy)[keyof typeof ReleasePolicy];
registerEnumType(ReleasePolicy, {
  name: 'ReleasePolicy',
  description: 'ONE: one bridge suffices for a statement. BOTH: CCIP and LayerZero must bring the same.',
});

@ObjectType({ description: 'The contracts of a registry on one chain.' })
export class RegistryContracts {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => String) collection: EvmAddress;
  @Field(() => String) gateway: EvmAddress;
  @Field(() => String) ccipTransport: EvmAddress;
  @Field(() => String) layerZeroTransport: EvmAddress;
  @Field(() => String, { description: 'Keeps the nonces, limits, pauses and holds of the lanes.' })
  lanes: EvmAddress;
  @Field(() => String, { description: 'Does what takes a delay, such as voiding a statement.' })
  delayedQueue: EvmAddress;
  @Field(() => String, {
    nullable: true,
    description:
      'Where marketplaces pay royalties, as ERC-2981 answers. Null if the registry was made before there was one.',
  })
  royaltyReceiver: EvmAddress | null;
  @Field(() => String, { nullable: true, description: 'Splits royalties among payees, who take them here.' })
  royaltyVault: EvmAddress | null;
  @Field(() => String, { nullable: true, description: 'Keeps who is licensed to what.' })
  licenceBook: EvmAddress | null;
}

@ObjectType({
  description:
    'Who has what power over an adopted contract, as its chain says now. Its works are a weaker class: one live copy and an unbroken origin hold only while that contract behaves.',
})
export class AdoptedPosture {
  @Field(() => AccountIdScalar, {
    nullable: true,
    description: 'What its `owner()` answers; null if it answers no address.',
  })
  owner: AccountId | null;
  @Field(() => AccountIdScalar, {
    nullable: true,
    description: 'Where its code is, if it is an EIP-1967 proxy: who controls the proxy can change the code.',
  })
  implementation: AccountId | null;
  @Field(() => AccountIdScalar, { nullable: true, description: 'Who may change that, by EIP-1967.' })
  proxyAdmin: AccountId | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether its own code (of a proxy: the proxy’s) is another than when it was adopted; null before the registry is deployed.',
  })
  codeChanged: boolean | null;
}

@ObjectType('Registry', {
  implements: Node,
  description: 'The on-chain home of one project: a set of contracts on each chain, joined by lanes.',
})
export class Registry extends Node {
  declare id: RegistryId;
  projectId: ProjectId;
  @Field(() => String) name: string;
  @Field(() => String) symbol: string;
  @Field(() => RegistryState) state: RegistryState;
  @Field(() => ChainIdScalar, { description: 'Where works are minted, and through which they travel.' })
  homeChainId: ChainId;
  @Field(() => [ChainIdScalar]) chainIds: ChainId[];
  @Field(() => AccountIdScalar, { description: 'Who administers the contracts (on the home chain).' })
  owner: AccountId;
  @Field(() => [PreparedCall], {
    description: 'What an owner that is not the tenant’s account has to send for the deployment to go on.',
  })
  preparedCalls: PreparedCall[];
  @Field(() => Boolean, {
    description: 'Whether the project’s artist has to sign every work before its mint.',
  })
  artistSigned: boolean;
  /** Null if the registry mints its own works. */
  adopted: Erc721Contract | null;
  @Field(() => ReleasePolicy, { description: 'What its chains ask of the bridges; only ever raised.' })
  releasePolicy: ReleasePolicy;
  @Field(() => [RegistryContracts]) contracts: RegistryContracts[];
  @Field(() => String, { description: 'Done and all steps of the deployment, e.g. `12/24`.' })
  progress: string;
  @Field(() => String, { nullable: true, description: 'What the deployment waits for or failed with.' })
  waitingFor: string | null;
  @Field(() => Date) createdAt: Date;
  @Field(() => Project) project?: Project;
}

export const RegistryConnection = connectionType(Registry, 'Registry');
