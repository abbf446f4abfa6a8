import { Field, ObjectType } from 'type-graphql';
import type { ApiKeyId } from '../ids';
import type { Scope } from '../scopes';
import { connectionType } from './connection';
import { Node } from './node';

@ObjectType('ApiKey', {
  implements: Node,
  description: 'A key of the tenant’s machines. Only its hash is kept.',
})
export class ApiKey extends Node {
  declare id: ApiKeyId;
  @Field(() => String) label: string;
  @Field(() => [String]) scopes: Scope[];
  @Field(() => String, { description: 'The last characters of the key, to tell it by.' }) hint: string;
  @Field(() => Date, { nullable: true, description: 'From then on it is not taken; never when null.' })
  expiresAt: Date | null;
  @Field(() => Date, { nullable: true, description: 'To the minute.' }) lastUsedAt: Date | null;
  @Field(() => Date, { nullable: true, description: 'Since then it is not taken.' }) revokedAt: Date | null;
  @Field(() => Date) createdAt: Date;
}

export const ApiKeyConnection = connectionType(ApiKey, 'ApiKey');
