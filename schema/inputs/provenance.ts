import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { chainIdSchema } from '../caip';
import { ChainIdScalar } from '../scalars';
import { nameSchema } from './text';

@InputType({ description: 'Narrows `provenance`; all given fields must match.' })
export class ProvenanceFilterInput {
  @Field(() => String, { nullable: true, description: 'e.g. `WorkArrived`.' }) kind?: string | null;
  @Field(() => Boolean, { nullable: true }) provisional?: boolean | null;
  @Field(() => ChainIdScalar, { nullable: true, description: 'Where its evidence is.' })
  chainId?: string | null;
}

export const provenanceFilterSchema = z
  .strictObject({
    kind: nameSchema(100).nullish(),
    provisional: z.boolean().nullish(),
    chainId: chainIdSchema.nullish(),
  })
  .nullish();

export type ProvenanceFilter = z.output<typeof provenanceFilterSchema>;
