import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { MemberRole } from '../roles';
import { memberGlobalIdSchema } from './ids';
import { nameSchema } from './text';

@InputType()
export class InviteMemberInput {
  @Field(() => String) email: string;
  @Field(() => String) name: string;
  @Field(() => MemberRole) role: MemberRole;
}

@InputType()
export class MemberInput {
  @Field(() => ID) memberId: string;
}

@InputType()
export class ChangeMemberRoleInput {
  @Field(() => ID) memberId: string;
  @Field(() => MemberRole) role: MemberRole;
}

@InputType()
export class MemberFilterInput {
  @Field(() => String, { nullable: true }) email?: string | null;
  @Field(() => MemberRole, { nullable: true }) role?: MemberRole | null;
}

/** An address, in lower case: in practice nobody tells two people apart by it (RFC 5321 §2.4 would allow it). */
export const emailSchema = z.string().trim().max(254).toLowerCase().pipe(z.email());

export const inviteMemberSchema = z.strictObject({
  email: emailSchema,
  name: nameSchema(200),
  role: z.enum(MemberRole),
});
export const memberInputSchema = z.strictObject({ memberId: memberGlobalIdSchema });
export const changeMemberRoleSchema = z.strictObject({
  memberId: memberGlobalIdSchema,
  role: z.enum(MemberRole),
});
export const memberFilterSchema = z
  .strictObject({ email: emailSchema.nullish(), role: z.enum(MemberRole).nullish() })
  .nullish();

export type InviteMember = z.output<typeof inviteMemberSchema>;
export type ChangeMemberRole = z.output<typeof changeMemberRoleSchema>;
export type MemberFilter = z.output<typeof memberFilterSchema>;
