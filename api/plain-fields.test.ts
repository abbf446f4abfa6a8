import 'reflect-metadata';
import { Authorized, buildSchema, Field, ObjectType, Query, Resolver } from 'type-graphql';
import { checkPlainFields, readFieldsPlainly } from './plain-fields';

@ObjectType()
class Open {
  @Field(() => String) shown: string;
}

@Resolver()
class OpenResolver {
  @Query(() => Open)
  open(): Open {
    return { shown: 'yes' };
  }
}

async function build(): Promise<void> {
  readFieldsPlainly();
  await buildSchema({ resolvers: [OpenResolver], validate: false, authChecker: () => false });
  checkPlainFields();
}

// Fields that are read plainly pass by type-graphql's authorisation: one that asks for a scope must not be built at all.
test('a field with a scope of its own is refused when the schema is built', async () => {
  await expect(build()).resolves.toBeUndefined();

  @ObjectType()
  class Guarded {
    @Authorized('read')
    @Field(() => String)
    hidden: string;
  }
  expect(Guarded).toBeDefined();
  await expect(build()).rejects.toThrow('the field hidden needs a field resolver');
});
