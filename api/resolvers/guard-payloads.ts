import { Field, ObjectType } from 'type-graphql';
import { GuardAction } from '../../schema/types/guard-action';

@ObjectType({ description: 'What was asked for; workers carry it out.' })
export class GuardActionPayload {
  @Field(() => GuardAction) action: GuardAction;
}

@ObjectType()
export class SetTravelLimitPayload {
  @Field(() => [GuardAction], {
    description: 'At the source, then at the destination; workers carry them out.',
  })
  actions: GuardAction[];
}
