import { Field, ObjectType } from 'type-graphql';
import { Dispatch } from '../../schema/types/dispatch';
import { PreparedMint, Work } from '../../schema/types/work';

@ObjectType()
export class MintWorkPayload {
  @Field(() => Work) work: Work;
}

@ObjectType()
export class MintWorksPayload {
  @Field(() => [Work], { description: 'In the order of the input.' }) works: Work[];
}

@ObjectType()
export class AdoptWorksPayload {
  @Field(() => [Work], { description: 'In the order of the input.' }) works: Work[];
}

@ObjectType()
export class PrepareMintWorksPayload {
  @Field(() => [PreparedMint]) preparedMints: PreparedMint[];
}

@ObjectType()
export class UpdateMetadataPayload {
  @Field(() => Work) work: Work;
  @Field(() => [Dispatch], { description: 'One per mirror that has to hear of the revision.' })
  dispatches: Dispatch[];
}
