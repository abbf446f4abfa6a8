import { Field, ObjectType } from 'type-graphql';
import { Settlement, SettlementRule } from '../../schema/types/settlement';

@ObjectType()
export class RequestSettlementPayload {
  @Field(() => [Settlement], {
    description:
      'One for each asset and chain of payees; those under way are among them. Workers carry them out.',
  })
  settlements: Settlement[];
}

@ObjectType()
export class ApproveSettlementPayload {
  @Field(() => Settlement) settlement: Settlement;
}

@ObjectType()
export class CancelSettlementPayload {
  @Field(() => Settlement) settlement: Settlement;
}

@ObjectType()
export class SetSettlementRulePayload {
  @Field(() => SettlementRule) rule: SettlementRule;
}
