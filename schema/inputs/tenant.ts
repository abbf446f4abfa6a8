import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { nameSchema } from './text';

@InputType()
export class CreateTenantInput {
  @Field(() => String) name: string;
}

export const createTenantSchema = z.strictObject({ name: nameSchema(200) });
