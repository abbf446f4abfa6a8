import { Field, ObjectType } from 'type-graphql';
import { Dispatch, PreparedSend } from '../../schema/types/dispatch';

@ObjectType()
export class SendWorkPayload {
  @Field(() => Dispatch) dispatch: Dispatch;
}

@ObjectType()
export class PrepareSendWorkPayload {
  @Field(() => PreparedSend) preparedSend: PreparedSend;
}

@ObjectType()
export class RetryDispatchPayload {
  @Field(() => Dispatch) dispatch: Dispatch;
}
