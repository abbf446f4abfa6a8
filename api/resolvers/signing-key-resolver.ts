import { Arg, Args, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs, pageSchema } from '../../schema/inputs/page';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  ImportSigningKeyInput,
  importSigningKeySchema,
  SigningKeyFilterInput,
  signingKeyFilterSchema,
  UseKmsKeyInput,
  UseSigningKeyInput,
  useKmsKeySchema,
  useSigningKeySchema,
} from '../../schema/inputs/signing';
import type { Page } from '../../schema/types/connection';
import { SigningKey, SigningKeyConnection } from '../../schema/types/signing-key';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import { SigningKeyPayload, UseSigningKeyPayload } from './signing-key-payloads';

@Resolver(() => SigningKey)
export class SigningKeyResolver {
  constructor(private readonly signingKeys: Services['signingKeys']) {}

  @Authorized('signing:write')
  @Mutation(() => SigningKeyPayload, {
    description: 'Keeps a private key for the tenant, sealed. It sends nothing before useSigningKey.',
  })
  async importSigningKey(
    @Arg('input', () => ImportSigningKeyInput) input: ImportSigningKeyInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<SigningKeyPayload> {
    return { signingKey: await this.signingKeys.import(tenantId, parseInput(importSigningKeySchema, input)) };
  }

  @Authorized('signing:write')
  @Mutation(() => SigningKeyPayload, {
    description:
      'Notes a key in AWS KMS that its owner lets the platform use. It sends nothing before useSigningKey.',
  })
  async useKmsKey(
    @Arg('input', () => UseKmsKeyInput) input: UseKmsKeyInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<SigningKeyPayload> {
    return { signingKey: await this.signingKeys.useKms(tenantId, parseInput(useKmsKeySchema, input)) };
  }

  @Authorized('signing:write')
  @Mutation(() => UseSigningKeyPayload, {
    description: 'Has a key send what is new; what the account before it has begun, that one finishes.',
  })
  async useSigningKey(
    @Arg('input', () => UseSigningKeyInput) input: UseSigningKeyInput,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<UseSigningKeyPayload> {
    return this.signingKeys.use(tenantId, parseInput(useSigningKeySchema, input));
  }

  @Authorized('read')
  @Query(() => SigningKeyConnection, {
    name: 'signingKeys',
    description: 'The signing keys that the tenant has brought.',
  })
  async signingKeyPage(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => SigningKeyFilterInput, { nullable: true }) filter: SigningKeyFilterInput | null,
    @Ctx() { tenantId }: RequestContext,
  ): Promise<Page<SigningKey>> {
    return this.signingKeys.page(
      tenantId,
      parseInput(pageSchema, page),
      parseInput(signingKeyFilterSchema, filter, 'filter'),
    );
  }
}
