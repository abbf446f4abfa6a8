import { Field, ObjectType } from 'type-graphql';
import { IdentityProvider, Member, Session } from '../../schema/types/member';

@ObjectType()
export class MemberPayload {
  @Field(() => Member) member: Member;
}

@ObjectType({ description: 'A member who may join, or set a way to sign in anew.' })
export class InvitationPayload {
  @Field(() => Member) member: Member;
  @Field(() => String, { description: 'To be handed to the person. Shown this once.' }) invitation: string;
}

@ObjectType({ description: 'A session that was just opened.' })
export class SessionPayload {
  @Field(() => String, { description: 'To be sent as `Authorization: Bearer …`. Shown this once.' })
  token: string;
  @Field(() => Session) session: Session;
  @Field(() => Member) member: Member;
}

@ObjectType({ description: 'The person’s sessions after the change.' })
export class SessionsPayload {
  @Field(() => [Session]) sessions: Session[];
}

@ObjectType()
export class IdentityProviderPayload {
  @Field(() => IdentityProvider, { nullable: true }) identityProvider: IdentityProvider | null;
}
