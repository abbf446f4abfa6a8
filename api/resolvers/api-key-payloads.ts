import { Field, ObjectType } from 'type-graphql';
import { ApiKey } from '../../schema/types/api-key';

@ObjectType({ description: 'A key that was just made.' })
export class ApiKeySecretPayload {
  @Field(() => ApiKey) apiKey: ApiKey;
  @Field(() => String, { description: 'The key (`colophon_…`). Shown this once.' }) secret: string;
}

@ObjectType()
export class RevokeApiKeyPayload {
  @Field(() => ApiKey) apiKey: ApiKey;
}
