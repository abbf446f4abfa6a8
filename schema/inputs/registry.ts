import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { accountIdSchema, type ChainId, chainIdSchema, erc721ContractSchema } from '../caip';
import { AccountIdScalar, ChainIdScalar } from '../scalars';
import { RegistryState, ReleasePolicy } from '../types/registry';
import { projectGlobalIdSchema } from './ids';
import { nameSchema } from './text';

@InputType({
  description: 'How many works may pass between two chains, each way: what a stolen key could take.',
})
export class TravelLimitInput {
  @Field(() => Int, { description: 'At once, 1 to 1,000,000,000.' }) capacity: number;
  @Field(() => Int, { description: 'Refilled in 24 hours, 1 to 1,000,000,000.' }) perDay: number;
}

/** What every registry is asked for with. */
@InputType()
abstract class RegistryInput {
  @Field(() => ID) projectId: string;
  @Field(() => String, { description: 'The collection’s name on every chain where it is ours.' })
  name: string;
  @Field(() => String, { description: 'Its ticker.' }) symbol: string;
  @Field(() => [ChainIdScalar], { description: 'Where works may travel to.' }) mirrorChainIds: string[];
  @Field(() => TravelLimitInput, {
    nullable: true,
    description: 'At birth; 200 at once and 1,000 a day when absent. `setTravelLimit` changes it later.',
  })
  travelLimit?: TravelLimitInput | null;
  @Field(() => ReleasePolicy, {
    nullable: true,
    description:
      'ONE when absent. BOTH lets a forger of one bridge move nothing, and makes each move wait for the slower one.',
  })
  releasePolicy?: ReleasePolicy | null;
  @Field(() => AccountIdScalar, {
    nullable: true,
    description:
      'Who owns the contracts, such as a Safe or a timelock: named on the home chain, and the same address on all. A contract has to be there on every chain before. The tenant’s own account when absent.',
  })
  owner?: string | null;
}

@InputType()
export class CreateRegistryInput extends RegistryInput {
  @Field(() => ChainIdScalar, { description: 'Where works are minted.' }) homeChainId: string;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the project’s artist has to sign every work before its mint (`prepareMintWorks`). Fixed in the contracts at birth.',
  })
  artistSigned?: boolean | null;
}

@InputType()
export class AdoptCollectionInput extends RegistryInput {
  @Field(() => String, {
    description:
      'The ERC-721 contract (CAIP-19 asset type, e.g. `eip155:1/erc721:0x…`). Its chain is the registry’s home.',
  })
  collection: string;
}

/** Far above any gallery, and within the contracts' `uint32`. */
const MAX_WORKS = 1_000_000_000;
/** A part of a limit of works. */
export const limitSchema = z.int().min(1).max(MAX_WORKS);

const registryShape = {
  projectId: projectGlobalIdSchema,
  name: nameSchema(100),
  symbol: nameSchema(20),
  mirrorChainIds: z.array(chainIdSchema).min(1).max(20),
  releasePolicy: z.enum(ReleasePolicy).nullish(),
  owner: accountIdSchema.nullish(),
  travelLimit: z.strictObject({ capacity: limitSchema, perDay: limitSchema }).nullish(),
};

const CHAIN_TWICE = { path: ['mirrorChainIds'], message: 'names a chain twice' };

export const createRegistrySchema = z
  .strictObject({ ...registryShape, homeChainId: chainIdSchema, artistSigned: z.boolean().nullish() })
  .refine(({ homeChainId, mirrorChainIds }) => areDistinct([homeChainId, ...mirrorChainIds]), CHAIN_TWICE);

export const adoptCollectionSchema = z
  .strictObject({ ...registryShape, collection: erc721ContractSchema })
  .refine(
    ({ collection, mirrorChainIds }) => areDistinct([collection.chainId, ...mirrorChainIds]),
    CHAIN_TWICE,
  );

function areDistinct(chainIds: readonly ChainId[]): boolean {
  return new Set(chainIds).size === chainIds.length;
}

@InputType({ description: 'Narrows `registries`; all given fields must match.' })
export class RegistryFilterInput {
  @Field(() => ID, { nullable: true }) projectId?: string | null;
  @Field(() => RegistryState, { nullable: true }) state?: RegistryState | null;
  @Field(() => ChainIdScalar, { nullable: true }) homeChainId?: string | null;
}

export const registryFilterSchema = z
  .strictObject({
    projectId: projectGlobalIdSchema.nullish(),
    state: z.enum(RegistryState).nullish(),
    homeChainId: chainIdSchema.nullish(),
  })
  .nullish();

export type RegistryFilter = z.output<typeof registryFilterSchema>;
export type CreateRegistry = z.output<typeof createRegistrySchema>;
export type AdoptCollection = z.output<typeof adoptCollectionSchema>;
