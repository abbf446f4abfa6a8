import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { SCOPES } from '../scopes';
import { apiKeyGlobalIdSchema } from './ids';
import { nameSchema } from './text';

@InputType()
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What it is for.' }) label: string;
  @Field(() => [String], { description: 'Of those that the caller’s own key has.' }) scopes: string[];
  @Field(() => Date, { nullable: true, description: 'From then on it is not taken; never when absent.' })
  expiresAt?: Date | null;
}

@InputType()
export class RevokeApiKeyInput {
  @Field(() => ID) apiKeyId: string;
}

@InputType()
export class RotateApiKeyInput {
  @Field(() => ID) apiKeyId: string;
  @Field(() => Int, {
    defaultValue: 24,
    description: 'For how many hours the old key is taken as well, 0 to 168.',
  })
  overlapHours: number;
}

@InputType()
export class ApiKeyFilterInput {
  @Field(() => String, { nullable: true }) label?: string | null;
}

export const createApiKeySchema = z.strictObject({
  label: nameSchema(200),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .transform((scopes) => [...new Set(scopes)]),
  expiresAt: z
    .date()
    .refine((date) => date.getTime() > Date.now(), 'must lie ahead')
    .nullish(),
});
export const revokeApiKeySchema = z.strictObject({ apiKeyId: apiKeyGlobalIdSchema });
export const rotateApiKeySchema = z.strictObject({
  apiKeyId: apiKeyGlobalIdSchema,
  overlapHours: z.int().min(0).max(168),
});
export const apiKeyFilterSchema = z.strictObject({ label: nameSchema(200).nullish() }).nullish();

export type CreateApiKey = z.output<typeof createApiKeySchema>;
export type RotateApiKey = z.output<typeof rotateApiKeySchema>;
export type ApiKeyFilter = z.output<typeof apiKeyFilterSchema>;
