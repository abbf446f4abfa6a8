import { Field, InputType } from 'type-graphql';
import { z } from 'zod';

@InputType()
export class CreateTenantInput {
  @Field(() => String) name: string;
}

export const createTenantSchema = z.strictObject({ name: z.string().trim().min(1).max(200) });
