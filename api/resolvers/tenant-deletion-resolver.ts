import { Arg, Authorized, Mutation, Resolver } from 'type-graphql';
import { parseInput } from '../../schema/inputs/parse-input';
import { DeleteTenantInput, deleteTenantSchema } from '../../schema/inputs/tenant';
import { DeleteTenantPayload } from '../../schema/types/tombstone';
import { OPERATOR } from '../auth/auth-checker';
import type { Services } from '../services';

/** For the platform's operator only. */
@Resolver()
export class TenantDeletionResolver {
  constructor(private readonly deletions: Services['deletions']) {}

  @Authorized(OPERATOR)
  @Mutation(() => DeleteTenantPayload, {
    description:
      'Gives a suspended and exported tenant up for good: its keys end at once, its rows are erased in the background. Asked again, it tells how far that is. For the platform’s operator only.',
  })
  async deleteTenant(
    @Arg('input', () => DeleteTenantInput) input: DeleteTenantInput,
  ): Promise<DeleteTenantPayload> {
    return { tombstone: await this.deletions.delete(parseInput(deleteTenantSchema, input)) };
  }
}
